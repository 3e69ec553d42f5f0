"""The demo's articles: what they must contain, and that their calendar is right (a weekday belongs to its date)."""

from __future__ import annotations

import calendar
import json
import re
from collections import defaultdict
from datetime import date, datetime
from typing import Any

import pytest

from pipeline.resources import resource

FOLDER = resource("config/demo/articles")
FILES = sorted(FOLDER.iterdir())
MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
WEEKDAYS = list(calendar.day_name)
WEEKDAY_AND_DATE = re.compile(
    rf"\b({'|'.join(WEEKDAYS)}),? (\d{{1,2}}) ({'|'.join(MONTHS)})(?: (\d{{4}}))?\b"  # Thursday, 15 May 2025
)
DATELINE = re.compile(rf"^\S.{{2,40}}?, ({'|'.join(MONTHS)}) (\d{{1,2}}) \((Meridian|Nordpress)\) - ")
TEXT_HEAD = re.compile(r"^ date (\d{4}-\d{2}-\d{2}) ")


def _items() -> list[tuple[str, dict[str, Any]]]:
    return [(path.name, json.loads(path.read_text("utf-8"))) for path in FILES if path.suffix == ".json"]


def _texts() -> list[tuple[str, str, date]]:
    found = []
    for name, item in _items():
        day = datetime.fromisoformat(item["versionCreated"]).date()
        found.append((name, item["bodies"][0]["value"], day))
    for path in FILES:
        if path.suffix == ".txt":
            text = path.read_text("utf-8")
            head = TEXT_HEAD.match(text)
            assert head, f"{path.name} has the form of plain text: ' date YYYY-MM-DD text'"
            found.append((path.name, text, date.fromisoformat(head.group(1))))
    return found


TEXTS = _texts()


def test_there_are_at_least_36_items_of_both_formats() -> None:
    items = {item["uri"] for _, item in _items()}
    plain = [path for path in FILES if path.suffix == ".txt"]
    assert len(items) + len(plain) >= 36
    assert len(plain) >= 4
    assert {path.suffix for path in FILES} == {".json", ".txt"}


def test_the_discipline_of_the_wire_is_there() -> None:
    """Corrections, an older version that comes late, a kill, a withheld item, an embargo, a second agency's copy."""
    versions = defaultdict(list)
    for _, item in _items():
        versions[item["uri"]].append(item)
    orders = [[int(item["version"]) for item in items] for items in versions.values()]
    assert sum(1 for order in orders if len(order) > 1 and order == sorted(order)) >= 3
    assert sum(1 for order in orders if order != sorted(order)) == 1
    statuses = [item["pubStatus"] for _, item in _items()]
    assert statuses.count("canceled") == 1
    assert statuses.count("withheld") == 1
    assert [item["uri"] for _, item in _items() if item.get("embargoed", "") > "2090"]
    assert len({item["infoSources"][0]["name"] for _, item in _items()}) == 2
    for items in versions.values():
        by_number = sorted(items, key=lambda item: int(item["version"]))
        created = [datetime.fromisoformat(item["versionCreated"]) for item in by_number]
        assert created == sorted(created)
        assert len({item["firstCreated"] for item in items}) == 1


def test_every_item_has_the_fields_of_an_agency() -> None:
    for name, item in _items():
        for field in (
            "uri",
            "versionCreated",
            "headlines",
            "located",
            "slugline",
            "infoSources",
            "subjects",
            "bodies",
        ):
            assert item.get(field), f"{name} has no {field}"
        for subject in item["subjects"]:
            assert re.fullmatch(r"http://cv\.iptc\.org/newscodes/mediatopic/(0[1-9]|1[0-7])000000", subject["uri"])


@pytest.mark.parametrize(("name", "text", "day"), TEXTS, ids=[name for name, _, _ in TEXTS])
def test_weekdays_belong_to_their_dates(name: str, text: str, day: date) -> None:
    for weekday, number, month, year in WEEKDAY_AND_DATE.findall(text):
        spoken_of = date(int(year or day.year), MONTHS[month], int(number))
        assert WEEKDAYS[spoken_of.weekday()] == weekday, f"{name}: {weekday}, {number} {month} {year}"
    dateline = DATELINE.match(text)
    if dateline:
        assert (MONTHS[dateline.group(1)], int(dateline.group(2))) == (day.month, day.day), name


@pytest.mark.parametrize(("name", "text", "day"), TEXTS, ids=[name for name, _, _ in TEXTS])
def test_own_day_is_named_rightly(name: str, text: str, day: date) -> None:
    """The lead of a story with a dateline names its own weekday or one of the two before it."""
    if not DATELINE.match(text):
        return
    named = re.findall("|".join(WEEKDAYS), text.split("\n\n", 1)[0])
    recent = {WEEKDAYS[(day.weekday() - back) % 7] for back in (0, 1, 2)}
    assert not named or set(named) & recent, f"{name}: {named}, written on a {WEEKDAYS[day.weekday()]}"


def test_lengths() -> None:
    lengths = {name: len(text.split()) for name, text, _ in TEXTS}
    short = {name for name, words in lengths.items() if words < 110}
    assert short == {name for name, item in _items() if item["pubStatus"] == "canceled"}
    assert max(lengths.values()) <= 400
