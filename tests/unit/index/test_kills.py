"""Which items a kill advisory kills: pure, and what must be killed does not depend on the order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Link, WireArticle
from pipeline.index import kills

WINDOW = timedelta(days=14)
NOON = "2024-05-30T12:00:00Z"


def article(uri: str = "urn:x:1", /, **changes: Any) -> WireArticle:
    fields: dict[str, Any] = {"versionCreated": "2024-05-30T10:00:00Z", "body": "Text.", "source": "NWT"}
    return WireArticle(uri=uri, **(fields | changes))


def advisory(*hrefs: str, title: str | None = None, created: str = NOON, **changes: Any) -> kills.Advisory:
    links = [Link(rel="kills", href=href) for href in hrefs]
    links += [Link(rel="kills", title=title)] if title else []
    made = kills.advisory(
        article("urn:x:kill", pubStatus="canceled", versionCreated=created, links=tuple(links), **changes)
    )
    assert made is not None
    return made


def item(*arguments: Any, **changes: Any) -> kills.Item:
    made = kills.item(article(*arguments, **changes))
    assert made is not None
    return made


def killed(told: kills.Advisory, *items: kills.Item) -> tuple[str, ...]:
    return kills.decide(told, items, window=WINDOW).killed


def test_an_advisory_of_the_last_day_of_the_calendar_means_what_came_before() -> None:
    for created in ("9999-12-31", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:30Z"):
        told = advisory("V1", created=created)
        assert told.until.year == 9999
        assert killed(told, item(versionCreated="9999-12-30T12:00:00Z", altIds=("V1",))) == ("urn:x:1",)


def test_only_what_lifts_a_kill_is_no_item() -> None:
    lifting = article(signals=("reinstated",), pubStatus="withheld", lifts=str(1 << 62))
    assert kills.item(lifting) is None
    assert killed(advisory("V1"), item(signals=("reinstated",), altIds=("V1",))) == ("urn:x:1",)


@pytest.mark.parametrize(
    ("said", "having"),
    [
        ("URN:X:1", {}),
        ("urn:newsml:nwt.example:20240530:ferry:3U", {"altIds": ("urn:newsml:nwt.example:20240530:ferry:1",)}),
        ("http://NWT.example/ferry/", {"links": (Link(rel="alternate", href="https://nwt.example/ferry#top"),)}),
        ("V1234", {"altIds": ("v1234",)}),
        ("0123", {"altIds": ("NWT0123",)}),
        ("BC-EU--Ferry", {"slugline": "BC-EU--Ferry, 2nd Ld-Writethru"}),
        ("bc-ferry", {"slugline": "BC-Ferry,KILL"}),
    ],
)
def test_ways_of_naming_an_item(said: str, having: dict[str, Any]) -> None:
    assert killed(advisory(said), item(**having)) == ("urn:x:1",)


def test_a_headline_names_an_item_but_a_word_of_it_does_not() -> None:
    ferry = item(headline="Ferry sails again, minister says")
    assert killed(advisory(title="Ferry sails  again, minister says."), ferry) == ("urn:x:1",)
    labelled = item(headline="UPDATE 2-CORRECTED-Ferry sails again, minister says")
    assert killed(advisory(title="Ferry sails again, minister says"), labelled) == ("urn:x:1",)
    assert killed(advisory(title="Update on ferries"), item(headline="Update on trains")) == ()
    assert killed(advisory(title="Ferry sails again"), ferry) == ()
    assert killed(advisory("Ferry"), ferry) == ()


@pytest.mark.parametrize(
    "having",
    [
        {"links": (Link(rel="related", href="https://nwt.example/ferry"),)},
        {"body": "https://nwt.example/ferry"},
        {"links": (Link(rel="kills", href="https://nwt.example/ferry"),)},
    ],
)
def test_what_an_item_only_speaks_of_is_no_name_of_it(having: dict[str, Any]) -> None:
    assert killed(advisory("https://nwt.example/ferry"), item(**having)) == ()


def test_an_address_is_one_items_for_ever_and_a_slug_is_not() -> None:
    old = {"versionCreated": "2020-01-01T00:00:00Z", "source": "Other", "slugline": "BC-Ferry"}
    assert killed(advisory("urn:x:1"), item(**old)) == ("urn:x:1",)
    for changes in (old, old | {"source": "NWT"}, old | {"versionCreated": NOON}):
        assert killed(advisory("BC-Ferry"), item(**changes)) == ()
    assert killed(advisory("BC-Ferry"), item(slugline="BC-Ferry", versionCreated="2024-05-30T12:02:00Z")) == ()
    # a story of the same day, where the advisory tells the day alone; and one whose source nobody tells
    day = advisory("BC-Ferry", created="2024-05-30")
    assert killed(day, item(slugline="BC-Ferry", source=None)) == ("urn:x:1",)


def test_a_later_version_belongs_to_an_item_that_came_out_before() -> None:
    later = item(slugline="BC-Ferry", versionCreated="2024-06-02T00:00:00Z", firstCreated="2024-05-30T09:00:00Z")
    assert killed(advisory("BC-Ferry"), later) == ("urn:x:1",)
    assert kills.item(article(firstCreated="some day")) is not None


def test_of_several_the_newest_and_the_others_are_spared() -> None:
    items = [item(f"urn:x:{n}", slugline="BC-Ferry", versionCreated=f"2024-05-{n}T10:00:00Z") for n in (27, 29, 28)]
    decision = kills.decide(advisory("BC-Ferry"), items, window=WINDOW)
    assert decision == kills.Decision(killed=("urn:x:29",), spared=("urn:x:27", "urn:x:28"), known=True)


def test_a_slug_says_nothing_further_where_an_address_or_a_number_says_which() -> None:
    named = item("urn:x:1", slugline="BC-Ferry", altIds=("V0001",), versionCreated="2024-05-29T10:00:00Z")
    newer = item("urn:x:2", slugline="BC-Ferry", altIds=("V0002",))
    assert killed(advisory("BC-Ferry", "urn:x:1"), named, newer) == ("urn:x:1",)
    assert killed(advisory("BC-Ferry", "V0001"), named, newer) == ("urn:x:1",)
    assert killed(advisory("BC-Ferry", "BC-Train"), named, newer, item("urn:x:3", slugline="BC-Train")) == (
        "urn:x:2",
        "urn:x:3",
    )


def test_the_kill_under_an_items_own_id_means_that_item() -> None:
    own = item("urn:x:kill", slugline="BC-Ferry", versionCreated="2024-05-29T10:00:00Z")
    decision = kills.decide(advisory("BC-Ferry"), [own, item("urn:x:2", slugline="BC-Ferry")], window=WINDOW)
    assert decision == kills.Decision(killed=(), spared=(), known=True)


def test_kills_are_no_items_and_what_names_nothing_is_no_advisory() -> None:
    assert kills.item(article(pubStatus="canceled")) is None
    assert kills.item(article(signals=("reinstated",), lifts=str(1 << 62))) is None
    assert kills.advisory(article(pubStatus="canceled")) is None
    assert kills.advisory(article(links=(Link(rel="kills", href="BC-Ferry"),))) is None


ITEMS = st.lists(
    st.builds(
        item,
        st.sampled_from(["urn:x:1", "urn:x:2", "urn:x:3"]),
        slugline=st.sampled_from([None, "BC-Ferry", "BC-Train"]),
        altIds=st.sampled_from([(), ("V0001",), ("V0002",)]),
        versionCreated=st.datetimes(datetime(2024, 5, 29), datetime(2024, 5, 31)).map(
            lambda at: f"{at.isoformat()}Z"
        ),
        source=st.sampled_from([None, "NWT", "Other"]),
    ),
    max_size=6,
)


@given(ITEMS, st.randoms())
def test_what_must_be_killed_is_killed_in_every_order(items: list[kills.Item], chance: Any) -> None:
    told = advisory("BC-Ferry", "V0001")
    wanted = set(killed(told, *items))
    chance.shuffle(items)
    assert set(killed(told, *items)) == wanted
    step_by_step: set[str] = set()
    for count in range(len(items) + 1):
        if count and not kills.may_mean(told, items[count - 1], window=WINDOW):
            continue  # the worker does not look at the advisory for such an item
        step_by_step.update(killed(told, *items[:count]))
    assert wanted <= step_by_step
