"""The story of an item: what each event was, which were said before, and what readers see now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline import identity
from pipeline.article import EnrichedArticle
from pipeline.index.advisories import Listed
from pipeline.index.story import Now, events, state
from pipeline.stream.history import Version

NOON = datetime(2024, 5, 30, 12, tzinfo=UTC)
NOON_MS = int(NOON.timestamp() * 1000)


def version(minutes: int, **changes: Any) -> Version:
    fields: dict[str, Any] = {"uri": "urn:x:1", "versionCreated": "2024-05-30T10:00:00Z", "body": ""}
    return Version(EnrichedArticle(**(fields | changes)), 0, minutes, NOON_MS + minutes * 60_000)


def advisory(at: str, uri: str = "urn:x:kill") -> Listed:
    return Listed(
        uri=uri, versionCreated="2024-05-30T11:00:00Z", source=None, names=("BC-Ferry",), killed=("urn:x:1",),
        spared=(), killedAt=at,
    )  # fmt: skip


def test_what_each_event_was_in_the_order_of_arrival() -> None:
    told = events(
        [
            version(9, signals=("reinstated",), pubStatus="withheld", lifts=str(1 << 62)),
            version(0, version="1"),
            version(1, version="2", signals=("correction",)),
            version(2, version="3", signals=("update",)),
            version(3, version="4", pubStatus="withheld"),
            version(4, version="5", embargoed="2024-05-30T13:00:00Z"),
            version(5, version="6", embargoed="2024-05-30T11:00:00Z"),
            version(6, version="2", signals=("correction",)),
            version(7, version="7", pubStatus="canceled"),
        ],
        [advisory("2024-05-30T12:08:00.000+00:00"), advisory("2024-05-30T12:08:30.000+00:00", uri="urn:x:1")],
        uri="urn:x:1",
        source={"pubStatus": "usable", "versionCreated": "2024-05-30T10:00:00Z", "version": "6"},
    )
    assert [event.what for event in told] == [
        *("version", "correction", "update", "withheld", "embargo", "version", "correction", "kill"),
        *("kill by advisory", "reinstatement"),
    ]
    assert [event.version for event in told if event.repeated] == ["2"]
    assert [event.version for event in told if event.current] == ["6"]
    assert told[8].by == "urn:x:kill"
    assert told[0].at == "2024-05-30T12:00:00.000+00:00"


@pytest.mark.parametrize(
    ("source", "current"),
    [
        ({"pubStatus": "canceled", "versionCreated": "2024-05-30T10:00:00Z", "version": "2"}, "kill"),
        ({"pubStatus": "canceled", "versionCreated": "x", "killedBy": "urn:x:kill"}, "kill by advisory"),
        ({}, None),
    ],
)
def test_which_event_the_index_holds(source: dict[str, Any], current: str | None) -> None:
    told = events(
        [version(0, version="2"), version(1, version="2", pubStatus="canceled")],
        [advisory("2024-05-30T12:08:00.000+00:00")],
        uri="urn:x:1",
        source=source,
    )
    assert [event.what for event in told if event.current] == ([current] if current else [])


def document(version: int = 5, **source: Any) -> dict[str, Any]:
    return {"_version": version, "_source": {"pubStatus": "usable", "version": "2", **source}}


def test_what_readers_see_at_a_moment() -> None:
    killed = identity.KILLED + 7
    assert state(None, now=NOON) == Now(state="not indexed")
    assert state(document(), now=NOON).state == "shown"
    assert state(document(embargoed="2024-05-30T12:00:00Z"), now=NOON).state == "shown"
    assert state(document(embargoed="2024-05-30T12:00:01Z"), now=NOON).state == "under embargo"
    assert state(document(pubStatus="withheld"), now=NOON).state == "withheld"
    assert state(document(killed, pubStatus="canceled", killedBy="urn:k"), now=NOON).killedBy == "urn:k"
    assert state(document(killed, pubStatus="canceled"), now=NOON).state == "killed"
    alive = document(killed + identity.LIFE, pubStatus="withheld", signals=["reinstated"])
    assert state(alive, now=NOON) == Now(state="reinstated")
