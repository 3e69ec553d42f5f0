"""Names of people by how they sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.index.heard import heard


@pytest.mark.parametrize(
    "spellings",
    [
        ("Sergey Antipov", "Sergei Antipov", "SERGEJ ANTIPOW"),
        ("Muhammad al-Rashidi", "Mohammed Al Rashidi", "Mohamed al-Rashidy"),
        ("Hossein Ahmadi", "Husayn Ahmadi"),
        ("Viktor Orbán", "Victor Orban"),
        ("Zhanna Khodakova Jr.", "Zanna Hodakova"),
    ],
)
def test_spellings_of_one_name_sound_alike(spellings: tuple[str, ...]) -> None:
    assert len({heard(name) for name in spellings}) == 1, [heard(name) for name in spellings]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maria Santos", "Mario Santos"),
        ("Ann Miller", "Ann Muller"),
        ("John Adams", "Joan Adams"),
        ("Elena Brown", "Alina Brown"),
        ("Paul Martin", "Paul Morton"),
        ("Sergey Antipov", "Antipov Sergey"),
        ("Peter Bush", "Peter Cush"),
    ],
)
def test_other_names_do_not(one: str, other: str) -> None:
    assert heard(one) != heard(other)


@pytest.mark.parametrize("name", ["", "  ", "Sergey", "O'Brien", "one two three four five six"])
def test_what_is_no_name_of_several_words_has_no_sound(name: str) -> None:
    assert heard(name) is None


@given(st.text(max_size=60))
def test_whatever_it_is_the_sound_has_its_words(name: str) -> None:
    sound = heard(name)
    assert sound is None or 0 <= len(sound.split()) <= 5
