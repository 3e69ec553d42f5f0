"""Other forms of words in other languages, and names spelt another way, on the real server."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.article import Entity, Mention
from pipeline.index.scattered import STOP_WORDS
from pipeline.index.search import Hit, Segment
from tests.integration.index.conftest import Index

pytestmark = pytest.mark.servers

GERMAN = (
    "Die Bauern fuhren mit ihren Traktoren vor das Ministerium.\n\nDanach begannen die Verhandlungen, und niemand "
    "wollte über ihr Ende sprechen."
)
FRENCH = "Les boulangers ont manifesté devant le ministère.\n\nIls réclament des farines moins chères."
SPANISH = "Los pescadores rechazaron las propuestas.\n\nLas negociaciones siguen en los puertos del norte."
RUSSIAN = "Рыбаки вернулись в порты.\n\nПереговоры министров продолжаются."
PORTUGUESE = "Os pescadores voltaram aos portos.\n\nAs negociações continuam."
ENGLISH = "The farmers drove their tractors to the ministry.\n\nThe negotiations began afterwards."


def bare(index: Index, number: int, **changes: Any) -> Any:
    """An article without findings."""
    nothing: dict[str, Any] = dict.fromkeys(("entities", "dates", "places", "quotations"), ())
    return index.article(number, **nothing | {"dateline": None, "stepsLeftOut": ("entities",)} | changes)


@pytest.fixture
def languages(index: Index) -> Index:
    index.write(
        bare(index, 1, language="de-AT", headline="Neue Gespräche der Bauernverbände", body=GERMAN),
        bare(index, 2, language="fr", headline="Colère des boulangers", body=FRENCH),
        bare(index, 3, language="es", headline="Sin acuerdo", body=SPANISH),
        bare(index, 4, language="ru", headline="Рыбаки и министры", body=RUSSIAN),
        bare(index, 5, language="pt", headline="Sem acordo", body=PORTUGUESE),
        bare(index, 6, headline="Farmers drive to the ministry", body=ENGLISH),
    )
    return index


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("Verhandlung", 1),
        ("Bauer Traktor", 1),
        ("Gespräch", 1),  # of the headline
        ("Bauernverband Verhandlung", 1),  # one in the headline, one in the body
        ("die Verhandlung Bauer -Boulanger", 1),
        ("boulangère farine", 2),
        ("negociación pescador", 3),
        ("рыбак переговоров", 4),
        ("negociação", 5),
        ("negotiating farmer", 6),
    ],
)
def test_a_word_finds_its_other_forms_in_the_language_of_the_article(
    languages: Index, query: str, number: int
) -> None:
    assert languages.numbers(query) == [number]


@pytest.mark.parametrize("query", ['"Verhandlung"', '"Bauer" Traktor', '"die Verhandlung"', "Verhandlung Boulanger"])
def test_words_between_quotation_marks_are_these_very_words(languages: Index, query: str) -> None:
    assert languages.numbers(query) == []
    assert languages.numbers('"die Verhandlungen" Bauer') == [1]


def hit(index: Index, query: str) -> Hit:
    (found,) = [each for each in index.found(query).hits if each.uri.startswith(index.name)]
    return found


def test_what_matched_is_marked_in_headline_and_body(languages: Index) -> None:
    found = hit(languages, "Gespräch Verhandlung")
    assert found.headline == (Segment("Neue "), Segment("Gespräche", True), Segment(" der Bauernverbände"))
    (passage,) = found.passages
    assert [segment.text for segment in passage if segment.matched] == ["Verhandlungen"]
    assert "".join(segment.text for segment in passage) in GERMAN
    found = hit(languages, "farmer")
    assert [segment.text for segment in found.headline if segment.matched] == ["Farmers"]
    assert [segment.text for segment in found.passages[0] if segment.matched] == ["farmers"]


def test_a_correction_a_kill_and_another_language_leave_nothing_behind(languages: Index) -> None:
    languages.write(
        bare(languages, 1, language="de", headline="Neu", body="Der Streit.", versionCreated="2022-03-10T08:00:00Z"),
        bare(languages, 2, language="fr", pubStatus="canceled", versionCreated="2022-03-10T08:00:00Z"),
        bare(languages, 3, language="en", headline="No deal", body="None.", versionCreated="2022-03-10T08:00:00Z"),
    )
    for query in ("Verhandlung", "farine boulangère", "negociación"):
        assert languages.numbers(query) == [], query
    assert languages.numbers("Streite") == [1]


def test_a_name_is_found_as_others_spell_it_after_those_who_spell_it_so(index: Index) -> None:
    def about(number: int, name: str) -> Any:
        mention = Mention(text=name, start=0, end=len(name), label="PERSON")
        person = Entity(id=f"name:{name.lower()}", type="PERSON", canonical=name, mentions=(mention,))
        return bare(index, number, headline="Notes", body=f"{name} came.", entities=(person,), stepsLeftOut=())

    index.write(
        about(1, "Sergei Quillfeather"),
        about(2, "Sergey Quillfeather"),
        about(3, "Muhammad al-Quill"),
        about(4, "Mohammed Al Quill"),
        about(5, "Sergio Quillfeather"),
    )
    assert index.numbers("Sergey Quillfeather") == [2, 1]
    assert index.numbers("sergei quillfeather") == [1, 2]
    assert index.numbers(people=("Sergej Quillfeather",), sort="oldest") == [1, 2]
    assert index.numbers("Mohammed al-Quill") == [4, 3]
    assert index.numbers('"Sergey Quillfeather"') == [2]


def test_a_stop_word_asks_for_nothing(index: Index) -> None:
    index.write(
        bare(index, 1, headline="Quillwort blooms", body="It was the day of the orchardman, and nobody else."),
        bare(index, 2, headline="Orchardman in Kyiv", body="Nobody else."),
    )
    for query in ("quillwort orchardman", "the quillwort orchardman", "quillwort of the orchardman"):
        assert index.numbers(query) == [1], query
    assert index.numbers("the Kiev orchardman") == [2]
    assert index.numbers('the "orchardman in Kyiv"') == [2]
    assert index.numbers("the quillwort submarine") == []


def test_the_stop_words_are_those_of_the_index(index: Index) -> None:
    def left(words: list[str], analyzer: str) -> int:
        told = {"analyzer": analyzer, "text": words}
        return len(index.client.indices.analyze(index="news-write", body=told)["tokens"])

    for analyzer in ("exact_words", "english"):
        assert left(sorted(STOP_WORDS), analyzer) == 0
        more = ["who", "what", "when", "why", "how", "from", "he", "she", "we", "you", "his", "has", "been", "were"]
        assert left(more, analyzer) == len(more)
