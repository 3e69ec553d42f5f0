"""Known names in a query, joined with the other names of the same entity: pure.

`Kiev talks` becomes `(Kiev OR "Kyiv"^0.5 OR entity_ids:"geonames:703448"^2) talks`: what was typed, the usual name,
and the id under which the enrichment filed every spelling. Words between quotation marks stay as they are, so that a
reader can still ask for the word itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pipeline.index.known_names import LONGEST, Kind, Known, lookup
from pipeline.index.querystring import NAMES, Part
from pipeline.index.scattered import side_by_side

FORM_BOOST: Final = 0.5  # what was typed counts more than what it means
ID_BOOST: Final = 2.0
NAMES_MOST: Final = 20  # names that are joined in one query: each is up to six clauses on every field
_EXACTLY: Final = ("names.people", "names.organizations", "names.places", "keywords.text")

# the fields in which a name may stand, and of which kind it is there
_FIELDS: Final[dict[str, tuple[Kind, ...]]] = {
    NAMES["person"]: ("people",),
    NAMES["organization"]: ("organizations",),
    NAMES["place"]: ("places",),
}


def expand(parts: list[Part], *, apart: bool = False) -> str:
    """The query of the parts, with the known names of the text joined with their synonyms.

    Args:
        parts: of what was typed.
        apart: each word is a clause of its own. Without it Elasticsearch looks for words side by side in one field
            and does not find an article that has one of them in the headline and the other in the body. A query
            with AND, OR or NOT says itself what belongs together.
    """
    out: list[Part] = []
    position, found = 0, 0
    joined = not any(part.kind == "other" and part.text in ("AND", "OR", "NOT", "&&", "||") for part in parts)
    while position < len(parts):
        part = parts[position]
        if part.kind == "field" and position + 1 < len(parts):
            out.append(Part("clause", _in_field(part, parts[position + 1])))
            position += 2
            continue
        if part.kind == "signed" and (known := lookup([part.typed])) is not None:
            out.append(Part("signed", part.text[0] + _alternatives(part.text[1:], known)))
            position += 1
            continue
        name = _name(parts, position, longest=LONGEST if joined else 1) if found < NAMES_MOST else None
        if name is None:
            out.append(part)
            position += 1
            continue
        length, known = name
        found += 1
        together = "".join(part.text for part in parts[position : position + length])
        out.append(Part("clause", _alternatives(together, known)))
        position += length
    return "".join(part.text for part in (side_by_side(out, apart=apart) if joined else out))


def same_entity(name: str, *, kinds: Sequence[Kind], id_field: str) -> Iterator[dict[str, Any]]:
    """Queries, one of which an article matches that names the same entity in another way."""
    known = lookup(name.split(), kinds=kinds)
    if known and known.id:
        yield {"term": {id_field: {"value": known.id}}}


def _name(parts: list[Part], position: int, *, longest: int) -> tuple[int, Known] | None:
    """The longest known name that begins here: of how many parts it is, and what it means."""
    end = position
    words: list[str] = []
    spans: list[tuple[int, list[str]]] = []
    while end < len(parts) and len(words) < longest and parts[end].kind == "word":
        words = [*words, parts[end].typed]
        spans.append((end + 1 - position, words))
        end += 1
        if end < len(parts) and parts[end].kind == "space":
            end += 1
    for length, typed in reversed(spans):
        known = lookup(typed)
        if known is not None and (known.id or known.forms):
            return length, known
    return None


def _alternatives(text: str, known: Known) -> str:
    """What was typed, or another name of the same."""
    typed = f"({text})" if " " in text else text
    if known.acronym:  # as a word it would be another one: who, us
        exactly = [f'{field}:"{text}"' for field in _EXACTLY]
        options = exactly if known.id else [typed]
    else:
        options = [typed]
    options += [f"{_phrase(form)}^{FORM_BOOST}" for form in known.forms]
    if known.id:
        options.append(f"entity_ids:{_phrase(known.id)}^{ID_BOOST}")
    return f"({' OR '.join(options)})" if len(options) > 1 else options[0]


def _in_field(field: Part, value: Part) -> str:
    name = field.text.lstrip("+-!").rstrip(":")
    typed = value.typed if value.kind == "word" else value.text.strip('"') if value.kind == "phrase" else ""
    known = lookup(typed.split(), kinds=_FIELDS[name]) if typed and name in _FIELDS else None
    if known is None or not known.id:
        return field.text + value.text
    sign = field.text[: len(field.text) - len(field.text.lstrip("+-!"))]
    return f"{sign}({name}:{value.text} OR entity_ids:{_phrase(known.id)})"


def _phrase(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
