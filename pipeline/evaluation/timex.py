"""Scores of time expressions against TimeML files, as TempEval-3 gives them (UzZaman et al., SemEval 2013).

An expression of ours is matched with one of the key at most: identical spans first, then overlapping ones in order.
`strict` counts identical spans, `relaxed` all that overlap, `type` and `value` those that overlap and have the same
attribute. Precision, recall and F1 are over all files together. The creation time itself is not scored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from lxml import etree

from pipeline.article import Timex
from pipeline.enrich.dates.reference import Reference
from pipeline.enrich.dates.tagger import tag
from pipeline.enrich.quotations import find_quotations
from pipeline.errors import Code, UserError

MEASURES: Final = ("strict", "relaxed", "type", "value")
Tagger = Callable[[str, Reference], Sequence[Timex]]


@dataclass(frozen=True, kw_only=True)
class Key:
    """An annotated expression: offsets in code points into the text."""

    start: int
    end: int
    text: str
    type: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A TimeML file: its text, the day of its creation and its expressions."""

    name: str
    text: str
    created: date
    keys: tuple[Key, ...]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """An expression of the key, ours, or both where they overlap."""

    document: str
    key: Key | None
    ours: Timex | None
    before: str  # the text around it
    after: str


@dataclass(kw_only=True)
class Report:
    """What was counted."""

    documents: int = 0
    keys: int = 0
    ours: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    pairs: list[Pair] = field(default_factory=list)

    def scores(self, measure: str) -> tuple[float, float, float]:
        """Precision, recall and F1 of a measure, 0 to 1."""
        hits = self.hits[measure]
        precision = hits / self.ours if self.ours else 0.0
        recall = hits / self.keys if self.keys else 0.0
        return precision, recall, 2 * hits / (self.ours + self.keys) if self.ours + self.keys else 0.0


def read_timeml(path: Path) -> Document:
    """A TimeML file.

    Raises:
        UserError: `usage`, naming the file, where it is no TimeML or has no creation time.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.parse(str(path), parser).getroot()
    except (etree.XMLSyntaxError, OSError) as error:
        raise UserError(Code.USAGE, f"{path}: not TimeML: {error}") from error
    texts = list(root.iter("TEXT"))
    creation = root.find("DCT/TIMEX3")
    value = creation.get("value", "") if creation is not None else ""
    try:
        created = date.fromisoformat(value[:10])
    except ValueError as error:
        raise UserError(Code.USAGE, f"{path}: its DCT has no day: {value!r}") from error
    pieces: list[str] = []
    keys: list[Key] = []
    for element in texts:
        _collect(element, pieces, keys)
    return Document(name=path.name, text="".join(pieces), created=created, keys=tuple(keys))


def _collect(element: etree._Element, pieces: list[str], keys: list[Key]) -> None:
    """Add the characters of an element and the expressions in it, in order."""
    length = sum(map(len, pieces))
    stack: list[tuple[etree._Element, int]] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            stack.append((node, length))
            piece = node.text or ""
        else:
            opened, start = stack.pop()
            if opened.tag == "TIMEX3":
                text = "".join(str(piece) for piece in opened.itertext())
                keys.append(
                    Key(
                        start=start,
                        end=start + len(text),
                        text=text,
                        type=opened.get("type", ""),
                        value=opened.get("value", ""),
                    )
                )
            piece = (node.tail or "") if node is not element else ""
        pieces.append(piece)
        length += len(piece)
    keys.sort(key=lambda key: (key.start, -key.end))


def documents(folder: Path) -> list[Document]:
    """All `.tml` files of a folder, by name.

    Raises:
        UserError: where there is none, or one cannot be read.
    """
    paths = sorted(folder.glob("*.tml")) if folder.is_dir() else []
    if not paths:
        raise UserError(Code.NOT_FOUND, f"{folder}: no .tml files", hint="name a folder of TimeML files")
    return [read_timeml(path) for path in paths]


def our_tagger(text: str, reference: Reference) -> list[Timex]:
    """The time tagger as it runs in the pipeline."""
    return tag(text, reference=reference, quotations=find_quotations(text))


def evaluate(found: Iterable[Document], *, tagger: Tagger = our_tagger) -> Report:
    """Tag every document from its day of creation and count."""
    report = Report()
    for document in found:
        ours = tagger(document.text, Reference(day=document.created))
        report.documents += 1
        report.keys += len(document.keys)
        report.ours += len(ours)
        for key, timex in match(document.keys, ours):
            if key is not None and timex is not None:
                report.hits["relaxed"] += 1
                report.hits["strict"] += (key.start, key.end) == (timex.start, timex.end)
                report.hits["type"] += key.type == timex.type
                report.hits["value"] += key.value == timex.value
            span = key or timex
            assert span is not None
            before = document.text[max(0, span.start - 60) : span.start]
            after = document.text[span.end : span.end + 40]
            report.pairs.append(Pair(document=document.name, key=key, ours=timex, before=before, after=after))
    return report


def match(keys: Sequence[Key], ours: Sequence[Timex]) -> list[tuple[Key | None, Timex | None]]:
    """One to one: identical spans first, then overlapping ones in order; the rest alone."""
    free = dict(enumerate(ours))
    by_span = {(timex.start, timex.end): number for number, timex in free.items()}
    partner: dict[int, int] = {}
    for number, key in enumerate(keys):
        same = by_span.get((key.start, key.end))
        if same is not None and same in free:
            partner[number] = same
            del free[same]
    for number, key in enumerate(keys):
        if number in partner:
            continue
        for place, timex in free.items():
            if timex.start < key.end and key.start < timex.end:
                partner[number] = place
                del free[place]
                break
    pairs: list[tuple[Key | None, Timex | None]] = [
        (key, ours[partner[number]] if number in partner else None) for number, key in enumerate(keys)
    ]
    pairs.extend((None, timex) for timex in free.values())
    return pairs


def confusions(report: Report) -> dict[str, list[tuple[int, str]]]:
    """The errors by kind, commonest first: missed, invented, and values that differ."""
    kinds: dict[str, Counter[str]] = {kind: Counter() for kind in ("missed", "invented", "value", "type", "extent")}
    for pair in report.pairs:
        key, ours = pair.key, pair.ours
        if key is None and ours is not None:
            kinds["invented"][f"{_plain(ours.text)} ({ours.value})"] += 1
        elif ours is None and key is not None:
            kinds["missed"][f"{_plain(key.text)} ({key.value})"] += 1
        elif ours is not None and key is not None:
            if key.value != ours.value:
                kinds["value"][f"{_plain(key.text)}: {key.value}, ours {ours.value}"] += 1
            if key.type != ours.type:
                kinds["type"][f"{_plain(key.text)}: {key.type}, ours {ours.type}"] += 1
            if (key.start, key.end) != (ours.start, ours.end):
                kinds["extent"][f"{_plain(key.text)}, ours {_plain(ours.text)}"] += 1
    return {kind: [(count, what) for what, count in counted.most_common()] for kind, counted in kinds.items()}


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()
