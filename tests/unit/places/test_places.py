"""Names on the map: which Paris, whose government, where it was filed."""

from __future__ import annotations

import pytest

from pipeline.article import Dateline, EnrichedArticle, Place
from pipeline.enrich.places import geonames
from tests.support.nlp import enrich, entity


def _place(article: EnrichedArticle, name: str, country: str | None = None) -> Place:
    found = [one for one in article.places if one.canonical == name and country in (None, one.country)]
    assert len(found) == 1, article.places
    return found[0]


def test_a_capital_and_its_country_have_ids_and_positions() -> None:
    article = enrich("Talks were held in Minsk, the capital of Belarus, on Friday.")
    minsk, belarus = _place(article, "Minsk"), _place(article, "Belarus")
    assert (minsk.country, minsk.geonames_id) == ("BY", 625144)
    assert minsk.location is not None
    assert minsk.location.lat == pytest.approx(53.9, abs=0.1)
    assert minsk.location.lon == pytest.approx(27.57, abs=0.1)
    assert (belarus.country, belarus.geonames_id) == ("BY", 630336)
    assert belarus.location is not None
    assert 51 < belarus.location.lat < 56


def test_what_follows_a_name_tells_which_it_is() -> None:
    article = enrich("The factory in Paris, Texas, closed. Its owner lives in Paris, France, most of the year.")
    assert _place(article, "Paris", "US").geonames_id == 4717560
    assert _place(article, "Paris", "FR").geonames_id == 2988507


def test_a_qualified_name_keeps_its_meaning_in_the_article() -> None:
    article = enrich("Fire broke out in Birmingham, Alabama, on Monday. Birmingham has four fire stations.")
    assert {place.country for place in article.places if place.canonical == "Birmingham"} == {"US"}


def test_the_countries_named_tell_namesakes_apart() -> None:
    assert (
        _place(enrich("Police in Cambridge said that the United States was no stranger to it."), "Cambridge").country
        == "US"
    )
    assert _place(enrich("Police in Cambridge said that Britain was no stranger to it."), "Cambridge").country == "GB"


def test_other_spellings_are_the_same_place() -> None:
    article = enrich("Trains from Kiev were late. Trains to Kyiv were not.")
    kyiv = entity(article, "Kyiv")
    assert kyiv.id == "geonames:703448"
    assert [mention.text for mention in kyiv.mentions] == ["Kiev", "Kyiv"]


def test_a_capital_that_acts_is_its_government() -> None:
    article = enrich(
        "Kyiv has floated the idea of talks, and nobody expected Moscow's invasion. It snowed in Moscow all week. "
        "Trams run again in Kyiv."
    )
    assert [(m.text, m.government) for m in entity(article, "Kyiv").mentions] == [("Kyiv", True), ("Kyiv", False)]
    assert [(m.text, m.government) for m in entity(article, "Moscow").mentions] == [
        ("Moscow", True),
        ("Moscow", False),
    ]


def test_the_place_of_the_dateline_is_the_articles_own() -> None:
    article = enrich(
        "TALLINN, March 9 (NWT) - A ferry from Helsinki ran aground off Estonia.",
        dateline=Dateline(text="TALLINN, March 9 (NWT) -", place="Tallinn"),
    )
    assert [place.canonical for place in article.places if place.dateline] == ["Tallinn"]


def test_the_main_country_is_the_one_most_spoken_of() -> None:
    article = enrich(
        "Poland raised taxes on Friday. The Polish parliament in Warsaw voted late. Germany had advised against it."
    )
    assert article.mainCountry == "PL"
    assert enrich("It rained.").mainCountry is None


def test_every_country_can_be_found_by_its_name_and_has_an_id() -> None:
    known = geonames.load()
    assert len(known.countries) > 240
    for name, code in {
        "Russian Federation": "RU",
        "Britain": "GB",
        "Burma": "MM",
        "Ivory Coast": "CI",
        "U.S.": "US",
    }.items():
        assert geonames.load().by_name[name.lower()][0].country == code


def test_a_name_of_its_own_comes_before_another_places_old_name() -> None:
    assert "Casablanca" not in [place.canonical for place in enrich("He slept at the White House on Monday.").places]
    assert _place(enrich("The fleet left Odessa, and Kiev was quiet."), "Odesa").country == "UA"


def test_a_town_too_small_for_the_gazetteer_is_no_namesake() -> None:
    article = enrich("A light aircraft crashed near Paris, Ontario, on Sunday. Paris was quiet.")
    assert [place.canonical for place in article.places] == ["Ontario"]


def test_a_further_name_of_a_country_comes_before_a_town() -> None:
    assert _place(enrich("Ato Boldon of Trinidad took the bronze."), "Trinidad and Tobago").country == "TT"
