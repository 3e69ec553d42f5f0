from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.enrich.dates.calendar import (
    MONTHS,
    ORDER,
    Granule,
    add_months,
    granule,
    make_day,
    month_granule,
    nth_weekday,
    season_granule,
)
from pipeline.enrich.dates.holidays import KNOWN, easter

DAYS = st.dates(min_value=date(2, 1, 1), max_value=date(9000, 12, 31))


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("day", "2016-01-02"),
        ("week", "2015-W53"),
        ("weekend", "2015-W53-WE"),
        ("month", "2016-01"),
        ("quarter", "2016-Q1"),
        ("half", "2016-H1"),
        ("season", "2015-WI"),
        ("year", "2016"),
        ("decade", "201"),
        ("century", "20"),
        ("millennium", "2"),
    ],
)
def test_the_units_around_a_day_are_written_as_timex3_writes_them(unit: str, value: str) -> None:
    assert granule(unit, date(2016, 1, 2)).value == value


@given(DAYS, st.sampled_from(ORDER))
def test_a_unit_holds_its_day_and_ends_where_the_next_begins(day: date, unit: str) -> None:
    place = granule(unit, day)
    assert place.valid
    assert place.first < place.next_first
    if unit != "weekend":
        assert place.first <= day < place.next_first
        assert place.shift(1).first == place.next_first


@given(st.sampled_from(ORDER), st.integers(-10_000, 10_000_000))
def test_every_valid_unit_can_be_told(unit: str, number: int) -> None:
    place = Granule(unit, number)
    if place.valid:
        assert place.first < place.next_first
        assert place.value


@given(DAYS, st.integers(-200_000, 200_000))
def test_adding_months_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    found = add_months(day, months)
    if found is not None:
        assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
        assert found.day == day.day or (found.day < day.day and granule("month", found).next_first.day == 1)


def test_days_that_do_not_exist() -> None:
    assert make_day(2013, 2, 29) is None
    assert make_day(0, 1, 1) is None
    assert add_months(date(2013, 1, 31), 1) == date(2013, 2, 28)


def test_seasons_and_weekdays_of_months() -> None:
    assert season_granule(2010, 3).first == date(2010, 12, 1)
    assert month_granule(2013, 12).next_first == date(2014, 1, 1)
    thanksgiving = nth_weekday(2013, 11, 3, 4)
    assert thanksgiving is not None
    assert thanksgiving.first == date(2013, 11, 28)
    assert set(MONTHS) < set(ORDER)


@pytest.mark.parametrize(
    ("year", "day"),
    [(1999, date(1999, 4, 4)), (2000, date(2000, 4, 23)), (2008, date(2008, 3, 23)), (2011, date(2011, 4, 24))],
)
def test_easter(year: int, day: date) -> None:
    found = easter(year)
    assert found is not None
    assert found.first == day


@pytest.mark.parametrize("key", KNOWN)
@pytest.mark.parametrize("year", [-1, 0, 1, 1900, 2022, 9998, 10_000])
def test_every_holiday_has_a_day_in_every_year_of_the_calendar(key: str, year: int) -> None:
    found = KNOWN[key](year)
    assert (found is not None) == (1 <= year <= 9998) or year == 10_000 or year < 1
    if found is not None and 1 < year < 9998:
        assert found.first.year == year


HOLIDAYS = {
    "king": date(2022, 1, 17),
    "presidents": date(2022, 2, 21),
    "memorial": date(2022, 5, 30),
    "labor": date(2022, 9, 5),
    "columbus": date(2022, 10, 10),
    "election": date(2022, 11, 8),
    "thanksgiving": date(2022, 11, 24),
    "black-friday": date(2022, 11, 25),
    "ash-wednesday": date(2022, 3, 2),
    "pentecost": date(2022, 6, 5),
    "mother": date(2022, 5, 8),
    "father": date(2022, 6, 19),
}


@pytest.mark.parametrize("key", HOLIDAYS)
def test_moving_holidays_of_2022(key: str) -> None:
    found = KNOWN[key](2022)
    assert found is not None
    assert found.first == HOLIDAYS[key]
