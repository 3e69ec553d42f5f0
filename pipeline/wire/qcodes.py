"""QCodes (`medtop:20000523`) of the IPTC: the addresses that they stand for, and names where none are sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.article import Concept
from pipeline.wire.fields import unique

# the aliases of the IPTC's standard catalog whose addresses are the same in all of its versions
_SCHEMES: Final = {
    "medtop": "http://cv.iptc.org/newscodes/mediatopic/",
    "subj": "http://cv.iptc.org/newscodes/subjectcode/",
    "genre": "http://cv.iptc.org/newscodes/genre/",
    "wikidata": "http://www.wikidata.org/entity/",
}
# the first level of Media Topics, which has the codes that it had in Subject Codes
# (https://cv.iptc.org/newscodes/mediatopic/, CC BY 4.0)
TOPICS: Final = {
    "01000000": "arts, culture, entertainment and media",
    "02000000": "crime, law and justice",
    "03000000": "disaster, accident and emergency incident",
    "04000000": "economy, business and finance",
    "05000000": "education",
    "06000000": "environment",
    "07000000": "health",
    "08000000": "human interest",
    "09000000": "labour",
    "10000000": "lifestyle and leisure",
    "11000000": "politics",
    "12000000": "religion",
    "13000000": "science and technology",
    "14000000": "society",
    "15000000": "sport",
    "16000000": "conflict, war and peace",
    "17000000": "weather",
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


def named(concepts: Iterable[Concept | None]) -> tuple[Concept, ...]:
    """The concepts, each once. A subject code that comes without a name is followed by its topic of the first level.

    Subject codes are hierarchical: 04016007 belongs to 04000000, economy, business and finance.
    """
    return unique(_named(concepts))


def _named(concepts: Iterable[Concept | None]) -> Iterator[Concept | None]:
    for concept in concepts:
        code = concept.code if concept else None
        if concept is None or concept.name or concept.scheme not in ("subj", "medtop") or code is None:
            yield concept
            continue
        top = f"{code[:2]}000000"
        name = TOPICS.get(top) if _SUBJECT_CODE.match(code) else None
        if top != code:
            yield concept
        if name:
            yield Concept(name=name, uri=uri(concept.scheme, top), code=top, scheme=concept.scheme)
        elif top == code:
            yield concept
