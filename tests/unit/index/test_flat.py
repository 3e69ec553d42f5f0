"""Days and quotations in the flat forms that Kibana can show."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.article import Interval, Quotation, Speaker
from pipeline.index.flat import DAYS_MOST, days_spoken_of, quoted


def _days(*bounds: tuple[str, str]) -> list[str]:
    return [day[:10] for day in days_spoken_of(Interval(gte=gte, lt=lt) for gte, lt in bounds)]


def test_an_interval_is_every_day_that_it_touches_and_each_day_is_there_once() -> None:
    assert _days(("2022-02-25", "2022-02-26")) == ["2022-02-25"]
    assert _days(("2022-02-25T18:00:00", "2022-02-26T00:00:00")) == ["2022-02-25"]
    assert _days(("2022-02-25T23:00:00", "2022-02-26T01:00:00")) == ["2022-02-25", "2022-02-26"]
    assert _days(("2022-02-25", "2022-02-26"), ("2022-02-25T09:00", "2022-02-25T09:01")) == ["2022-02-25"]
    assert len(_days(("2024-02-26", "2024-03-04"))) == 7  # a week with a leap day in it
    assert _days(("9999-12-31", "9999-12-31T23:59:59")) == ["9999-12-31"]
    assert _days(("0001-01-01", "0001-01-02")) == ["0001-01-01"]


def test_a_month_is_no_days_and_a_calendar_is_cut() -> None:
    assert _days(("2022-02-01", "2022-03-01"), ("2022-01-01", "2023-01-01")) == []
    weeks = [(f"{year}-{month:02}-01", f"{year}-{month:02}-08") for year in range(1900, 2000) for month in (1, 7)]
    assert len(_days(*weeks)) == DAYS_MOST


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "America/New_York", "Europe/Kyiv", "Pacific/Auckland"])
def test_a_day_is_the_same_day_wherever_its_reader_is(zone: str) -> None:
    for day in ("2022-01-15", "2022-07-15"):  # winter and summer
        (moment,) = days_spoken_of([Interval(gte=day, lt=f"{day}T23:00:00")])
        assert datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).date().isoformat() == day


def test_quotations_stand_with_their_speakers_and_split_ones_together() -> None:
    lie = Speaker(entity="e", canonical="Tormod Lie", text="Lie", start=0, end=3)
    he = Speaker(entity=None, canonical=None, text="the minister", start=0, end=12)
    assert quoted(
        [
            Quotation(text="“Containers”", start=0, end=12, direct=True, group=1, speaker=lie),
            Quotation(text="“Nobody heard”", start=15, end=29, direct=True),
            Quotation(text="“do not care.”", start=30, end=44, direct=True, group=1, speaker=lie),
            Quotation(text="it was late", start=50, end=61, direct=False, speaker=he),
        ]
    ) == ("Tormod Lie: “Containers” “do not care.”", "“Nobody heard”", "the minister: it was late")
    assert quoted([]) == ()
