"""Which items of a feed are new, and the date that makes a change win over what it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import PubStatus, WireArticle
from pipeline.feeds.items import PAGE_TRIES, Fresh, digest_of, fresh, highest_of_each
from pipeline.feeds.state import Item
from pipeline.identity import external_version
from pipeline.wire import parse

NOW = datetime(2022, 3, 1, 12, tzinfo=UTC)


def article(body: str = "It rained.", *, date: str | None = "2022-02-26T10:00:00Z", **changes: object) -> WireArticle:
    made = WireArticle(
        uri="u", versionCreated=date or NOW.isoformat(), firstCreated=date, body=body, wireFormat="rss"
    )
    return msgspec.structs.replace(made, **changes)


def one(new: WireArticle, known: Item | None = None, *, now: datetime = NOW, full_text: bool = False) -> Fresh | None:
    found = fresh([new], {"u": known} if known else {}, full_text=full_text, now=now)
    return found[0] if found else None


def pushed(new: WireArticle, known: Item | None = None, *, now: datetime = NOW) -> Item:
    found = one(new, known, now=now)
    assert found is not None
    return found.acknowledged()


def test_what_is_known_is_not_new() -> None:
    known = pushed(article())
    assert one(article(), known) is None
    for changed in (article("It snowed."), article(date="2022-02-26T11:00:00Z"), article(headline="Rain")):
        assert one(changed, known) is not None


def test_a_later_date_of_its_own_stands_and_any_other_gives_way_to_the_sighting() -> None:
    known = pushed(article())
    later = one(article("It snowed.", date="2022-02-26T11:00:00Z"), known)
    assert later is not None
    assert later.article.versionCreated == "2022-02-26T11:00:00Z"
    same = one(article("It snowed."), known)
    assert same is not None
    assert same.article.versionCreated == "2022-03-01T12:00:00.000+00:00"
    assert same.article.firstCreated == "2022-02-26T10:00:00Z"


@given(st.lists(st.tuples(st.integers(-400, 400), st.integers(-30, 30), st.sampled_from(["", "1", "7", "99"]))))
def test_every_change_wins_whatever_the_dates(changes: list[tuple[int, int, str]]) -> None:
    known: Item | None = None
    now = NOW
    for number, (minutes, passed, version) in enumerate(changes):
        now += timedelta(seconds=passed)  # clocks go back, too
        date = (now + timedelta(minutes=minutes)).isoformat()
        found = one(article(str(number), date=date, version=version or None), known, now=now)
        assert found is not None
        rank = external_version(found.article)
        assert known is None or known.rank is None or rank > known.rank
        known = found.acknowledged()


def test_a_sighting_keeps_its_date_until_kafka_has_it() -> None:
    known = pushed(article())
    first = one(article("It snowed."), known)
    assert first is not None
    noted = replace(known, next_digest=first.digest, next_created=first.article.versionCreated)
    again = one(article("It snowed."), noted, now=NOW + timedelta(hours=1))
    assert again is not None
    assert again.article == first.article
    other = one(article("It hailed."), noted, now=NOW + timedelta(hours=1))
    assert other is not None
    assert other.article.versionCreated > first.article.versionCreated


def test_the_feeds_own_date_is_no_change() -> None:
    feed = "<rss version='2.0'><channel><title>T</title><pubDate>{}</pubDate><item><guid>g</guid><title>A</title>{}"
    feed += "</item></channel></rss>"
    built = ("Sat, 26 Feb 2022 12:00:00 GMT", "Sun, 27 Feb 2022 12:00:00 GMT")
    for own in ("", "<pubDate>Sat, 26 Feb 2022 10:00:00 GMT</pubDate>"):
        one, other = (parse(feed.format(date, own).encode(), format="xml", now=NOW)[0] for date in built)
        assert digest_of(one) == digest_of(other)
    one, other = (
        parse(feed.format("", f"<pubDate>{date}</pubDate>").encode(), format="xml", now=NOW)[0] for date in built
    )
    assert digest_of(one) != digest_of(other)


def test_a_deleted_entry_without_a_time_is_killed_once() -> None:
    feed = b"<feed xmlns='http://www.w3.org/2005/Atom'><deleted-entry ref='tag:a'/></feed>"
    known = pushed(parse(feed, format="xml", now=NOW)[0])
    (again,) = parse(feed, format="xml", now=NOW + timedelta(hours=1))
    assert again.pubStatus == "canceled"
    assert fresh([again], {again.uri: known}, full_text=True, now=NOW) == []


def test_a_page_is_tried_again_and_then_left() -> None:
    known = pushed(article())
    for tries in range(PAGE_TRIES):
        again = one(article(), replace(known, page_tries=tries), full_text=True)
        assert again is not None
        assert again.page_wanted
        assert again.page_tries == tries
        assert again.again is not None
        assert external_version(again.article) > (known.rank or 0)
    assert one(article(), replace(known, page_tries=PAGE_TRIES), full_text=True) is None
    assert one(article(), replace(known, page=True), full_text=True) is None
    killed: PubStatus = "canceled"
    kill = one(article(pubStatus=killed), known, full_text=True)
    assert kill is not None
    assert not kill.page_wanted


def test_an_id_that_is_there_twice_counts_once() -> None:
    old, new = article("old"), article("new", date="2022-02-26T11:00:00Z")
    assert highest_of_each([old, new, old]) == [new]
    assert highest_of_each([article("first"), article("second")]) == [article("first")]
