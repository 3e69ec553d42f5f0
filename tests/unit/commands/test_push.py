"""What `newswire push` says of what was refused."""

from __future__ import annotations

import pytest

from pipeline.commands.common import err, out
from pipeline.commands.push import _tell
from pipeline.errors import Code, Poison
from pipeline.feeds.files import Refused
from pipeline.feeds.push import PushReport


def test_each_refusal_is_told_and_what_to_do_about_its_kind_once(capfd: pytest.CaptureFixture[str]) -> None:
    undated = Poison(Code.WIRE_NO_DATE, "Date: missing", hint="use --date")
    refused = [
        Refused("a.eml", undated),
        Refused("b.eml", undated),
        Refused("c.png", Poison(Code.WIRE_EMPTY, "empty")),
    ]
    report = PushReport(files=3, files_done=3, refused=refused)
    with out.capture() as told, err.capture() as remarks:
        _tell(report, 0.1)
    assert capfd.readouterr().out.splitlines() == [
        "a.eml\twire.no-date\tDate: missing",
        "b.eml\twire.no-date\tDate: missing",
        "c.png\twire.empty\tempty",
    ]
    assert told.get() == "pushed 0 articles from 0 of 3 files in 0.1 s; refused 3, not acknowledged 0\n"
    assert remarks.get() == "  wire.no-date, next: use --date\n"
