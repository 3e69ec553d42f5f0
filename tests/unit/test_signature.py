"""Signatures: written and read, cut into bands, compared; and of texts, the same on every machine for ever."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import signature
from pipeline.enrich.near_duplicates import minhash, story
from pipeline.signature import Signature

FERRY = (
    "PORT ARDEN, May 30 (Exa) - The ferry Aurora ran aground off Port Arden on Thursday with 112 people on board, "
    "the coast guard said.\n\nNobody was hurt, and a tug will try to free it at high water, harbour master Else "
    "Brandt told reporters.\n\nThe ship, built in 1987, sails between Arden and the islands twice a day."
)
GERMAN = (
    "Tallinn (exa) - Die Fähre nach Helsinki fährt ab Montag wieder, sagte Verkehrsminister Jüri Põldmaa am "
    "Dienstag. Der Streik der Seeleute ist nach zwölf Tagen beendet."
)
JAPANESE = "東京（エクサ）首相は三十日、記者会見で新しい港の建設計画を発表した。工事は来年の春に始まる予定だ。"

# A value that differs here differs from what is indexed: then SCHEME must be raised.
FROZEN = {
    "english": (FERRY, "77:1.0.324022a7:1.1.7e77baae:1.2.ce742579:_apcinx4ejbazNDKYi1e3Ny7"),
    "german": (GERMAN, "53:1.0.cea949aa:1.1.f9b1ca6d:1.2.3b7de8ba:Wevzu_Kr4RUK8qNt98chs7fC"),
    "japanese": (JAPANESE, "164:1.0.e0a5845b:1.1.c24fd90a:1.2.647994f3:vxmBcP0gmAgcr1dZ_HQySIya"),
}


@pytest.mark.parametrize("name", FROZEN)
def test_the_signature_of_a_text_never_changes(name: str) -> None:
    text, expected = FROZEN[name]
    written = minhash(text)
    assert written is not None
    found = signature.read(written)
    assert found is not None
    assert f"{found.features}:{':'.join(signature.bands(written)[:3])}:{written[-24:]}" == expected


def test_what_an_agency_adds_does_not_count() -> None:
    other = FERRY.replace("PORT ARDEN, May 30 (Exa) - ", "By Pat Reporter\n\nLONDON, May 31 (Nordpress) -- ")
    other += "\n\n(Reporting by Pat Reporter; Editing by Eve Desk)\n\n© Nordpress 2024. All rights reserved."
    assert minhash(other.upper().lower()) is not None
    assert minhash(other) == minhash(FERRY)
    assert story(other).startswith("The ferry Aurora")
    assert story(other).endswith("twice a day.")


def test_a_story_of_nothing_but_notes_keeps_its_last_paragraph() -> None:
    assert story("[A note.]\n\n(Another.)") == "[A note.]"
    assert story("") == ""


@pytest.mark.parametrize("text", ["", "Flash: ferry aground", "... --- ...", "\ud800" * 30])
def test_a_few_words_have_no_signature(text: str) -> None:
    assert minhash(text) is None


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=600))
def test_any_text(text: str) -> None:
    written = minhash(text)
    assert written is None or len(signature.bands(written)) == signature.BANDS


@pytest.mark.parametrize("written", [None, "", "?", "AAAA", "é" * 348, "A" * 348, minhash(FERRY) + "A"])  # type: ignore[operator]
def test_what_is_no_signature_is_none(written: str | None) -> None:
    assert signature.read(written) is None
    assert signature.bands(written) == ()


def _pair(share: float, *, features: tuple[int, int] = (200, 200)) -> tuple[Signature, Signature]:
    chance = random.Random(int(share * 1000))
    first = [chance.randrange(65536) for _ in range(signature.PERMUTATIONS)]
    same = round(share * signature.PERMUTATIONS)
    second = first[:same] + [value ^ 1 for value in first[same:]]
    return Signature(features[0], tuple(first)), Signature(features[1], tuple(second))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 2**32 - 1), min_size=128, max_size=128), st.integers(0, 2**32 - 1))
def test_written_and_read_again(values: list[int], features: int) -> None:
    found = signature.read(signature.write(features, values))
    assert found == Signature(features, tuple(value & 0xFFFF for value in values))


@pytest.mark.parametrize(
    ("share", "features", "alike"),
    [
        (1.0, (200, 200), True),
        (0.5, (200, 400), True),  # half of it left out
        (0.4, (200, 200), True),  # 114 of 200
        (0.3, (200, 200), False),  # 92 of 200
        (0.25, (200, 800), True),  # all of the shorter one
        (0.2, (200, 1000), False),  # a digest that quotes it
        (0.0, (200, 200), False),
    ],
)
def test_alike_are_those_of_which_one_is_half_in_the_other(
    share: float, features: tuple[int, int], alike: bool
) -> None:
    first, second = _pair(share, features=features)
    assert signature.are_alike(first, second) is alike
    assert signature.are_alike(second, first) is alike
    assert signature.common(first, second) == pytest.approx(share, abs=0.004)
