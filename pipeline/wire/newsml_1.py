"""NewsML 1.x -> WireArticle (https://iptc.org/standards/newsml-1/), as AFP and others deliver it.

The article id is the public identifier without its revision (`urn:newsml:Provider:Date:Item`), which stays; the
revision is the version. A news item's components may hold metadata at every level: the one nearest to the text wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipeline import identity
from pipeline.article import Link, PubStatus, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import dateline, fields, nitf, xml
from pipeline.wire import newsml_1_metadata as metadata
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.moments import embargo, moment, optional
from pipeline.wire.xml import Element, attribute, children, descendants, path, value

FORMAT: Final = "newsml-1"
ROOTS: Final = ("NewsML", "NewsItem")

_TEXT_TYPES: Final = ("text", "complextext")
_SUMMARY_ROLES: Final = ("summary", "teaser", "abstract")
_TITLE_ROLES: Final = ("title", "headline")
_SIDE_ROLES: Final = (*_SUMMARY_ROLES, *_TITLE_ROLES, "caption", "thumbnail", "preview", "quicklook")


def read(data: bytes, context: Context) -> Iterator[Result]:
    """The articles of a NewsML document, one a news item.

    Raises:
        Poison: as `xml.load`; `wire.format-unknown`, `wire.empty`. The items are refused one by one with
            `wire.field`, `wire.no-id`, `wire.no-date`, `wire.empty`.
    """
    return read_tree(xml.load(data), context)


def read_tree(root: Element, context: Context) -> Iterator[Result]:
    """As `read`, of a tree."""
    if xml.local(root) not in ROOTS:
        raise Poison(Code.WIRE_FORMAT_UNKNOWN, f"NewsML: the root element is {xml.local(root)}, not NewsML")
    found = [root] if xml.local(root) == "NewsItem" else list(descendants(root, "NewsItem"))
    if not found:
        raise Poison(Code.WIRE_EMPTY, "NewsML: holds no NewsItem")
    return each(found, lambda item: article(item, context), named=_name)


def _name(item: Element) -> str | None:
    return value(path(item, "Identification/NewsIdentifier/NewsItemId"))


def article(root: Element, context: Context) -> WireArticle:
    """The article of a `NewsItem`."""
    management = path(root, "NewsManagement")
    identifier = path(root, "Identification/NewsIdentifier")
    uri, public, revision = _identity(identifier)
    status, embargoed = _status(management)
    components = _components(root)
    body = _body(components)
    label = value(path(root, "Identification/NameLabel"))
    headline = metadata.said(components, "NewsLines/HeadLine") or line(_side_text(components, _TITLE_ROLES)) or label
    created = _created(root, context, status)
    if not (body.body or headline or status == "canceled"):
        raise Poison(Code.WIRE_EMPTY, f"DataContent: {uri[:80]} has neither text nor headline")
    written = metadata.said(components, "NewsLines/DateLine")
    places = metadata.places(components)
    return WireArticle(
        uri=uri,
        versionCreated=created,
        body=body.body,
        version=revision,
        pubStatus=status,
        embargoed=embargoed,
        firstCreated=optional(value(path(management, "FirstCreated")), field="FirstCreated"),
        contentCreated=None,
        type=_type(components, body.body),
        urgency=fields.urgency(attribute(path(management, "Urgency"), "FormalName"), "Urgency"),
        language=fields.language(
            metadata.formal(components, "DescriptiveMetadata/Language") or root.get(xml.LANGUAGE)
        ),
        headline=headline,
        slugline=metadata.said(components, "NewsLines/SlugLine") or label,
        description=_side_text(components, _SUMMARY_ROLES) or metadata.said(components, "NewsLines/SubHeadLine"),
        by=metadata.said(components, "NewsLines/ByLine"),
        located=next((place.name for place in places if place.name), None),
        dateline=dateline.parse(written, reference=identity.instant(created).date()) if written else None,
        edNote=metadata.notes(components),
        source=metadata.party(components, "Source") or metadata.party(components, "Provider"),
        copyrightHolder=metadata.said(components, "RightsMetadata/Copyright/CopyrightHolder"),
        copyrightNotice=metadata.said(components, "NewsLines/CopyrightLine"),
        usageTerms=metadata.usage(components),
        signals=_signals(root, management),
        subjects=metadata.subjects(components),
        genres=metadata.concepts(components, "Genre"),
        keywords=metadata.keywords(components),
        markedPeople=body.people,
        markedOrganisations=body.organisations,
        markedPlaces=fields.unique((*places, *body.places)),
        altIds=fields.unique((public,)),
        links=fields.unique((*_associated(management), *_media(components), *body.links)),
        wireFormat=FORMAT,
    )


def _identity(identifier: Element | None) -> tuple[str, str | None, str | None]:
    """Article id, public identifier and revision."""
    public = value(path(identifier, "PublicIdentifier"))
    provider, day, name = (value(path(identifier, key)) for key in ("ProviderId", "DateId", "NewsItemId"))
    revision = value(path(identifier, "RevisionId"))
    if provider and name:
        uri = ":".join(filter(None, ("urn:newsml", provider, day, name)))
    elif public:
        uri, revision = _without_revision(public, revision)
    else:
        raise Poison(Code.WIRE_NO_ID, "NewsIdentifier: neither ProviderId and NewsItemId nor PublicIdentifier")
    return fields.article_id(uri, "NewsIdentifier"), public, revision


def _without_revision(public: str, revision: str | None) -> tuple[str, str | None]:
    # urn:newsml:Provider:Date:Item:Revision[Update]
    head, _, last = public.rpartition(":")
    if public.lower().startswith("urn:newsml:") and public.count(":") >= 5 and last.rstrip("NUA").isdigit():
        return head, revision or last.rstrip("NUA")
    return public, revision


def _status(management: Element | None) -> tuple[PubStatus, str | None]:
    written = attribute(path(management, "Status"), "FormalName")
    status = fields.pub_status(written, "Status") if written else "usable"
    change = path(management, "StatusWillChange")
    future = (attribute(path(change, "FutureStatus"), "FormalName") or "").lower()
    until = value(path(change, "DateAndTime"))
    if written and written.strip().lower() in ("embargoed", "withheld") and future == "usable" and until:
        return "usable", embargo(until, field="StatusWillChange")
    if written and written.strip().lower() == "embargoed":
        return "withheld", None  # under embargo until a later revision says otherwise
    return status, None


def _created(root: Element, context: Context, status: PubStatus) -> str:
    for name in ("NewsManagement/ThisRevisionCreated", "NewsManagement/FirstCreated",
                 "Identification/NewsIdentifier/DateId"):  # fmt: skip
        written = value(path(root, name))
        if written:
            return moment(written, field=name.rpartition("/")[2])
    envelope = path(root.getparent(), "NewsEnvelope/DateAndTime") if root.getparent() is not None else None
    written = value(envelope) or context.default_date
    if written:
        return moment(written, field="DateAndTime")
    if status == "canceled":  # a kill must never fail for want of a date
        return moment(context.now.isoformat(), field="now")
    raise Poison(Code.WIRE_NO_DATE, "ThisRevisionCreated: missing, FirstCreated too", hint="use --date")


def _components(root: Element) -> list[Element]:
    """The components of an item in document order, without those of items inside it."""
    found: list[Element] = []
    todo = list(children(root, "NewsComponent"))[::-1]
    while todo:
        component = todo.pop()
        found.append(component)
        todo.extend(list(children(component, "NewsComponent"))[::-1])
    return found


def _body(components: list[Element]) -> nitf.Inline:
    """The texts of the components in their order, each once; of equivalents, only the first."""
    texts: list[nitf.Inline] = []
    done: set[Element] = set()
    for component in components:
        parent = component.getparent()
        role = (attribute(path(component, "Role"), "FormalName") or "").lower()
        if any(name in role for name in _SIDE_ROLES) or parent in done:
            continue
        for item in children(component, "ContentItem"):
            found = _content(item)
            if found.body and found.body not in (each.body for each in texts):
                texts.append(found)
                if parent is not None and parent.get("EquivalentsList") == "yes":
                    done.add(parent)
                if component.get("EquivalentsList") == "yes":
                    done.add(component)
                    break
    if len(texts) <= 1:
        return texts[0] if texts else nitf.Inline("")
    return nitf.Inline(
        body="\n\n".join(each.body for each in texts),
        people=fields.unique(concept for each in texts for concept in each.people),
        organisations=fields.unique(concept for each in texts for concept in each.organisations),
        places=fields.unique(concept for each in texts for concept in each.places),
        links=fields.unique(link for each in texts for link in each.links),
    )


def _content(item: Element) -> nitf.Inline:
    media = (attribute(path(item, "MediaType"), "FormalName") or "text").lower()
    data = path(item, "DataContent")
    if media not in _TEXT_TYPES or data is None or path(item, "Encoding") is not None:
        return nitf.Inline("")
    inner = next(descendants(data, "nitf", "body.content"), None)
    if inner is not None:
        return nitf.inline(inner)
    return nitf.Inline(xml.body_text(next(descendants(data, "body"), data)))


def _side_text(components: list[Element], roles: tuple[str, ...]) -> str | None:
    """The text of the first component in one of the roles."""
    for part in components:
        role = (attribute(path(part, "Role"), "FormalName") or "").lower()
        if any(name in role for name in roles):
            text = next(filter(None, (_content(item).body for item in children(part, "ContentItem"))), None)
            if text:
                return text
    return None


def _signals(root: Element, management: Element | None) -> tuple[str, ...]:
    if management is None:
        return ()
    said = [(attribute(entry, "FormalName") or "").lower() for entry in children(management, "Instruction")]
    updated = attribute(path(root, "Identification/NewsIdentifier/RevisionId"), "Update") in ("U", "A")
    return fields.unique((*(word or None for word in said), "update" if updated else None))


def _type(components: list[Element], body: str) -> str:
    if body:
        return "text"
    items = (item for part in components for item in children(part, "ContentItem"))
    kinds = (attribute(path(item, "MediaType"), "FormalName") for item in items)
    return (next(filter(None, kinds), None) or "text").lower()


def _associated(management: Element | None) -> Iterator[Link | None]:
    for name, rel in (("AssociatedWith", "associatedWith"), ("DerivedFrom", "derivedFrom")):
        for entry in children(management, name) if management is not None else ():
            yield fields.link(rel=rel, href=attribute(entry, "NewsItem"), title=value(path(entry, "Comment")))


def _media(components: list[Element]) -> Iterator[Link | None]:
    for part in components:
        for item in children(part, "ContentItem"):
            kind = attribute(path(item, "MimeType"), "FormalName") or attribute(path(item, "MediaType"), "FormalName")
            rel = (attribute(path(part, "Role"), "FormalName") or "content").lower()
            title = value(path(part, "NewsLines/HeadLine"))
            yield fields.link(rel=rel, href=attribute(item, "Href"), title=title, type=kind)
