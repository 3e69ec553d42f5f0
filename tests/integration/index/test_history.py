"""`newswire history` and `newswire kills` as operators run them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.article import Link
from pipeline.index.reinstate import reinstate
from pipeline.stream.topics import create_topics
from tests.integration.index.conftest import Index
from tests.integration.index.test_reinstate import push_enriched, topic
from tests.support.cli import Cli

pytestmark = pytest.mark.servers


@pytest.fixture
def newswire(
    stack: Any, index: Index, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Cli:
    create_topics(index.settings)
    return Cli(monkeypatch, capfdbinary, stack.environment(index.settings))


def test_the_story_of_an_item_from_its_first_version_to_its_reinstatement(index: Index, newswire: Cli) -> None:
    number = f"V1{index.name[-6:]}"
    first = index.article(1, version="1", headline="Ferry sails", altIds=(number,))
    second = index.article(1, version="2", headline="Ferry sails on", signals=("correction",))
    link = Link(rel="kills", href=number)
    kill = index.article(9, pubStatus="canceled", versionCreated="2022-03-09T12:00:00Z", links=(link,))
    open_ = index.article(8, pubStatus="canceled", links=(Link(rel="kills", href=f"V2{index.name[-6:]}"),))
    for article in (first, second, kill, open_):
        push_enriched(index, article)
        index.say(article)

    told = json.loads(newswire("history", first.uri, "--json").stdout)
    assert told["now"] | {"versionCreated": None} == {
        "state": "killed", "version": kill.version, "versionCreated": None, "embargoed": None, "killedBy": kill.uri,
    }  # fmt: skip
    assert [(event["what"], event["version"]) for event in told["events"]] == [
        ("version", "1"),
        ("correction", "2"),
        ("kill by advisory", None),
    ]
    assert told["events"][2]["by"] == kill.uri
    assert [event["current"] for event in told["events"]] == [False, False, True]
    assert index.numbers() == []

    listed = {one["uri"]: one for one in map(json.loads, newswire("kills", "--json").stdout.splitlines())}
    assert listed[kill.uri]["killed"] == [first.uri]
    assert listed[kill.uri]["names"] == [number]
    unmatched = newswire("kills", "--unmatched").stdout.decode()
    assert open_.uri in unmatched
    assert "nothing that it names has come yet" in unmatched
    assert kill.uri not in unmatched

    reinstate(index.settings, index.client, first.uri)
    again = topic(index, index.settings.topics.wire)
    push_enriched(index, *again)
    index.say(*again)
    shown = newswire("history", first.uri).stdout.decode()
    assert "now: readers see it (version 2)" in shown
    lines = shown.splitlines()
    assert "reinstatement" in lines[3]
    assert lines[4].startswith("* ")
    assert "Ferry sails on" in lines[4]
    assert index.numbers() == [1]


def test_of_what_nobody_ever_spoke_there_is_no_story(index: Index, newswire: Cli) -> None:
    done = newswire("history", f"{index.name}:none", status=2)
    assert b"nothing was ever said of it" in done.stderr
