"""`newswire setup` with a Kibana: real Kafka and Elasticsearch; Kibana is a server that answers as documented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.kibana.build import build
from pipeline.kibana.sources import load
from tests.support.cli import Cli
from tests.support.kibana import SUGGESTIONS, serving
from tests.support.stack import Stack

pytestmark = pytest.mark.servers

OBJECTS = len(build(load()))


@pytest.fixture
def newswire(stack: Stack, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Cli:
    return Cli(monkeypatch, capfdbinary, stack.environment(stack.settings()))


def test_it_waits_for_kibana_and_imports(newswire: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(starting=2) as kibana:
        done = newswire("setup", "--kibana", kibana.url)
        assert len(kibana.objects) == OBJECTS
        assert kibana.settings == {SUGGESTIONS: "terms_agg"}
        assert f"dashboard Newsroom  ({kibana.url}/app/dashboards#/view/newswire-newsroom)" in done.stdout.decode()
        assert b"waiting: " in done.stderr
        monkeypatch.setenv("NEWSWIRE__KIBANA__URL", kibana.url)
        report = json.loads(newswire("setup", "--json").stdout)
        assert {step["done"] for step in report["kibana"]} == {"updated", "unchanged"}
        assert report["topics"]
        assert report["index"]


def test_without_a_kibana_nothing_is_imported(newswire: Cli) -> None:
    assert json.loads(newswire("setup", "--json").stdout)["kibana"] == []


def test_a_kibana_that_stays_away_or_refuses_is_told_after_the_rest_is_done(newswire: Cli) -> None:
    with serving(starting=99) as kibana:
        done = newswire("setup", "--kibana", kibana.url, "--wait", "0.1", status=75)
        assert b"kibana.unreachable" in done.stderr
        assert b"alias news" in done.stdout
    with serving(user="desk:secret") as kibana:
        done = newswire("setup", "--kibana", kibana.url, status=78)
        assert b"kibana.refused" in done.stderr
    assert b"kibana.url" in newswire("setup", "--kibana", "kibana:5601", status=2).stderr


def test_the_objects_can_be_had_as_a_file(newswire: Cli, tmp_path: Path) -> None:
    file = tmp_path / "newswire.ndjson"
    newswire("setup", "--kibana-file", str(file))
    assert len(file.read_bytes().splitlines()) == OBJECTS
    done = newswire("setup", "--kibana-file", str(tmp_path / "no" / "file"), status=2)
    assert b"cannot be written" in done.stderr
