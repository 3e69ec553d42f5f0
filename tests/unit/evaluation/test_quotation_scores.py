"""The evaluation of quotations: brat files, and what counts as found, right and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.article import Quotation, Speaker
from pipeline.cli import app
from pipeline.errors import UserError
from pipeline.evaluation import quotations as scorer

TEXT = '"It works," said Ann Lee, a smith. He said "no" to "yes" men.\n'
NOTES = (
    'T1\tContent 0 11\t"It works,"\n'
    "T2\tCue 12 16\tsaid\n"
    "T3\tSource 17 33\tAnn Lee, a smith\n"
    "T4\tAttribution 12 16\tsaid\n"
    "E1\tAttribution:T4 Content:T1 Cue:T2 Source:T3\n"
    'T5\tContent 43 47\t"no"\n'
    "T6\tSource 35 37\tHe\n"
    "T7\tAttribution 38 42\tsaid\n"
    "E2\tAttribution:T7 Content:T5 Source:T6\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("text/a.txt", TEXT), ("attributions/a_ef2d.ann", NOTES), ("attributions/a_ffff.ann", "")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def _ours(text: str, speaker: str | None = None) -> Quotation:
    start = TEXT.index(text)
    said = Speaker(entity=None, canonical=speaker, text="x", start=0, end=1) if speaker else None
    return Quotation(text=text, start=start, end=start + len(text), direct=True, speaker=said)


def test_the_first_file_of_a_text_is_read(folder: Path) -> None:
    (article,) = scorer.read(folder)
    assert [one.source for one in article.attributions] == ["Ann Lee, a smith", "He"]
    assert [one.last_name for one in article.attributions] == ["lee", None]


def test_found_right_and_wrong(folder: Path) -> None:
    (article,) = scorer.read(folder)
    report = scorer.QuotationReport()
    scorer.score(report, article, [_ours('"It works,"', "Ann Lee"), _ours('"yes"')])
    assert (report.found.right, report.found.gold) == (1, 2)
    assert (report.speakers.right, report.speakers.gold) == (1, 1)
    assert (report.precise.right, report.precise.found) == (1, 2)


def test_another_speaker_is_not_right(folder: Path) -> None:
    (article,) = scorer.read(folder)
    for speaker in ("Bob Kerr", "Ann Leeson", None):
        report = scorer.QuotationReport()
        scorer.score(report, article, [_ours('"It works,"', speaker)])
        assert (report.speakers.right, report.speakers.gold) == (0, 1)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Mr. Obama", "obama"),
        ("Donald Trump Jr.", "trump"),
        ("Ned Price, a spokesman for the State Department", "price"),
        ("Sen. Claire McCaskill (D-Mo.)", "mccaskill"),
        ("The New York Times", "times"),
        ("she", None),
        ("the president", None),
        ("Officials", None),
    ],
)
def test_last_names(source: str, name: str | None) -> None:
    assert scorer.last_name(source) == name


def test_a_folder_of_another_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        scorer.read(tmp_path)


def test_the_command_prints_scores(folder: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", "quotations", str(folder)])
    assert result.exit_code == 0, result.output
    assert "right speaker" in result.output
