"""QCodes (`medtop:20000523`) of the IPTC: the addresses that they stand for, and names where none are sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from pipeline.article import Concept
from pipeline.resources import resource
from pipeline.wire.fields import unique

# the aliases of the IPTC's standard catalog whose addresses are the same in all of its versions
_SCHEMES: Final = {
    "medtop": "http://cv.iptc.org/newscodes/mediatopic/",
    "subj": "http://cv.iptc.org/newscodes/subjectcode/",
    "genre": "http://cv.iptc.org/newscodes/genre/",
    "sig": "http://cv.iptc.org/newscodes/signal/",
    "wikidata": "http://www.wikidata.org/entity/",
}
_NAMED: Final = ("medtop", "subj")  # whose names we have
_TOPICS: Final = "config/iptc/media-topics.tsv"  # https://cv.iptc.org/newscodes/mediatopic/, CC BY 4.0
# the letters of the old transmissions -> the first level of the Subject Codes that followed them
_CATEGORIES: Final = {
    "iptc7901": (
        "ace:01 clj:02 cri:02 dis:03 eco:04 ebf:04 fin:04 edu:05 env:06 evn:06 hth:07 hum:08 lab:09 lif:10 pol:11 "
        "rel:12 sci:13 soi:14 soc:14 spo:15 spt:15 war:16 wea:17"
    ),
    "anpa": "e:01 f:04 l:10 o:17 p:11 q:15 s:15 w:11",
}
_SUBJECT_CODE = re.compile(r"\d{8}\Z", re.ASCII)


def split(qcode: str | None) -> tuple[str | None, str | None]:
    """Scheme alias and code of a QCode; the alias is None where there is no colon."""
    if not qcode:
        return None, None
    alias, colon, code = qcode.partition(":")
    return (alias, code) if colon else (None, qcode)


def uri(scheme: str | None, code: str | None) -> str | None:
    """The address of a concept of a scheme that we know."""
    base = _SCHEMES.get(scheme) if scheme else None
    return base + code if base and code else None


def alias(base: str) -> str | None:
    """The usual alias of a scheme whose address a catalog gives."""
    return next((name for name, known in _SCHEMES.items() if known.rstrip("/#") == base.rstrip("/#")), None)


def last(address: str | None) -> str | None:
    """The code at the end of a concept's address: `http://cv.iptc.org/newscodes/signal/update` -> `update`."""
    return re.split(r"[/#:]", address)[-1] or None if address else None


def named(concepts: Iterable[Concept | None]) -> tuple[Concept, ...]:
    """The concepts, each once; Media Topics and Subject Codes that come without a name with that of the IPTC.

    Subject codes are hierarchical: 04016007 belongs to 04000000, economy, business and finance. One without a name is
    followed by its topic of the first level.
    """
    return unique(_named(concepts))


def topic(scheme: str | None, code: str | None) -> str | None:
    """The English name of a Media Topic (`medtop`), or of the one to which a Subject Code (`subj`) is mapped."""
    return _names().get((scheme or "", code or ""))


def category(letters: str, scheme: str) -> Concept:
    """The category of a transmission (`iptc7901`, `anpa`), with name and address of its subject where it has one."""
    pairs = (pair.split(":") for pair in _CATEGORIES[scheme].split())
    code = next((f"{number}000000" for known, number in pairs if known == letters), None)
    return Concept(name=topic("subj", code), uri=uri("subj", code), code=letters, scheme=scheme)


def _named(concepts: Iterable[Concept | None]) -> Iterator[Concept | None]:
    for concept in concepts:
        scheme, code = _of_the_iptc(concept)
        if concept is None or concept.name or code is None:
            yield concept
            continue
        yield replace(concept, name=topic(scheme, code))
        top = f"{code[:2]}000000"
        name = topic(scheme, top) if _SUBJECT_CODE.match(code) and top != code else None
        if name:
            yield Concept(name=name, uri=uri(scheme, top), code=top, scheme=scheme)


def _of_the_iptc(concept: Concept | None) -> tuple[str | None, str | None]:
    """Alias and code of a Media Topic or Subject Code, in whichever field it stands."""
    if concept is None:
        return None, None
    if concept.scheme in _NAMED:
        return concept.scheme, concept.code
    for alias in _NAMED:
        for written in (concept.uri, concept.code):
            for start in (_SCHEMES[alias], f"{alias}:"):
                if written and written.startswith(start):
                    return alias, written[len(start) :]
    return None, None


@lru_cache(maxsize=1)
def _names() -> dict[tuple[str, str], str]:
    found = {}
    for row in resource(_TOPICS).read_text(encoding="utf-8").splitlines():
        if row.startswith("#"):
            continue
        code, name, subject = row.split("\t")
        found["medtop", code] = name
        if subject:
            found.setdefault(("subj", subject), name)
    return found
