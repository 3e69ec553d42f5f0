"""What a user typed, made into a query-string query that Elasticsearch can read, at a bounded cost.

The syntax is Lucene's: words (all must occur), "phrases", OR, NOT or -, parentheses, `field:word`, `wom?n`,
`negotiat*`, `published:[2022-01 TO 2022-03]`, `word~`. What people type without meaning that syntax is taken as they
mean it: a slash, a question mark at the end of a word, a colon after what is no field, curly quotation marks, a
parenthesis left open. Regular expressions and wildcards at the head of a word are not to be had: one of them can read
the whole index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pipeline.errors import Code, UserError
from pipeline.index.definitions import definition

LONGEST: Final = 2_000  # characters
WORDS: Final = 100
WILDCARDS: Final = 8  # the signs *, ? and ~, which counts twice: measured, it costs most
DEPTH: Final = 10  # of parentheses

# short names for what people search by
NAMES: Final = {
    "person": "names.people",
    "organization": "names.organizations",
    "place": "names.places",
    "speaker": "names.speakers",
    "country": "countries",
    "keyword": "keywords.text",
    "published": "@timestamp",
    "id": "uri",
}

_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CURLY = str.maketrans("“”„«»", '"""""')
_TOKEN = re.compile(r'\\.|"(?:\\.|[^"\\])*"|[^\s"\\()\[\]{}:]+|[\s()\[\]{}:"\\]', re.DOTALL)
_RANGE = re.compile(r"[\[{]\s*[^\s\[\]{}]+\s+TO\s+[^\s\[\]{}]+\s*[\]}]")
_SUFFIX = re.compile(r"(?:[~^]\d*(?:\.\d+)?)*\Z", re.ASCII)
_ODD = re.compile(r"(?<!\\)((?:\\\\)*)\\\Z")  # a backslash at the end that escapes nothing
OPERATORS: Final = frozenset({"AND", "OR", "NOT", "&&", "||"})
_COMPARISON = re.compile(r"[<>]=?[\w.\-]+\Z")  # urgency:<=3


class Part(NamedTuple):
    """A piece of the query to be sent. The pieces one after another are the query.

    kind: `word` (without wildcard), `signed` (a word after + or -), `phrase`, `field` (with its colon and sign),
        `space`, or `other`.
    typed: of a word, as it was typed, without its sign.
    """

    kind: str
    text: str
    typed: str = ""


Rewrite = Callable[[list[Part]], str]


def query_string(text: str, *, rewrite: Rewrite | None = None) -> str:
    """The query to send for what was typed; empty where nothing was.

    Args:
        text: as typed.
        rewrite: what makes the query of its parts (`pipeline.index.synonyms.expand`); without it they are joined.

    Raises:
        UserError: `usage`, where it is too long, too deep, or asks for something too costly.
    """
    parts = read(text)
    return (rewrite(parts) if rewrite else "".join(part.text for part in parts)).strip()


def read(text: str) -> list[Part]:
    """The parts of what was typed; none where it asks for everything. Raises as `query_string`."""
    if len(text) > LONGEST:
        raise UserError(Code.USAGE, f"the query has {len(text):,} characters; the most is {LONGEST:,}")
    text = _NOT_TEXT.sub(" ", text).translate(_CURLY)
    return [] if text.strip() == "*" else list(_read(text))


def _read(text: str) -> Iterator[Part]:
    depth = words = wildcards = 0
    position = 0
    after_field = False
    while position < len(text):
        token = _RANGE.match(text, position) if after_field else None
        token = token or _TOKEN.match(text, position)
        assert token is not None, "the pattern matches every character"
        position = token.end()
        part = token.group()
        following = text[position : position + 1]
        if part == "(":
            depth += 1
            if depth > DEPTH:
                raise UserError(Code.USAGE, f"the query has parentheses more than {DEPTH} deep")
            yield Part("other", part)
        elif part == ")":
            yield Part("other", part if depth else "")
            depth = max(0, depth - 1)
        elif part in "[]{}:\\":
            yield Part("other", "\\" + part)
        elif part.isspace():
            yield Part("space", part)
        elif part[0] == "\\":
            yield Part("other", part)
        elif part[0] == '"' or token.re is _RANGE:
            if part == '"':  # a phrase left open ends with the query
                part = '"' + _ODD.sub(r"\1", text[position:]) + '"'
                position = len(text)
            words += part.count(" ") + 1
            yield Part("phrase" if part[0] == '"' else "other", part)
        elif following == ":" and (field := _field(part)):
            position += 1
            after_field = True
            yield Part("field", field)
            continue
        else:
            words += 1
            word = _word(part, after_field=after_field)
            wildcards += _costly(word)
            yield _word_part(word, part)
        if words > WORDS:
            raise UserError(Code.USAGE, f"the query has more than {WORDS} words")
        if wildcards > WILDCARDS:
            raise UserError(
                Code.USAGE, f"the query has more than {WILDCARDS} of the signs * and ?, or half as many ~"
            )
        after_field = False
    yield Part("other", ")" * depth)


def _word_part(word: str, typed: str) -> Part:
    bare = re.sub(r"\\.", "", word)
    if not bare or word in OPERATORS or bare[0] in "!<>" or any(sign in bare for sign in "*?~^"):
        return Part("other", word)
    return Part("signed", word, typed[1:]) if bare[0] in "+-" else Part("word", word, typed)


def _field(name: str) -> str | None:
    """`field:` as Elasticsearch knows it, with the sign before it; None where it is no field of an article."""
    sign = name[: len(name) - len(name.lstrip("+-!"))]
    name = name[len(sign) :]
    if name == "_exists_":
        return f"{sign}_exists_:"
    if name in NAMES:
        return f"{sign}{NAMES[name]}:"
    if name in ("dates", "quotations") or name.startswith(("dates.", "quotations.")):
        raise UserError(
            Code.USAGE, f"{name}: is not to be searched this way", hint="use --about, --speaker or --quote"
        )
    return f"{sign}{name}:" if name in _fields() else None


def _word(word: str, *, after_field: bool) -> str:
    if after_field and (word == "*" or _COMPARISON.match(word)):
        return word
    if word in OPERATORS:
        return word
    sign = re.match(r"[+\-!]?", word)
    assert sign is not None, "the pattern matches nothing at least"
    rest = word[sign.end() :]
    if not rest.strip("+-!&|=<>/"):
        return ""  # punctuation that stands alone: a dash between words
    suffix = _SUFFIX.search(rest)
    assert suffix is not None, "the pattern matches nothing at least"
    stem = rest[: suffix.start()].rstrip("?!")  # a question, not a wildcard
    if stem[:1] in ("*", "?"):
        raise UserError(
            Code.USAGE,
            f"{word[:80]!r}: a word cannot begin with * or ?",
            hint="write the beginning of the word: kyi*",
        )
    if not stem:
        return ""
    stem = re.sub(r"([/~^!=+\-&|])", r"\\\1", stem.replace("<", " ").replace(">", " "))
    return f"{sign.group()}{stem}{suffix.group()}"


def _costly(word: str) -> int:
    bare = re.sub(r"\\.", "", word)
    return bare.count("*") + bare.count("?") + 2 * bare.count("~")


@lru_cache(maxsize=1)
def _fields() -> frozenset[str]:
    return frozenset(_names(definition("fields")["template"]["mappings"]["properties"]))


def _names(properties: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, field in properties.items():
        if field.get("type") == "nested" or field.get("enabled") is False:
            continue
        if "properties" in field:
            yield from _names(field["properties"], f"{prefix}{name}.")
        else:
            yield prefix + name
            yield from (f"{prefix}{name}.{sub}" for sub in field.get("fields", ()))
