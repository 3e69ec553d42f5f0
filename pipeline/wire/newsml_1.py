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
from pipeline.wire import dateline, fields, xml
from pipeline.wire import newsml_1_content as content
from pipeline.wire import newsml_1_metadata as metadata
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.moments import embargo, moment, optional
from pipeline.wire.xml import Element, attribute, children, descendants, path, value

FORMAT: Final = "newsml-1"
ROOTS: Final = ("NewsML", "NewsItem")

_KILLS: Final = frozenset(("kill", "cancel", "canceled", "cancelled", "withdraw", "withdrawn"))  # instructions


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
    document = metadata.document(root)
    return each(found, lambda item: article(item, context, document=document), named=_name)


def _name(item: Element) -> str | None:
    return value(path(item, "Identification/NewsIdentifier/NewsItemId"))


def article(root: Element, context: Context, *, document: metadata.Document) -> WireArticle:
    """The article of a `NewsItem` of a document."""
    management = path(root, "NewsManagement")
    identifier = path(root, "Identification/NewsIdentifier")
    uri, public, revision = _identity(identifier)
    status, embargoed = _status(management)
    components = content.components(root)
    near = content.nearest_first(components)
    lines = metadata.news_lines(metadata.sections(near, "NewsLines"))
    written_lines = metadata.sections(components, "NewsLines")
    described = metadata.sections(components, "DescriptiveMetadata")
    administrative = metadata.sections(near, "AdministrativeMetadata")
    rights = metadata.sections(near, "RightsMetadata")
    body = content.body(components)
    if not body.body and status == "usable" and _is_partial(identifier):
        raise fields.bad(
            "RevisionId", f"Update {_update(identifier)}", "changes parts of a revision that is not here"
        )
    label = value(path(root, "Identification/NameLabel"))
    headline = lines.get("HeadLine") or line(content.side_text(components, content.TITLE_ROLES)) or label
    created = _created(root, document, context, status)
    if not (body.body or headline or status != "usable"):
        raise Poison(Code.WIRE_EMPTY, f"DataContent: {uri[:80]} has neither text nor headline")
    written = lines.get("DateLine")
    places = metadata.places(described)
    topics = metadata.topics(document, described)
    return WireArticle(
        uri=uri,
        versionCreated=created,
        body=body.body,
        version=revision,
        pubStatus=status,
        embargoed=embargoed,
        firstCreated=optional(value(path(management, "FirstCreated")), field="FirstCreated"),
        contentCreated=None,
        type=content.kind(components, body.body),
        urgency=_urgency(document, management),
        language=fields.language(
            metadata.formal(metadata.sections(near, "DescriptiveMetadata"), "Language") or root.get(xml.LANGUAGE)
        ),
        headline=headline,
        slugline=lines.get("SlugLine") or label,
        description=_description(components, lines, body.body),
        by=lines.get("ByLine") or body.by or metadata.party(document, administrative, "Creator"),
        located=next((place.name for place in places if place.name), None),
        dateline=dateline.parse(written, reference=identity.instant(created).date()) if written else None,
        edNote=metadata.notes(written_lines),
        source=metadata.party(document, administrative, "Source")
        or metadata.party(document, administrative, "Provider"),
        copyrightHolder=metadata.said(rights, "Copyright/CopyrightHolder"),
        copyrightNotice=lines.get("CopyrightLine"),
        usageTerms=metadata.usage(rights) or lines.get("RightsLine"),
        signals=_signals(root, management),
        subjects=fields.unique((*metadata.subjects(described), *topics.others)),
        genres=metadata.concepts(described, "Genre"),
        keywords=metadata.keywords(described, written_lines),
        markedPeople=fields.unique((*topics.people, *body.people)),
        markedOrganisations=fields.unique((*topics.organisations, *body.organisations)),
        markedPlaces=fields.unique((*places, *topics.places, *body.places)),
        altIds=fields.unique((public,)),
        links=fields.unique((*_associated(management), *content.media(components), *body.links)),
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
    told = (
        {(attribute(entry, "FormalName") or "").lower() for entry in children(management, "Instruction")}
        if management is not None
        else set()
    )
    if told & _KILLS:
        return "canceled", None
    change = path(management, "StatusWillChange")
    future = (attribute(path(change, "FutureStatus"), "FormalName") or "").lower()
    until = value(path(change, "DateAndTime"))
    if written and written.strip().lower() in ("embargoed", "withheld") and future == "usable" and until:
        return "usable", embargo(until, field="StatusWillChange")
    if written and written.strip().lower() == "embargoed":
        return "withheld", None  # under embargo until a later revision says otherwise
    return status, None


def _update(identifier: Element | None) -> str:
    """What a revision holds: all (`N`), changes of the revision before (`U`), or its management alone (`A`)."""
    return attribute(path(identifier, "RevisionId"), "Update") or "N"


def _is_partial(identifier: Element | None) -> bool:
    return _update(identifier) in ("U", "A")


def _urgency(document: metadata.Document, management: Element | None) -> int | None:
    return fields.urgency(attribute(path(management, "Urgency"), "FormalName") or document.priority, "Urgency")


def _description(components: list[Element], lines: dict[str, str], body: str) -> str | None:
    found = content.side_text(components, content.SUMMARY_ROLES) or lines.get("SubHeadLine")
    return found or (None if body else content.side_text(components, content.CAPTION_ROLES))


def _created(root: Element, document: metadata.Document, context: Context, status: PubStatus) -> str:
    for name in ("NewsManagement/ThisRevisionCreated", "NewsManagement/FirstCreated",
                 "Identification/NewsIdentifier/DateId"):  # fmt: skip
        written = value(path(root, name))
        if written:
            return moment(written, field=name.rpartition("/")[2])
    written = document.sent or context.default_date
    if written:
        return moment(written, field="DateAndTime")
    if status != "usable":  # an order to hide must never fail for want of a date
        return moment(context.now.isoformat(), field="now")
    raise Poison(Code.WIRE_NO_DATE, "ThisRevisionCreated: missing, FirstCreated too", hint="use --date")


def _signals(root: Element, management: Element | None) -> tuple[str, ...]:
    if management is None:
        return ()
    said = [(attribute(entry, "FormalName") or "").lower() for entry in children(management, "Instruction")]
    updated = _is_partial(path(root, "Identification/NewsIdentifier"))
    return fields.unique((*(word or None for word in said), "update" if updated else None))


def _associated(management: Element | None) -> Iterator[Link | None]:
    for name, rel in (("AssociatedWith", "associatedWith"), ("DerivedFrom", "derivedFrom")):
        for entry in children(management, name) if management is not None else ():
            yield fields.link(rel=rel, href=attribute(entry, "NewsItem"), title=value(path(entry, "Comment")))
