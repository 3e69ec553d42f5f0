"""How many alerts, and how many targets, there may be."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from elasticsearch import Elasticsearch

from pipeline.alerts.model import Alert, Target
from pipeline.alerts.store import MOST, TARGETS_MOST, AlertStore
from pipeline.errors import UserError
from pipeline.index.query import SearchRequest

FERRY = SearchRequest(query="ferry")
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def store(targets: list[Target]) -> tuple[AlertStore, list[Any]]:
    """A store with an alert for each target, and what is added to it."""
    alerts = [
        Alert(id=str(number), name=str(number), request=FERRY, to=to, created=NOW.isoformat())
        for number, to in enumerate(targets)
    ]
    hits = [{"_source": {"alert": msgspec.to_builtins(alert)}} for alert in alerts]
    added: list[Any] = []
    client = SimpleNamespace(
        indices=SimpleNamespace(exists=lambda index: True),
        search=lambda **search: {"hits": {"hits": hits}},
        create=lambda **document: added.append(document["id"]),
    )
    return AlertStore(cast("Elasticsearch", client)), added


def test_alerts_tell_to_a_bounded_number_of_targets_besides_the_terminal() -> None:
    targets = [Target(kind="topic", address=f"desk{number}") for number in range(TARGETS_MOST)]
    kept, added = store([*targets, Target(kind="terminal")])
    kept.add("a", FERRY, Target(kind="terminal"), now=NOW)
    kept.add("b", FERRY, targets[7], now=NOW)
    with pytest.raises(UserError, match="200 topics and webhooks"):
        kept.add("c", FERRY, Target(kind="topic", address="another"), now=NOW)
    assert added == ["a", "b"]


def test_there_are_as_many_alerts_as_a_list_can_hold() -> None:
    kept, added = store([Target(kind="terminal")] * MOST)
    with pytest.raises(UserError, match="10,000 alerts"):
        kept.add("a", FERRY, Target(kind="terminal"), now=NOW)
    assert not added
