"""Where direct speech stands: spans between quotation marks of all styles, parts of one quotation grouped.

Marks: “ ” and „ “ and « », straight " in pairs, the wires' `` '', and single ‘ ’ or ' where they stand for double
ones. A quotation that is split by its attribution (“A,” he said, “B.”) and one that runs over several paragraphs,
each opened anew and only the last one closed, are parts that share a `group`. Linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.article import Quotation
from pipeline.enrich import state

_PARAGRAPH: Final = re.compile(r"\n[ \t\r]*\n")
_DOUBLE: Final = re.compile(r"[“”„‟«»\"＂]|``|''")
_SINGLE_OPEN: Final = re.compile(r"(?<![^\s(\[—–-])[‘'](?=[^\W\d_]|\.\.\.|…|\d(?!\ds?\b))")
_SINGLE_CLOSE: Final = re.compile(r"(?<=[^\s])['’](?!\w)")
_CLOSERS: Final = {
    "“": '”“"',
    "„": '“”‟"',
    "‟": "”",
    "«": "»",
    "»": "«",
    '"': '"”“',
    "＂": "＂",
    "``": "''``\"",
    "''": "''",
    "”": '”"',
}
_MARKS: Final = "”“\"'»"
_SPLIT: Final = 160  # characters that an attribution between two parts may have


def find_quotations(text: str) -> list[Quotation]:
    """The direct quotations of a text with their marks, sorted; speaker, cue and day still unknown."""
    spans: list[tuple[int, int, int]] = []  # start, end, number of the whole
    whole = 0
    running = False  # the paragraph before ended inside a quotation
    for first, last in _paragraphs(text):
        found, open_at_end = _spans(text, first, last, continued=running)
        for place, (start, end) in enumerate(found):
            before = spans[-1] if spans else None
            joined = before is not None and (
                (running and place == 0 and not text[first:start].strip())
                or (place > 0 and _is_split(text, before[0], before[1], start))
            )
            if not joined:
                whole += 1
            spans.append((start, end, whole))
        running = open_at_end
    sizes: dict[int, int] = {}
    for _, _, number in spans:
        sizes[number] = sizes.get(number, 0) + 1
    groups = {number: place for place, number in enumerate((n for n, size in sizes.items() if size > 1), 1)}
    return [
        Quotation(text=text[start:end], start=start, end=end, direct=True, group=groups.get(number))
        for start, end, number in spans
    ]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _PARAGRAPH.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _spans(text: str, first: int, last: int, *, continued: bool) -> tuple[list[tuple[int, int]], bool]:
    """The spans between double marks, and single ones outside them; whether the last is open at the end."""
    found: list[tuple[int, int]] = []
    opened: int | None = None
    mark = ""
    for match in _DOUBLE.finditer(text, first, last):
        sign = match.group()
        if opened is None:
            if _opens(text, sign, match.start(), match.end(), first):
                opened, mark = match.start(), sign
        elif sign in _CLOSERS.get(mark, "") and _closes(text, mark, sign, match.start(), match.end(), opened):
            if text[opened + len(mark) : match.start()].strip():
                found.append((opened, match.end()))
            opened = None
    open_at_end = False
    if opened is not None:
        # unclosed: a quotation that runs on has to be opened anew in the next paragraph
        if _runs_on(text, last, mark):
            found.append((opened, _trimmed(text, opened, last)))
            open_at_end = True
        else:
            last = opened
    singles = _single_spans(text, first, last, found)
    within = [one for one in found if any(start < one[0] and one[1] < end for start, end in singles)]
    return sorted([*(one for one in found if one not in within), *singles]), open_at_end


def _opens(text: str, sign: str, start: int, end: int, first: int) -> bool:
    after = text[end : end + 1]
    if sign in ("”", "''", "‟"):
        # some desks open with them too: a word must follow at once, and none may stand before
        if start == first and sign == "”" and not text[end:].startswith(("\n", "”")):
            return True
        return (
            bool(after)
            and after.isalnum()
            and (start == first or text[start - 1].isspace() or text[start - 1] in "([—–-")
        )
    if sign in ("»", "“", "„", "«"):
        return sign != "»" or (start == first or text[start - 1].isspace())
    return bool(after) and not after.isspace() and (start == first or not text[start - 1].isalnum())


def _closes(text: str, mark: str, sign: str, start: int, end: int, opened: int) -> bool:
    if sign in ('"', "“") or sign == mark:
        # a straight mark, or an opening one typed for a closing one: it must not look like the start of a word
        before, after = text[start - 1], text[end : end + 1]
        return not (before.isspace() and after.isalnum()) and start > opened + 1
    return True


def _runs_on(text: str, last: int, mark: str) -> bool:
    gap = _PARAGRAPH.match(text, last)
    if gap is None:
        return False
    start = gap.end()
    while start < len(text) and text[start].isspace():
        start += 1
    return text.startswith(mark, start)


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _single_spans(text: str, first: int, last: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    closing = [match.start() for match in _SINGLE_CLOSE.finditer(text, first, last)]
    if not closing:
        return []
    # after a stop or comma it closes for certain; after an s it may be a possessive
    certain = [place for place in closing if text[place - 1] in ".,!?;:…—-)"]
    likely = [place for place in closing if text[place - 1] not in "sS"]
    found: list[tuple[int, int]] = []
    free_from = first
    double = 0
    for match in _SINGLE_OPEN.finditer(text, first, last):
        start = match.start()
        while double < len(taken) and taken[double][1] <= start:
            double += 1
        limit = taken[double][0] if double < len(taken) else last
        if double < len(taken) and _holds(text, start, taken[double], certain, closing):
            limit = taken[double + 1][0] if double + 1 < len(taken) else last
            if start >= free_from:
                closed = certain[bisect_left(certain, taken[double][1])]
                if closed < limit:
                    found.append((start, closed + 1))
                    free_from = closed + 1
            continue
        if start < free_from or start >= limit or (match.group() == "'" and text.startswith("''", start)):
            continue
        end = None
        for places in (certain, likely, closing):
            index = bisect_left(places, start + 2)
            if index < len(places) and places[index] < limit:
                end = places[index] if end is None else min(end, places[index])
                if places is likely:
                    break
        if end is not None and not text.startswith("''", end):
            found.append((start, end + 1))
            free_from = end + 1
    return found


def _holds(text: str, start: int, double: tuple[int, int], certain: list[int], closing: list[int]) -> bool:
    """Whether a single mark opens around double ones, in the British way: ‘There was “no demand”.’"""
    if start >= double[0] or text[start] != "‘":
        return False
    if bisect_left(closing, start + 2) < bisect_left(closing, double[0]):
        return False
    index = bisect_left(certain, double[1])
    return index < len(certain) and "‘" not in text[double[1] : certain[index]]


def _is_split(text: str, start: int, end: int, following: int) -> bool:
    """Whether an attribution parts one sentence: “A,” he said, “B”."""
    between = text[end:following]
    if len(between) > _SPLIT or not between.strip():
        return False
    before = text[max(start, end - 3) : end].rstrip(_MARKS)
    return (
        before.endswith((",", "—", "–", "-"))
        and between.rstrip().endswith((",", "—", "–"))
        and "." not in between[:-1]
    )


@Language.factory("newswire_quotations")
class QuotationsComponent:
    """Fills `Doc._.quotations` with the spans of direct speech."""

    def __init__(self, nlp: Language, name: str) -> None:
        """As spaCy makes it; it needs no model."""
        state.register()

    def __call__(self, doc: Doc) -> Doc:
        """Replace the quotations of a document."""
        doc._.quotations = find_quotations(doc.text)
        return doc
