"""What is told of an article: the comparison of what was told with what readers see now."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime

import pytest

from pipeline.alerts.model import Alert, Article, Entry, Target, check_name, concerns, decide, target, telling
from pipeline.alerts.targets import signature
from pipeline.errors import UserError
from pipeline.index.query import SearchRequest

ALERT = Alert(
    id="a",
    name="ferries",
    request=SearchRequest(query="ferry"),
    to=Target(kind="terminal"),
    created="2026-01-02T00:00Z",
)


def article(version: int = 100, *, shown: bool = True, killed: bool = False, matching: str = "a") -> Article:
    return Article(uri="urn:1", version=version, shown=shown, killed=killed, matching=frozenset(matching))


@pytest.mark.parametrize(
    ("told", "now", "kinds"),
    [
        ({}, article(), ["new"]),
        ({}, article(matching=""), []),
        ({}, article(shown=False, matching=""), []),
        ({"a": Entry(version=1)}, article(100), []),
        ({"a": Entry(version=1)}, article(199), []),  # enriched again
        ({"a": Entry(version=1)}, article(200), ["correction"]),
        ({"a": Entry(version=2)}, article(100), []),  # an older version that comes late
        ({"a": Entry(version=1)}, article(200, matching=""), ["withdrawn"]),
        ({"a": Entry(version=1)}, article(200, shown=False, matching=""), ["withdrawn"]),
        ({"a": Entry(version=1)}, article(1 << 62, shown=False, killed=True, matching=""), ["kill"]),
        ({"a": Entry(version=1, gone=True)}, article(1 << 62, shown=False, killed=True, matching=""), []),
        ({"a": Entry(version=1, gone=True)}, article(200), ["new"]),
        ({"b": Entry(version=1)}, article(100), ["new", "withdrawn"]),
    ],
)
def test_what_is_told(told: dict[str, Entry], now: Article, kinds: list[str]) -> None:
    news = list(decide(now, told))
    assert [kind for _, kind, _ in news] == kinds
    after = told | {alert: entry for alert, _, entry in news}
    assert not list(decide(now, after)), "asked again, there is nothing to tell"


def test_a_telling_is_the_same_however_often_it_is_made_and_a_kill_tells_nothing_of_the_story() -> None:
    source = {"headline": "Ferry", "people": ["A"], "uri": "urn:1", "event": {"created": "x"}}
    seen = Article(uri="urn:1", version=100, shown=True, source=source)
    first, again = (telling(ALERT, "new", seen, time=time) for time in ("2026-01-03", "2026-01-04"))
    assert first.id == again.id
    assert (first.headline, first.people) == ("Ferry", ("A",))
    killed = telling(ALERT, "kill", seen, time="2026-01-03")
    assert (killed.headline, killed.people) == (None, ())
    assert killed.id != first.id


@pytest.mark.parametrize(
    ("arrived", "new"),
    [(None, True), (datetime(2026, 1, 1, tzinfo=UTC), False), (datetime(2026, 1, 3, tzinfo=UTC), True)],
)
def test_what_was_there_before_the_alert_is_not_new(arrived: datetime | None, new: bool) -> None:
    assert concerns(ALERT, Article(uri="urn:1", version=1, shown=True, arrived=arrived)) is new


def test_targets_and_names_as_they_are_typed() -> None:
    assert target(["terminal"]) == Target(kind="terminal")
    assert target(["webhook", "https://desk.example/x?y=1"]).address == "https://desk.example/x?y=1"
    assert target(["topic", "desk.news"]) == Target(kind="topic", address="desk.news")
    for wrong in (
        "webhook",
        "webhook file:///etc/passwd",
        "webhook http://",
        "topic a/b",
        "topic ..",
        "mail x",
        "topic w",
    ):
        with pytest.raises(UserError):
            target(wrong.split(), forbidden=("w",))
    for wrong in ("", " a", "a/b", "a\nb", "x" * 201):
        with pytest.raises(UserError):
            check_name(wrong)
    assert check_name("Minsk talks") == "Minsk talks"


def test_the_signature_is_hmac_sha256_of_time_and_body() -> None:
    expected = hmac.new(b"k", b"1.{}", "sha256").hexdigest()
    assert signature(b"{}", secret=b"k", seconds=1) == f"t=1,v1={expected}"
