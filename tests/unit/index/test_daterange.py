"""Ranges of dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UserError
from pipeline.index.daterange import DateRange, parse, written


@pytest.mark.parametrize(
    ("text", "gte", "lt"),
    [
        ("2022-02-23", date(2022, 2, 23), date(2022, 2, 24)),
        ("2022-02", date(2022, 2, 1), date(2022, 3, 1)),
        ("2022-12", date(2022, 12, 1), date(2023, 1, 1)),
        ("2022", date(2022, 1, 1), date(2023, 1, 1)),
        ("2022-02-21..2022-02-27", date(2022, 2, 21), date(2022, 2, 28)),
        ("2022-01..2022-02", date(2022, 1, 1), date(2022, 3, 1)),
        (" 2022-02-21 .. 2022-02-21 ", date(2022, 2, 21), date(2022, 2, 22)),
        ("2022-02..", date(2022, 2, 1), None),
        ("..2022-02-23", None, date(2022, 2, 24)),
        ("2020-2-9", date(2020, 2, 9), date(2020, 2, 10)),
    ],
)
def test_whole_days_both_ends_included(text: str, gte: date | None, lt: date | None) -> None:
    assert parse(text) == DateRange(gte=gte, lt=lt)
    assert parse(written(parse(text))) == parse(text)


def test_a_day_is_written_as_one_and_a_range_with_its_last_day() -> None:
    assert [written(parse(text)) for text in ("2022-02-23", "2022-02", "2022-02..", "..2022-02-23")] == [
        "2022-02-23",
        "2022-02-01..2022-02-28",
        "2022-02-01..",
        "..2022-02-23",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "..", "yesterday", "2022-02-30", "2022-13", "23.02.2022", "2022-03..2022-02", "2022-02-23T10:00", "0000"],
)
def test_anything_else_is_refused_with_what_would_do(text: str) -> None:
    with pytest.raises(UserError, match=r"is not a range of dates|not a date of the calendar|ends before"):
        parse(text)


@given(st.dates(), st.dates())
def test_a_range_of_any_two_dates_holds_both(one: date, other: date) -> None:
    first, last = sorted((one, other))
    days = parse(f"{first.isoformat()}..{last.isoformat()}")
    assert days.gte == first
    assert days.lt is not None
    assert days.lt > last or last == date.max


@given(st.text(max_size=30))
def test_any_text_is_a_range_or_a_clear_error(text: str) -> None:
    try:
        days = parse(text)
    except UserError:
        return
    assert days.gte or days.lt
