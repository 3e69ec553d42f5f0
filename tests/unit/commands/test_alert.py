"""What `newswire alert` prints of alerts, and what it refuses before it does anything."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from pipeline.alerts.model import Alert, Target
from pipeline.alerts.store import AlertStore
from pipeline.cli import app
from pipeline.errors import UserError
from pipeline.index import daterange
from pipeline.index.query import SearchRequest

NOWHERE = {
    "NEWSWIRE__ELASTICSEARCH__HOSTS": "http://127.0.0.1:9",
    "NEWSWIRE__KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:9",
}


def test_alerts_are_listed_as_they_were_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    request = SearchRequest(query="urgency:[a TO b] [/desk]", about=daterange.parse("2022-02-23"))
    alert = Alert(id="1", name="[desk] :key:", request=request, to=Target(kind="terminal"), created="2026-01-02")
    monkeypatch.setattr(AlertStore, "all", lambda self: [alert])
    shown = CliRunner().invoke(app, ["alert", "list"], env=NOWHERE)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.splitlines()[1].split("  ") == [
        "[desk] :key:",
        "urgency:[a TO b] [/desk] --about 2022-02-23",
        "terminal",
    ]


def test_a_bad_name_is_refused_before_a_server_is_asked() -> None:
    shown = CliRunner().invoke(app, ["alert", "add", "a/b", "ferry", "--to", "topic desk"], env=NOWHERE)
    assert isinstance(shown.exception, UserError)
    assert "cannot name an alert" in str(shown.exception)
