"""Datelines, as style books and agencies write them."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.wire import dateline

REFERENCE = date(2022, 2, 26)


@pytest.mark.parametrize(
    ("head", "place", "day", "source"),
    [
        ("KYIV, Feb 26 (Reuters) - ", "KYIV", "2022-02-26", "Reuters"),
        ("WASHINGTON (AP) — ", "WASHINGTON", None, "AP"),
        ("WASHINGTON (AP) _ ", "WASHINGTON", None, "AP"),
        ("Berlin (dpa) - ", "Berlin", None, "dpa"),
        ("Berlin/Kiew (dpa/lby) - ", "Berlin/Kiew", None, "dpa/lby"),
        ("PARIS/LONDON, 3 March — ", "PARIS/LONDON", "2022-03-03", None),
        ("STOCKHOLM, Aug 29, 2014 (AFP) - ", "STOCKHOLM", "2014-08-29", "AFP"),
        ("BEIJING, Feb. 25 (Xinhua) -- ", "BEIJING", "2022-02-25", "Xinhua"),
        ("NEW YORK, Dec 31 (Reuters) - ", "NEW YORK", "2021-12-31", "Reuters"),
        ("FORT WASHINGTON, Pa. (AP) _ ", "FORT WASHINGTON, Pa.", None, "AP"),
        ("WASHINGTON, D.C., Feb. 26 (UPI) -- ", "WASHINGTON, D.C.", "2022-02-26", "UPI"),
        ("MOSCOW, February 26. /TASS/. ", "MOSCOW", "2022-02-26", "TASS"),
        ("MOSCOW. Feb 26 (Interfax) - ", "MOSCOW", "2022-02-26", "Interfax"),
        ("Rio de Janeiro, Feb 26 (EFE).- ", "Rio de Janeiro", "2022-02-26", "EFE"),
        ("(Reuters) - ", None, None, "Reuters"),
        ("Feb 26 (Reuters) - ", None, "2022-02-26", "Reuters"),
        ("KYIV, Ukraine — ", "KYIV, Ukraine", None, None),
        ("GENEVA – ", "GENEVA", None, None),
        ("ST. PETERSBURG, Fla. (AP) — ", "ST. PETERSBURG, Fla.", None, "AP"),
        ("AVEIRO, Portugal, June 1 (Reuters) - ", "AVEIRO, Portugal", "2022-06-01", "Reuters"),
        ("Frankfurt am Main (dpa) – ", "Frankfurt am Main", None, "dpa"),
        ("ROMA, 26 febbraio (ANSA) - ", "ROMA", "2022-02-26", "ANSA"),
        ("(ANSA) - ROMA, 26 FEB - ", "ROMA", "2022-02-26", "ANSA"),
        ("(ANSA) - ROMA, 26 MAG - ", "ROMA", "2022-05-26", "ANSA"),
        ("Madrid, 26 feb (EFE).- ", "Madrid", "2022-02-26", "EFE"),
        ("Lisboa, 26 fev 2022 (Lusa) — ", "Lisboa", "2022-02-26", "Lusa"),
        ("NEW DELHI, Feb 26 (PTI) ", "NEW DELHI", "2022-02-26", "PTI"),
        ("Oslo (NTB): ", "Oslo", None, "NTB"),
    ],
)
def test_place_date_and_agency(head: str, place: str | None, day: str | None, source: str | None) -> None:
    text = head + "The government said on Friday (local time) that it - like others - would act."
    found = dateline.find(text, reference=REFERENCE)
    assert found is not None
    assert (found.dateline.place, found.dateline.date, found.dateline.source) == (place, day, source)
    assert text[found.end :].startswith("The government")
    assert text[found.start :].startswith(found.dateline.text or "?")


@pytest.mark.parametrize(
    "text",
    [
        "The government (AP) said - as before - no.",
        "President Zelenskyy’s spokesman said late Friday - twice.",
        "NATO, Feb 26 (Friday) said it would act.",
        "Rome, May 3 (Friday) The mayor said.",
        "UPDATE 2 - Markets fall.",
        "ANALYSIS — What the vote means.",
        "EXCLUSIVE - Bank to cut jobs.",
        "SOCCER - Arden beat Porto in the rain.",
        "KABADDI - RESULTS OF THE FIRST ROUND",
        "Yes - but not now, he said.",
        "NATO said (on Friday) - again - that it would act.",
        "Ukraine and Russia are discussing a place and time for talks.",
        "WASHINGTON, which had waited, (AP) - acted.",
        "He left on Feb 26 (Friday) - and returned.",
        "",
        " - ",
        "()" * 2000,
        "A" * 100_000,
        ", " * 50_000,
    ],
)
def test_what_only_looks_like_one(text: str) -> None:
    assert dateline.find(text, reference=REFERENCE) is None


def test_a_byline_may_stand_before_it() -> None:
    text = "By Ana Pinto\n\nLISBON (Lusa) - Rain is expected."
    found = dateline.find(text)
    assert found is not None
    assert (found.dateline.place, found.dateline.source) == ("LISBON", "Lusa")
    assert text[found.end :] == "Rain is expected."


def test_a_dateline_on_a_line_of_its_own() -> None:
    found = dateline.find("LISBON _\n\nRain is expected.")
    assert found is not None
    assert found.dateline.place == "LISBON"


def test_a_day_without_year_needs_a_reference() -> None:
    found = dateline.find("OSLO, 5 May (NTB) - Text.")
    assert found is not None
    assert found.dateline.date is None


@pytest.mark.parametrize(
    "written", ["London (dpa) - ", "STOCKHOLM, Aug 29, 2014 (AFP) -", "BETHESDA, Md.", "Helsinki"]
)
def test_a_metadata_field_may_lack_the_dash(written: str) -> None:
    found = dateline.parse(written)
    assert found is not None
    assert found.place is not None
    assert written.startswith(found.place)
