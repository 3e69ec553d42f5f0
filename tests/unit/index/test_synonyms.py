"""Known names in a query, joined with the other names of the same entity."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from pipeline.index import known_names
from pipeline.index.known_names import lookup
from pipeline.index.querystring import query_string
from pipeline.index.synonyms import expand


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Kiev talks", '(Kiev OR "Kyiv"^0.5 OR entity_ids:"geonames:703448"^2.0) talks'),
        ("kyiv", '(kyiv OR "Kiev"^0.5 OR entity_ids:"geonames:703448"^2.0)'),
        ("zelensky", '(zelensky OR "Zelenskyy"^0.5 OR entity_ids:"wikidata:Q3874799"^2.0)'),
        (
            "Volodymyr Zelenskiy ferry",
            '((Volodymyr Zelenskiy) OR "Volodymyr Zelenskyy"^0.5 OR entity_ids:"wikidata:Q3874799"^2.0) ferry',
        ),
        ("-Kiev", '-(Kiev OR "Kyiv"^0.5 OR entity_ids:"geonames:703448"^2.0)'),
        ("person:Zelensky", '(names.people:Zelensky OR entity_ids:"wikidata:Q3874799")'),
        ('"Kiev"', '"Kiev"'),  # the very word
        ("who us gold ferry", "who us gold ferry"),  # words, not the organization, the country, the city
        ("headline:Kiev", "headline:Kiev"),
    ],
)
def test_known_names_are_joined_with_their_synonyms(typed: str, sent: str) -> None:
    assert query_string(typed, rewrite=expand) == sent


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("ferry harbour strike", "ferry (harbour) (strike)"),
        ("ferry  harbour -strike", "ferry  (harbour) -strike"),
        ("ferry", "ferry"),
        ('ferry "harbour strike" again', 'ferry "harbour strike" again'),  # clauses of their own already
        ("headline:ferry harbour", "headline:ferry harbour"),
        ("ferry harbour OR strike", "ferry harbour OR strike"),
        ("Kiev ferry", '(Kiev OR "Kyiv"^0.5 OR entity_ids:"geonames:703448"^2.0) ferry'),
    ],
)
def test_words_side_by_side_come_apart_unless_an_operator_says_what_belongs_together(typed: str, sent: str) -> None:
    assert query_string(typed, rewrite=partial(expand, apart=True)) == sent


def test_an_acronym_in_capitals_is_the_organization_and_not_the_word() -> None:
    sent = query_string("WHO", rewrite=expand)
    assert '"World Health Organization"' in sent
    assert "(WHO OR" not in sent


def test_a_name_of_the_alias_file_counts_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "aliases.toml"
    file.write_text("")
    monkeypatch.setattr(known_names, "resource", lambda _: file)
    assert lookup(["Grumbold"]) is None
    file.write_text('[[alias]]\ncanonical = "Ada Grumbold"\ntype = "PERSON"\naliases = ["Grumbold"]\nid = "desk:1"\n')
    known = lookup(["grumbold"])
    assert known is not None
    assert (known.id, known.forms) == ("desk:1", ("Ada Grumbold",))
