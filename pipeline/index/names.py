"""By what a kill advisory may name an item: pure functions from articles to names that can be compared.

A name is a digest with the kind of what it stands for before it, so that nothing of a killed or embargoed story can
be read where names are kept:

    a  an address that is one item's for ever: article id, alternative id with a scheme, its own link
    n  a number or key that an agency uses again: transmission number, story number
    h  a headline
    s  a slug
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from pipeline.article import Link, WireArticle
from pipeline.wire.signals import KILLS

ADDRESS, NUMBER, HEADLINE, SLUG = "a", "n", "h", "s"
RECURRING: Final = (NUMBER, HEADLINE, SLUG)  # the most telling first

OWN_LINKS: Final = frozenset({"alternate", "canonical", "self"})  # relations of a link that leads to the item itself

# A bound, since a record of 5 MB can have 100,000 of each, more than Elasticsearch takes: nobody has a hundred
MOST: Final = 1_000  # alternative ids and own links of an article, and things that an advisory names; the first count

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:")
# RFC 3085: urn:newsml:provider:date:item:revision and update; the revision tells the version, not the item. Two
# patterns, each read once from its beginning: names are made in the event loop, of whatever anybody pushed
_NEWSML_ITEM = re.compile(r"urn:newsml:[^:]+:\d{8}(?:t[\dz:+-]*)?:.")
_NEWSML_REVISION = re.compile(r"\d+[nua]?")
_LABEL_AFTER_SLUG = re.compile(r",.*| \d{1,2}(?:st|nd|rd|th)[ -](?:ld|lead)\b.*")  # white space is collapsed
_LABELS_BEFORE_HEADLINE = re.compile(
    r"\A(?:(?:(?:update|correction|corrected|refile|rpt|repeat|clarification|lead)(?: ?\d{1,2})?"
    r"|\d{1,2}(?:st|nd|rd|th)[ -](?:ld|lead)(?:-writethru)?)(?:\s*[-:–—]+\s*|\s*\Z))+"
)
_MARKS: Final = " \t\r\n.,;:!?\"'“”„‘’«»()[]-–—"


def of(article: WireArticle) -> tuple[str, ...]:
    """The names by which an advisory may mean this article."""
    return tuple(dict.fromkeys(_of(article)))


def _of(article: WireArticle) -> Iterator[str]:
    yield from _forms(ADDRESS, article.uri)
    for other in islice(article.altIds, MOST):
        if _SCHEME.match(other.lower()):
            yield from _forms(ADDRESS, other)
        else:
            yield _digest(NUMBER, _plain(other))
            source = (article.source or "").casefold()
            if source and other.casefold().startswith(source) and len(other) > len(source):
                yield _digest(NUMBER, _plain(other[len(source) :]))  # NWT0123 is number 0123 of NWT
    own = (link.href for link in article.links if link.rel in OWN_LINKS and link.href)
    for href in islice(own, MOST):
        yield from _forms(ADDRESS, href)
    for headline in _headlines(article.headline or ""):
        yield _digest(HEADLINE, headline)
    if article.slugline and (slug := _slug(article.slugline)):
        yield _digest(SLUG, slug)


def said(article: WireArticle) -> tuple[tuple[str, ...], ...]:
    """What a kill advisory names: for each thing that it says the names that it may be, the most telling first.

    Empty where it names nothing, as a kill under the id of its item does.
    """
    if article.pubStatus != "canceled":
        return ()
    return tuple(islice(filter(None, (_said(link) for link in article.links if link.rel == KILLS)), MOST))


def _said(link: Link) -> tuple[str, ...]:
    found: list[str] = []
    if link.href and _plain(link.href):
        found += _forms(ADDRESS, link.href)
        found += [_digest(NUMBER, _plain(link.href)), _digest(SLUG, _slug(link.href))]
    if link.title and _plain(link.title):
        found += [_digest(HEADLINE, headline) for headline in _headlines(link.title)]
    return tuple(found)


def words(article: WireArticle) -> tuple[str, ...]:
    """The same as `said`, as the advisory has it: for whoever reads the list of kills."""
    named = (link.href or link.title for link in article.links if link.rel == KILLS)
    return tuple(name[:300] for name in islice(filter(None, named), MOST))


def digest(*parts: str) -> str:
    """96 bits that stand for some texts: 10^9 of them collide with a probability of 10^-11."""
    mixed = hashlib.blake2b(digest_size=12)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        mixed.update(len(raw).to_bytes(8, "big") + raw)
    return mixed.hexdigest()


def _digest(kind: str, text: str) -> str:
    return f"{kind}{digest(kind, text)}"


def _forms(kind: str, address: str) -> Iterable[str]:
    address = address.strip().casefold().partition("#")[0].rstrip("/")
    address = address.replace("http://", "https://", 1) if address.startswith("http://") else address
    yield _digest(kind, address)
    item, _, revision = address.rpartition(":")
    if _NEWSML_REVISION.fullmatch(revision) and _NEWSML_ITEM.match(item):
        yield _digest(kind, item)


def _slug(text: str) -> str:
    return _plain(_LABEL_AFTER_SLUG.sub("", " ".join(text.casefold().split()), count=1))


def _headlines(text: str) -> Iterator[str]:
    """A headline, as it stands and without the labels before it: an advisory names it without."""
    plain = _plain(text)
    if plain:
        yield plain
        bare = _plain(_LABELS_BEFORE_HEADLINE.sub("", plain))
        if bare and bare != plain:
            yield bare


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(_MARKS)
