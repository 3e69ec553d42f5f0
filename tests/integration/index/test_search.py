"""Searching on the real server: what is found, what never is, and how little a hostile query costs."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.article import Interval, Timex
from pipeline.errors import UserError
from pipeline.index import daterange
from pipeline.index.search import Passage
from tests.integration.index.conftest import Index, answered_soon

pytestmark = pytest.mark.servers


def test_words_find_their_other_forms_and_names_without_their_accents(index: Index) -> None:
    index.write(index.article(1))
    for query in (
        "negotiating",
        '"we have negotiated"',
        "poldmaa ferries",
        "PÕLDMAA's",
        "Juri Poldmaa",
        "person:poldmaa",
    ):
        assert index.numbers(query) == [1], query
    for query in ('"we have negotiating"', "ferry submarine", "person:ferry", "ferry NOT harbour"):
        assert index.numbers(query) == [], query


def test_every_word_occurs_in_whatever_field_and_best_all_of_them_in_one(index: Index) -> None:
    index.write(
        index.article(1, headline="Windmill sails", body="Turned by the orchard, where nothing else happened."),
        index.article(2, headline="Windmill of the orchard", body="It turned, and nothing else happened."),
        index.article(3, headline="Notes of the day", body="A windmill turned, and nothing else happened."),
    )
    assert index.numbers("windmill orchard") == [2, 1]
    assert index.numbers("(windmill orchard) turned") == [2, 1]
    assert index.numbers("windmill orchard -sails") == [2]
    assert index.numbers("windmill submarine") == []


def test_the_headline_and_the_exact_word_come_first(index: Index) -> None:
    index.write(
        index.article(1, headline="Notes of the day", body="A man of many powers sailed. Nothing else happened."),
        index.article(2, headline="Notes of the day", body="A man of much power sailed. Nothing else happened."),
        index.article(3, headline="Power restored", body="The lights are on again and nothing else happened."),
    )
    assert index.numbers("power") == [3, 2, 1]


def test_a_name_is_found_in_every_form_that_the_text_has(index: Index) -> None:
    index.write(index.article(1))
    for name in ("Jüri Põldmaa", "juri poldmaa", "POLDMAA", "Põldmaa"):
        assert index.numbers(people=(name,)) == [1], name
    assert index.numbers(people=("Poldmaa", "Brandt")) == [1]
    for name in ("Baltic", "Tartu", "Juri Brandt"):
        assert index.numbers(people=(name,)) == [], name
    assert index.numbers(organizations=("baltic ferry union",), places=("tartu",)) == [1]
    assert index.numbers(places=("Tallinn",)) == [1]  # its dateline


def test_about_finds_the_days_spoken_of_whenever_it_was_published(index: Index) -> None:
    index.write(index.article(1))
    (hit,) = [hit for hit in index.found(about=daterange.parse("2022-03-08")).hits if hit.uri.startswith(index.name)]
    assert [(date.text, date.value) for date in hit.dates] == [("late on Tuesday", "2022-03-08TEV")]
    assert index.numbers(about=daterange.parse("2022-03")) == [1]
    assert index.numbers(about=daterange.parse("2022")) == [1]
    assert index.numbers(about=daterange.parse("2022-03-09")) == []  # the day of publication; "in 2022" is no day
    assert index.numbers(about=daterange.parse("2022-03-09"), about_widely=True) == [1]


def test_the_local_day_counts_wherever_the_reader_is(index: Index) -> None:
    # half past one on the 8th in Auckland is still the 7th in UTC
    early = Timex(
        text="1:30",
        start=0,
        end=4,
        type="TIME",
        value="2022-03-08T01:30",
        interval=Interval(gte="2022-03-08T01:30:00+13:00", lt="2022-03-08T01:31:00+13:00"),
    )
    index.write(index.article(1, dates=(early,)))
    assert index.numbers(about=daterange.parse("2022-03-08")) == [1]
    assert index.numbers(about=daterange.parse("2022-03-07")) == []


def test_what_is_said_of_exactly_these_days_comes_before_what_only_touches_them(index: Index) -> None:
    def spoken(gte: str, lt: str) -> tuple[Timex, ...]:
        return (Timex(text="then", start=0, end=4, type="DATE", value=gte, interval=Interval(gte=gte, lt=lt)),)

    index.write(
        index.article(1, dates=spoken("2022-01-01", "2023-01-01")),
        index.article(2, dates=spoken("2022-03-08T10:00:00", "2022-03-08T11:00:00")),
        index.article(3, dates=spoken("2022-03-08", "2022-03-09")),
    )
    asked = daterange.parse("2022-03-08")
    assert index.numbers(about=asked) == [3, 2]
    assert index.numbers(about=asked, about_widely=True) == [3, 2, 1]


def test_speaker_words_and_day_are_of_one_quotation(index: Index) -> None:
    index.write(index.article(1))
    (hit,) = [hit for hit in index.found(speakers=("poldmaa",)).hits if hit.uri.startswith(index.name)]
    assert [(said.speaker, said.said) for said in hit.quotations] == [("Jüri Põldmaa", "2022-03-08")]
    day = daterange.parse("2022-03-08")
    assert index.numbers(speakers=("Põldmaa",), quote="negotiate weeks", said=day) == [1]
    assert index.numbers(quote="negotiate") == [1]
    assert index.numbers(speakers=("Brandt",), quote="negotiate") == []
    assert index.numbers(speakers=("Põldmaa",), quote="ferry") == []
    assert index.numbers(speakers=("Põldmaa",), said=daterange.parse("2022-03-09")) == []


def test_publication_counts_in_utc(index: Index) -> None:
    index.write(index.article(1, versionCreated="2022-03-09T01:00:00+02:00"))
    assert index.numbers(published=daterange.parse("2022-03-08")) == [1]
    assert index.numbers(published=daterange.parse("2022-03-09..")) == []


def test_an_embargoed_article_is_found_from_its_second_on(index: Index) -> None:
    in_vain: list[datetime] = []  # when it was asked for and not found
    seconds = 4
    while not in_vain:  # on a slow machine the embargo may end before the first question
        assert seconds < 200, "it was found at once"
        until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
        index.write(index.article(1, embargoed=until.isoformat()))
        asked = datetime.now(UTC)
        while not index.numbers("ferry"):
            in_vain.append(asked)
            assert asked < until + timedelta(seconds=30)
            asked = datetime.now(UTC)
        seconds *= 2
    # the question that first found it was still under way at `until`, or later
    assert datetime.now(UTC) >= until
    assert max(in_vain) < until + timedelta(seconds=3)


def test_killed_and_withheld_articles_are_never_found(index: Index) -> None:
    index.write(index.article(1), index.article(2), index.article(3, pubStatus="withheld"))
    assert sorted(index.numbers()) == [1, 2]
    index.write(index.article(1, pubStatus="canceled"))
    assert index.numbers() == [2]
    for query in ("pubStatus:canceled", "pubStatus:withheld", f'id:"{index.name}:1"', "NOT pubStatus:usable"):
        assert index.numbers(query) == [], query


def test_what_matched_is_marked_and_a_text_without_headline_shows_its_beginning(index: Index) -> None:
    index.write(index.article(1, headline=None))
    (hit,) = index.found(f'id:"{index.name}:1" negotiate').hits
    assert [segment.text for passage in hit.passages for segment in passage if segment.matched] == ["negotiated"]
    (hit,) = index.found(f'id:"{index.name}:1"').hits
    assert hit.headline == ()
    assert hit.passages[0][0].text.startswith("TALLINN, March 9 (NWT) - Minister")
    (hit,) = index.found(f'id:"{index.name}:1" negotiate').hits
    assert hit.beginning.startswith("TALLINN, March 9 (NWT) - Minister")


@pytest.mark.parametrize(
    "query", ["windmill orchard", '"windmill" orchard', "the windmill and orchards", "windmill OR orchard"]
)
def test_words_are_marked_where_they_stand_though_no_field_has_all_of_them(index: Index, query: str) -> None:
    article = index.article(1, headline="Windmill sails", body="Turned by the orchard, where nothing else happened.")
    index.write(article)
    (hit,) = index.found(f'{query} id:"{article.uri}"').hits
    assert _matched(hit.headline) == ["Windmill"]
    assert [_matched(passage) for passage in hit.passages] == [["orchard"]]


def _matched(passage: Passage) -> list[str]:
    return [segment.text for segment in passage if segment.matched]


@pytest.mark.parametrize("query", ["AND", "ferry AND", "OR ferry", "ferry^", "ferry~9", "(((", "NOT", 'a AND OR "b"'])
def test_a_query_that_cannot_be_read_is_the_users_to_mend(index: Index, query: str) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        index.found(query)


@pytest.mark.parametrize(
    "query",
    [
        "/.*.*.*.*.*x/",
        "a?b?c?d?e?f?g?h?i",
        "f*e*r*r*y* h*a*r*",
        "(" * 10 + "ferry" + ")" * 10,
        " ".join(f"word{number}" for number in range(100)),
        " OR ".join(f"word{number}" for number in range(60)),
        "ferry~2 " * 4,
        '"' + "the ferry " * 49 + '"',
        "published:[* TO *] AND NOT (ferry OR NOT ferry)",
        "\\" * 1999,
        '"' * 1999,
        "a:" * 999,
        "‮ferry\x00\x1b[2J",
    ],
)
def test_a_hostile_query_is_answered_within_a_second(index: Index, query: str) -> None:
    index.write(index.article(1))

    def ask() -> None:
        with contextlib.suppress(UserError):
            index.found(query)

    assert answered_soon(index, ask)
