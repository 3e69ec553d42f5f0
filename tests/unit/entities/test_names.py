"""How names are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.enrich import names


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Zelenskyy", "Zelensky"),
        ("Zelenskyy", "Zelenskiy"),
        ("Lukashenko", "Loukashenko"),
        ("Khrushchev", "Hrushchev"),
        ("Qaddafi", "Kaddafi"),
        ("Yeltsin", "Eltsin"),
        ("Müller", "Muller"),
    ],
)
def test_transliterations_sound_alike(left: str, right: str) -> None:
    assert names.sound(left) == names.sound(right)


@pytest.mark.parametrize(("left", "right"), [("Putin", "Rutin"), ("Smith", "Smart"), ("Clinton", "Clifton")])
def test_other_names_do_not(left: str, right: str) -> None:
    assert names.sound(left) != names.sound(right)


@pytest.mark.parametrize(
    ("written", "meant", "slip"),
    [
        ("Xelenskyy", "Zelenskyy", True),  # x lies beside z
        ("Lukashenlo", "Lukashenko", True),
        ("Nykyfrov", "Nykyforov", True),
        ("Pesokv", "Peskov", True),  # swapped
        ("Bush", "Cush", False),  # too short to tell
        ("Martin", "Barton", False),
        ("Benson", "Jenson", False),  # b and j are neither neighbours nor alike
        ("Putin", "Putin", False),
    ],
)
def test_slips(written: str, meant: str, slip: bool) -> None:
    assert names.is_misspelling(written, meant) is slip


def test_acronyms_leave_small_words_out_or_keep_them() -> None:
    assert "NATO" in names.acronyms("North Atlantic Treaty Organization")
    assert "OSCE" in names.acronyms("Organization for Security and Cooperation in Europe")
    assert "RDR" not in names.acronyms("Rally")


def test_a_son_is_not_his_father() -> None:
    assert names.generation("Donald Trump Jr.") == "jr"
    assert names.generation("Donald Trump") == ""
    assert names.words_of("Donald Trump Jr.") == ["donald", "trump"]


@given(st.text(max_size=12), st.text(max_size=12))
def test_distance_is_a_distance(left: str, right: str) -> None:
    there = names.distance(left, right, 12)
    assert there == names.distance(right, left, 12)
    assert (there == 0) == (left == right)
    assert there <= max(len(left), len(right))


@given(st.text(max_size=40))
def test_any_text_has_normal_forms(text: str) -> None:
    assert names.plain(names.plain(text)) == names.plain(text)
    assert isinstance(names.key(text), str)
    names.sound(text)
    names.words_of(text)
