"""Quotations against brat files of attributions (Source, Cue, Content), as PolNeAR has them.

A direct quotation of the annotation is a Content that begins and ends with quotation marks. It is found when our
direct quotations together cover at least half of it. Its speaker is right when the one of ours that covers most of it
names the last name of the Source; counted over all whose Source is a name, found or not. One of ours is wrong when it
touches no Content.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from spacy.language import Language

from pipeline.article import Quotation
from pipeline.enrich.names import plain, words_of
from pipeline.errors import Code, UserError
from pipeline.evaluation.scores import Counts

_MARKS = "\"“”„‟«»'‘’`＂"
_EXAMPLES = 200
_HEAD_ENDS = re.compile(r",| who | \(| of | from | at | on | in | for |\n| - | — ")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution: the spans of its content, and the words of its source and cue."""

    contents: tuple[tuple[tuple[int, int], ...], ...]
    source: str
    cue: str

    @property
    def last_name(self) -> str | None:
        """The last name of the source in lower case, None where it is a pronoun or a noun."""
        return last_name(self.source)


@dataclass(frozen=True, slots=True)
class BratArticle:
    """A text with its attributions."""

    name: str
    text: str
    attributions: tuple[Attribution, ...]


@dataclass(slots=True)
class QuotationReport:
    """Direct quotations found, speakers right, quotations of ours that touch an annotation; errors with examples."""

    found: Counts = field(default_factory=Counts)
    speakers: Counts = field(default_factory=Counts)
    precise: Counts = field(default_factory=Counts)
    indirect_precise: Counts = field(default_factory=Counts)
    contents: Counts = field(default_factory=Counts)  # all contents, direct or not, half covered by anything of ours
    errors: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str]] = field(default_factory=list)


def read(folder: Path) -> list[BratArticle]:
    """The articles of a folder with `text/*.txt` and `attributions/*.ann`; the first .ann by name of each text.

    Raises:
        UserError: `not-found` where the folder has no such pair.
    """
    articles = []
    notes = sorted((folder / "attributions").glob("*.ann"))
    for path in sorted((folder / "text").glob("*.txt")):
        note = next((one for one in notes if one.stem == path.stem or one.stem.startswith(path.stem + "_")), None)
        if note is not None:
            text = path.read_bytes().decode("utf-8")
            articles.append(BratArticle(path.stem, text, tuple(_attributions(note.read_text("utf-8"), text))))
    if not articles:
        raise UserError(
            Code.NOT_FOUND,
            f"{folder}: no text/*.txt with attributions/*.ann",
            hint="name a folder in PolNeAR's layout",
        )
    return articles


def _attributions(notes: str, text: str) -> Iterable[Attribution]:
    spans: dict[str, tuple[tuple[int, int], ...]] = {}
    events: list[str] = []
    for line in notes.splitlines():
        columns = line.split("\t")
        if line.startswith("T") and len(columns) > 1:
            places = columns[1].split(" ", 1)[1]
            spans[columns[0]] = tuple(_pair(place) for place in places.split(";"))
        elif line.startswith("E") and len(columns) > 1:
            events.append(columns[1])
    for event in events:
        roles: dict[str, list[str]] = {}
        for part in event.split()[1:]:
            role, _, key = part.partition(":")
            roles.setdefault(role.rstrip("0123456789"), []).append(key)

        def words(role: str, roles: dict[str, list[str]] = roles) -> str:
            return " ".join(text[start:end] for key in roles.get(role, []) for start, end in spans.get(key, ()))

        contents = tuple(spans[key] for key in roles.get("Content", []) if key in spans)
        if contents:
            yield Attribution(contents, words("Source"), words("Cue"))


def _pair(place: str) -> tuple[int, int]:
    start, end = place.split()
    return int(start), int(end)


def last_name(source: str) -> str | None:
    """The last name of a source such as "Ned Price, a spokesman"; None for "he" and "the spokesman"."""
    head = _HEAD_ENDS.split(source.strip(), maxsplit=1)[0]
    words = [word.strip(".,:;’'\"“”") for word in head.split()]
    words = [re.sub(r"['’]s$", "", word) for word in words]
    named = [word for word in words if word and word[0].isupper() and plain(word) not in _NOT_NAMES]
    if not named or not words[-1][:1].isupper() or plain(words[-1]) in _NOT_NAMES:
        return None
    return words_of(" ".join(named))[-1]


_NOT_NAMES = frozenset(
    {
        "he",
        "she",
        "they",
        "i",
        "we",
        "it",
        "the",
        "a",
        "an",
        "one",
        "some",
        "another",
        "mr",
        "mrs",
        "ms",
        "his",
        "her",
        "their",
        "who",
    }
    | {
        "you",
        "many",
        "most",
        "others",
        "both",
        "that",
        "this",
        "these",
        "those",
        "sources",
        "officials",
        "president",
        "people",
    }
)


def evaluate(nlp: Language, articles: list[BratArticle], *, batch_size: int = 16) -> QuotationReport:
    """Run the pipeline over the articles and score its quotations."""
    report = QuotationReport()
    docs = nlp.pipe((article.text for article in articles), batch_size=batch_size)
    for article, doc in zip(articles, docs, strict=True):
        score(report, article, doc._.quotations)
    return report


def score(report: QuotationReport, article: BratArticle, ours: list[Quotation]) -> None:
    """Add one article to the report."""
    direct = [quotation for quotation in ours if quotation.direct]
    for attribution in article.attributions:
        for content in attribution.contents:
            report.contents.gold += 1
            report.contents.right += _covered(content, ours) * 2 >= _length(content)
            text = article.text[content[0][0] : content[-1][1]].strip()
            if len(text) < 2 or text[0] not in _MARKS or text[-1] not in _MARKS:
                continue
            _score_direct(report, article, attribution, content, direct)
    touched = [span for attribution in article.attributions for content in attribution.contents for span in content]
    for quotation in ours:
        counts = report.precise if quotation.direct else report.indirect_precise
        counts.found += 1
        if any(start < quotation.end and quotation.start < end for start, end in touched):
            counts.right += 1
        elif quotation.direct:
            _error(report, "no attribution", article, quotation.start, quotation.end)


def _score_direct(
    report: QuotationReport,
    article: BratArticle,
    attribution: Attribution,
    content: tuple[tuple[int, int], ...],
    direct: list[Quotation],
) -> None:
    report.found.gold += 1
    start, end = content[0][0], content[-1][1]
    if _covered(content, direct) * 2 >= _length(content):
        report.found.right += 1
    else:
        _error(report, "missed", article, start, end)
    named = attribution.last_name
    if named is None:
        return
    report.speakers.gold += 1
    best = max(direct, key=lambda one: _covered(content, [one]), default=None)
    if best is None or not _covered(content, [best]):
        return
    said = f"{best.speaker.text} {best.speaker.canonical or ''}" if best.speaker else ""
    if named in re.findall(r"[\w'-]+", plain(said).replace("'s", "")):
        report.speakers.right += 1
    else:
        who = f"{attribution.source!r} not {best.speaker.canonical or best.speaker.text if best.speaker else None!r}"
        _error(report, "no speaker" if best.speaker is None else "other speaker", article, start, end, who)


def _error(report: QuotationReport, kind: str, article: BratArticle, start: int, end: int, more: str = "") -> None:
    report.errors[kind] += 1
    if sum(one == kind for one, _ in report.examples) < _EXAMPLES:
        text = article.text
        around = f"{text[max(0, start - 90) : start]}[{text[start:end]}]{text[end : end + 90]}"
        report.examples.append((kind, " ".join(f"{more} {around}".split())))


def _covered(content: tuple[tuple[int, int], ...], ours: list[Quotation]) -> int:
    return sum(
        max(0, min(end, quotation.end) - max(start, quotation.start)) for start, end in content for quotation in ours
    )


def _length(content: tuple[tuple[int, int], ...]) -> int:
    return sum(end - start for start, end in content)
