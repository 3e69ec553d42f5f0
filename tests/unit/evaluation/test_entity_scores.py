"""The evaluation of entities: CoNLL columns to text, and what counts as right."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.article import Mention
from pipeline.cli import app
from pipeline.errors import UserError
from pipeline.evaluation import conll
from pipeline.evaluation import entities as scorer

COLUMNS = """-DOCSTART- -X- -X- O

Ann NNP B-NP B-PER
Lee NNP I-NP I-PER
's POS B-NP O
shop NN I-NP O
( ( O O
Oslo NNP B-NP B-LOC
) ) O O
, , O O
" " O O
Lee NNP B-NP B-PER
Ltd NNP I-NP B-ORG
, , O O
" " O O
closed VBD B-VP O
. . O O

RESULTS NNS B-NP O
Oslo NNP B-NP B-ORG
3 CD B-NP O

-DOCSTART- -X- -X- O

Bergen NNP B-NP B-LOC
won VBD B-VP O
. . O O
"""


@pytest.fixture
def columns(tmp_path: Path) -> Path:
    path = tmp_path / "gold.txt"
    path.write_text(COLUMNS, "utf-8")
    return path


def test_tokens_become_running_text_with_spans(columns: Path) -> None:
    first, second = conll.read(columns)
    assert first.text == 'Ann Lee\'s shop (Oslo), "Lee Ltd," closed.\n\nRESULTS Oslo 3'
    spans = [(first.text[span.start : span.end], span.label, span.prose) for span in first.spans]
    assert spans == [
        ("Ann Lee", "PER", True),
        ("Oslo", "LOC", True),
        ("Lee", "PER", True),
        ("Ltd", "ORG", True),
        ("Oslo", "ORG", False),
    ]
    assert second.text == "Bergen won."


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("O B-X I-X O", [(1, 3, "X")]),
        ("I-X I-X B-X", [(0, 2, "X"), (2, 3, "X")]),  # IOB1
        ("B-X I-Y", [(0, 1, "X"), (1, 2, "Y")]),
        ("S-X B-X E-X", [(0, 1, "X"), (1, 3, "X")]),  # IOBES
        ("", []),
    ],
)
def test_ways_of_tagging(tags: str, expected: list[tuple[int, int, str]]) -> None:
    assert conll.chunks(tags.split()) == expected


def test_span_and_kind_must_both_be_right(columns: Path) -> None:
    article = conll.read(columns)[0]

    def mention(text: str, label: str, after: int = 0) -> Mention:
        start = article.text.index(text, after)
        return Mention(text=text, start=start, end=start + len(text), label=label)  # type: ignore[arg-type]

    ours = [
        mention("Ann Lee", "PERSON"),
        mention("Oslo", "ORG"),  # wrong kind
        mention("Lee Ltd", "ORG"),  # wrong span, twice
        mention("Oslo", "GPE", article.text.index("RESULTS")),  # no prose
        mention("closed", "NORP"),  # not scored
    ]
    report = scorer.EntityReport()
    scorer.score(report, article, ours)
    total = report.total
    assert (total.right, total.found, total.gold) == (1, 3, 4)
    assert total.f1 == pytest.approx(2 * (1 / 3) * (1 / 4) / (1 / 3 + 1 / 4) * 100)
    assert report.confusions["LOC", "ORG"] == 1
    assert report.confusions["ORG", "ORG of other extent"] == 1
    everything = scorer.EntityReport()
    scorer.score(everything, article, ours, prose=False)
    assert (everything.total.right, everything.total.found, everything.total.gold) == (1, 4, 5)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "no articles"), (b"-DOCSTART- O\n\n", "no articles"), (b"\xff O\n", "not text in UTF-8")],
)
def test_what_holds_no_articles_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "columns.txt"
    path.write_bytes(content)
    with pytest.raises(UserError, match=f"columns.txt: {reason}"):
        conll.read(path)
    with pytest.raises(UserError, match="Is a directory"):
        conll.read(tmp_path)


def test_a_line_without_a_tag_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_text("Ann B-PER\nLee\n", "utf-8")
    with pytest.raises(UserError, match="line 2"):
        conll.read(path)


def test_the_command_prints_scores(columns: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", "entities", str(columns), "--json"])
    assert result.exit_code == 0, result.output
    assert '"articles": 2' in result.output
    assert '"f1"' in result.output
