"""QCodes (`medtop:20000523`) of the IPTC's catalogs, and the addresses that they stand for."""

from __future__ import annotations

from typing import Final

# the aliases of the IPTC's standard catalog whose addresses are the same in all of its versions
_SCHEMES: Final = {
    "medtop": "http://cv.iptc.org/newscodes/mediatopic/",
    "subj": "http://cv.iptc.org/newscodes/subjectcode/",
    "genre": "http://cv.iptc.org/newscodes/genre/",
    "wikidata": "http://www.wikidata.org/entity/",
}


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
