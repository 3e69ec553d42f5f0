"""Other languages than the model's, with the real model: recognised, passed on with what the wire says of them."""

from __future__ import annotations

import time

import pytest

from pipeline.article import Concept, EnrichedArticle, WireArticle
from pipeline.enrich.language import detect
from pipeline.errors import Poison
from tests.support.nlp import enricher

# ruff: noqa: E501
# our own texts; each has what English rules would take for a name, a day or a quotation
TEXTS = {
    "de": (
        "Tallinn (exa) - Die Fähre nach Helsinki fährt ab Montag wieder, sagte Verkehrsminister Jüri Põldmaa. „Wir haben "
        "wochenlang verhandelt“, fügte er am 9. März 2022 in Tartu hinzu. Die Gewerkschaft will bis Freitag antworten."
    ),
    "fr": (
        "LYON, 9 mars (Exa) - La grève des conducteurs prendra fin lundi, a annoncé la maire Claire Delacroix. « Nous "
        "avons trouvé un accord », a-t-elle déclaré jeudi à la presse devant l'hôtel de ville de Lyon."
    ),
    "es": (
        "Lima, 9 mar (Exa) - El ministro Luis Echeverría anunció el martes que el puerto reabrirá en abril. «No hay "
        "tiempo que perder», dijo a los periodistas en Lima. El sindicato espera una respuesta antes del viernes."
    ),
    "pt": (
        "Lisboa, 9 mar (Exa) - O governo vai apresentar na quinta-feira um plano para a seca, disse a ministra Inês "
        "Carvalho. “Não podemos esperar mais”, afirmou aos jornalistas em Évora, no fim de uma reunião com agricultores."
    ),
    "it": (
        "Catania, 9 marzo (Exa) - L'aeroporto ha riaperto giovedì dopo la pioggia di cenere dell'Etna, ha detto il "
        "direttore Marco Bellini. «I primi voli sono già partiti», ha aggiunto davanti ai giornalisti."
    ),
    "sv": (
        "Malmö (Exa) - Bron över Öresund öppnar igen på måndag, säger infrastrukturminister Ingrid Halvorsen. ”Vi har "
        "lagat sprickan”, sade hon på onsdagen. Tågen har stått stilla sedan i februari."
    ),
    "pl": (
        "Gdańsk (Exa) - Port wznowi pracę w poniedziałek, zapowiedział minister Tomasz Wierzbicki. „Strajk się "
        "skończył”, powiedział w środę dziennikarzom. Związkowcy chcą odpowiedzieć do piątku."
    ),
    "ru": (
        "Рига, 9 марта (Экса) - Паром в Хельсинки снова пойдёт в понедельник, сообщил министр Олег Марченко. «Мы долго "
        "вели переговоры», - сказал он журналистам. Профсоюз обещает ответить до пятницы."
    ),
    "ar": "عمان (إكسا) - قال وزير المياه سامي الخالدي يوم الثلاثاء إن السد الجديد سيفتح في أبريل. وأضاف للصحفيين: «لا وقت نضيعه».",
    "ja": "東京（エクサ）首相は三十日、記者会見で新しい港の建設計画を発表した。「工事は来年の春に始まる」と述べた。",
    "zh": "北京（埃克萨）总理星期四在记者会上宣布了新港口的建设计划。他说：“工程将于明年春天开始。”",
}  # fmt: skip
ENGLISH = (
    "KYIV, Feb 26 (Exa) - President Volodymyr Zelenskyy said late on Friday that talks could begin in Minsk on Monday. "
    "“We have waited long enough,” he told reporters."
)
WHERE = Concept(name="Tallinn", uri="https://sws.geonames.org/588409/")


def article(number: int, body: str, language: str | None = None) -> WireArticle:
    return WireArticle(
        uri=f"urn:newswire:test:{number}",
        versionCreated="2022-03-09",
        body=body,
        language=language,
        subjects=(Concept(name="transport", uri="http://cv.iptc.org/newscodes/mediatopic/20000337"),),
        markedPeople=(Concept(name="Jüri Põldmaa"),),
        markedPlaces=(WHERE,),
    )


def enriched(*articles: WireArticle) -> list[EnrichedArticle]:
    results = enricher().enrich(articles)
    assert not any(isinstance(result, Poison) for result in results)
    return [result for result in results if isinstance(result, EnrichedArticle)]


@pytest.mark.parametrize("language", TEXTS)
def test_another_language_is_detected_and_marked(language: str) -> None:
    (found,) = enriched(article(1, TEXTS[language]))
    assert (found.language, found.languageDetected) == (language, True)
    assert found.stepsLeftOut == tuple(enricher().nlp.pipe_names)
    assert (found.entities, found.dates, found.places, found.quotations) == ((), (), (), ())
    # what does not depend on the language
    assert found.minhash is not None
    assert found.markedPlaces == (WHERE,)
    assert found.markedPeople[0].name == "Jüri Põldmaa"
    assert found.subjects[0].name == "transport"


def test_what_the_wire_says_is_not_guessed_again() -> None:
    german, austrian, english = enriched(
        article(1, TEXTS["de"], "de"), article(2, TEXTS["de"], "de-AT"), article(3, ENGLISH, "en-GB")
    )
    for found, language in ((german, "de"), (austrian, "de-AT"), (english, "en-GB")):
        assert (found.language, found.languageDetected) == (language, False)
    assert german.stepsLeftOut == austrian.stepsLeftOut != ()
    assert english.stepsLeftOut == ()
    assert {entity.canonical for entity in english.entities} >= {"Volodymyr Zelenskyy", "Minsk"}


@pytest.mark.parametrize("written", ["und", "English", "deu"])
def test_other_ways_to_write_a_language(written: str) -> None:
    german, english = enriched(article(1, TEXTS["de"], written), article(2, ENGLISH, "eng"))
    assert german.language == ("deu" if written == "deu" else "de")
    assert german.languageDetected is (written != "deu")
    assert german.stepsLeftOut
    assert english.entities


def test_english_without_a_language_is_enriched_in_full() -> None:
    (found,) = enriched(article(1, ENGLISH))
    assert (found.language, found.languageDetected, found.stepsLeftOut) == ("en", True, ())
    assert found.entities
    assert found.dates
    assert found.quotations


@pytest.mark.parametrize("body", ["", "Flash", "1,204 3.5 17\n88 2.1 99 102 33", "Zelenskyy Putin Minsk"])
def test_what_is_not_clear_is_treated_as_the_languages_of_the_model(body: str) -> None:
    assert detect(body) is None
    (found,) = enriched(article(1, body))
    assert (found.language, found.languageDetected, found.stepsLeftOut) == (None, False, ())


def test_a_mixed_batch_keeps_its_order_and_is_no_slower_than_its_english_part() -> None:
    english = [article(number, f"{ENGLISH} It was number {number}. " * 4) for number in range(60)]
    others = [article(1000 + number, text) for number, text in enumerate(list(TEXTS.values()) * 11)]
    mixed = [each for pair in zip(english, others[:60], strict=True) for each in pair]
    found = enriched(*mixed)  # everything is loaded
    assert [each.uri for each in found] == [each.uri for each in mixed]
    assert [each.language for each in found[::2]] == ["en"] * 60
    assert "en" not in [each.language for each in found[1::2]]

    def took(*given: WireArticle) -> float:
        begin = time.process_time()
        enriched(*given)
        return time.process_time() - begin

    # seconds of the processor; what else it does can only make them more, so the least of several tries counts
    alone = together = float("inf")
    for _ in range(10):
        alone, together = min(alone, took(*english)), min(together, took(*mixed))
        if together < 1.6 * alone:
            return
    raise AssertionError(f"{together:.2f} s instead of {alone:.2f} s")
