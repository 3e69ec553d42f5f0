from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.article import Timex
from pipeline.cli import app
from pipeline.errors import UserError
from pipeline.evaluation.timex import Key, confusions, documents, evaluate, match, read_timeml

TIMEML = """<?xml version="1.0" ?>
<TimeML><DOCID>probe</DOCID>
<DCT><TIMEX3 tid="t0" type="DATE" value="2013-03-20" functionInDocument="CREATION_TIME">March 20</TIMEX3></DCT>
<TITLE>No time <TIMEX3 tid="t9" type="DATE" value="2013-03-20">today</TIMEX3></TITLE>
<TEXT>
He <EVENT eid="e1">left</EVENT> on <TIMEX3 tid="t1" type="DATE" value="2013-03-18">Monday</TIMEX3> &amp; came
back <TIMEX3 tid="t2" type="TIME" value="2013-03-19TNI">Tuesday <EVENT eid="e2">night</EVENT></TIMEX3>. He slept for
<TIMEX3 tid="t3" type="DURATION" value="P2D">two days</TIMEX3>, until <TIMEX3 type="DATE" value="X">the ides</TIMEX3>.
</TEXT></TimeML>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "probe.tml").write_text(TIMEML, encoding="utf-8")
    return tmp_path


def test_a_timeml_file_is_read_with_its_offsets(folder: Path) -> None:
    document = read_timeml(folder / "probe.tml")
    assert document.created == date(2013, 3, 20)
    assert [key.text for key in document.keys] == ["Monday", "Tuesday night", "two days", "the ides"]
    assert all(document.text[key.start : key.end] == key.text for key in document.keys)


def _timex(start: int, end: int, value: str) -> Timex:
    return Timex(text="x" * (end - start), start=start, end=end, type="DATE", value=value)


def _key(start: int, end: int, value: str) -> Key:
    return Key(start=start, end=end, text="x" * (end - start), type="DATE", value=value)


def test_identical_spans_are_matched_before_overlapping_ones() -> None:
    first, second = _key(0, 10, "a"), _key(4, 8, "b")
    ours = [_timex(4, 8, "b"), _timex(20, 22, "c")]
    assert match([first, second], ours) == [(first, None), (second, ours[0]), (None, ours[1])]


def test_one_expression_is_matched_once() -> None:
    keys = [_key(0, 4, "a"), _key(5, 9, "b")]
    assert match(keys, [_timex(0, 9, "a")]) == [(keys[0], _timex(0, 9, "a")), (keys[1], None)]


def test_scores_count_what_they_say(folder: Path) -> None:
    answers = [_timex(12, 18, "2013-03-18"), _timex(31, 38, "2013-03-19"), _timex(0, 2, "PAST_REF")]
    report = evaluate(documents(folder), tagger=lambda text, reference: answers)
    assert (report.keys, report.ours) == (4, 3)
    assert report.scores("strict") == (1 / 3, 1 / 4, 2 / 7)
    assert report.scores("relaxed") == (2 / 3, 2 / 4, 4 / 7)
    assert report.scores("type") == (1 / 3, 1 / 4, 2 / 7)
    assert report.scores("value") == (1 / 3, 1 / 4, 2 / 7)
    found = confusions(report)
    assert [count for count, _ in found["missed"]] == [1, 1]
    assert found["value"] == [(1, "tuesday night: 2013-03-19TNI, ours 2013-03-19")]
    assert len(found["invented"]) == 1


def test_the_command_prints_the_scores_and_the_errors(folder: Path) -> None:
    plain = CliRunner().invoke(app, ["evaluate", "timex", str(folder)])
    assert plain.exit_code == 0
    assert "relaxed" in plain.output
    assert "the ides" in plain.output
    as_json = CliRunner().invoke(app, ["evaluate", "timex", str(folder), "--json"])
    assert as_json.exit_code == 0
    data = json.loads(as_json.stdout)
    assert data["key"] == 4
    assert data["scores"]["value"] == {"precision": 1.0, "recall": 0.75, "f1": 0.8571}


@pytest.mark.parametrize("content", ["", "no xml", "<TimeML><TEXT>x</TEXT></TimeML>"])
def test_what_is_no_timeml_is_refused_by_name(content: str, tmp_path: Path) -> None:
    (tmp_path / "bad.tml").write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=r"bad\.tml"):
        documents(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no \.tml files"):
        documents(tmp_path)
