from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.enrich.dates.events import Event, Events, load_events, shipped_events
from pipeline.enrich.dates.reference import Reference
from pipeline.enrich.dates.tagger import tag
from pipeline.errors import UserError

ON = Reference(day=date(2022, 2, 26))
NONE = Events()


def _values(text: str, *, events: Events | None = None) -> list[str]:
    return [timex.value for timex in tag(text, reference=ON, events=events)]


def test_an_event_of_the_file_dates_an_ordinal_day() -> None:
    assert _values("Troops closed in on Kyiv on the second day of Moscow's invasion.") == ["2022-02-25"]


def test_the_text_itself_comes_first() -> None:
    text = "The invasion of Freedonia began on Wednesday. On the third day of the invasion it rained. Russia watched."
    assert _values(text) == ["2022-02-23", "2022-02-25"]


def test_a_length_after_an_event_is_a_day() -> None:
    election = Event(name="vote", start=date(2022, 1, 10), heads=("vote",), context=("freedonia",))
    text = "Two weeks after the vote in Freedonia, he resigned."
    assert _values(text, events=Events.of([election])) == ["2022-W04"]
    assert _values(text, events=NONE) == ["P2W"]
    assert _values("Ten days after the vote in Freedonia, he resigned.", events=Events.of([election])) == [
        "2022-01-20"
    ]


def test_later_events_are_unknown_to_the_text() -> None:
    events = Events.of([Event(name="war", start=date(2030, 1, 1), heads=("war",), context=("freedonia",))])
    assert events.start_in_text("war", "the war in freedonia", now=date(2022, 1, 1)) is None
    assert events.start_in_text("war", "the war in freedonia", now=date(2031, 1, 1)) == date(2030, 1, 1)
    assert events.start_in_text("war", "the war in freedoniana", now=date(2031, 1, 1)) is None


def test_the_shipped_events() -> None:
    events = shipped_events().events
    assert len(events) > 30
    assert len({event.name for event in events}) == len(events)


GOOD = '[[event]]\nname = "A"\nstart = 2020-01-02\nheads = ["war"]\ncontext = ["x"]\n'
BAD = {
    GOOD + '[[event]]\nname = "B"\nstart = "2020-01-02"\nheads = ["war"]\ncontext = ["x"]\n': (
        8,
        "start must be a date",
    ),
    GOOD + '\n[[event]]\nname = "B"\nheads = ["war"]\ncontext = ["x"]\n': (7, "start is missing"),
    GOOD + "ends = 2021-01-01\n": (6, "no key 'ends'"),
    GOOD + "end = 2019-01-01\n": (6, "is before start"),
    GOOD.replace('["war"]', "[]"): (4, "heads must be a list"),
    GOOD.replace('["x"]', '"x"'): (5, "context must be a list"),
    GOOD + "phrase = 1\n": (6, "phrase must be true or false"),
    GOOD.replace('"A"', "3"): (2, "name must be a text"),
    "other = 1\n" + GOOD: (1, "no key 'other'"),
    "[event]\nname = 'A'\n": (1, "write [[event]]"),
}


@pytest.mark.parametrize("content", BAD)
def test_a_mistake_is_refused_by_its_line(content: str, tmp_path: Path) -> None:
    path = tmp_path / "events.toml"
    path.write_text(content, encoding="utf-8")
    line, message = BAD[content]
    with pytest.raises(UserError) as raised:
        load_events(path)
    assert message in str(raised.value)
    assert f"{path}:{line}:" in str(raised.value)


def test_what_is_no_toml_and_what_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "events.toml"
    with pytest.raises(UserError, match="cannot be read"):
        load_events(path)
    path.write_text("[[event]]\nname = \n", encoding="utf-8")
    with pytest.raises(UserError, match="line 2"):
        load_events(path)
