"""docs/kibana.md: its questions have KQL on fields that exist, and commands that can be typed."""

from __future__ import annotations

import re

import pytest

from pipeline.kibana.build import build, fields
from pipeline.kibana.sources import load
from tests.unit.kibana.guide import PAGE, Question, questions

NEWS = fields("news")


def test_the_page_answers_what_newsrooms_ask() -> None:
    asked = [each.question for each in questions()]
    assert len(asked) >= 10
    for words in ("Who spoke about", "All coverage of what happened on", "under embargo"):
        assert any(words in question for question in asked), words


@pytest.mark.parametrize("each", questions(), ids=lambda each: each.question)
def test_kql_names_fields_of_the_articles(each: Question) -> None:
    outside = re.sub(r'"[^"]*"', '""', each.kql)
    nested = re.match(r"(\w+):\{ (.*) \}$", outside)
    prefix = ""
    if nested:
        assert NEWS[nested[1]] == "nested"
        prefix, outside = f"{nested[1]}.", nested[2]
    named = re.findall(r"([@\w.]+)\s*(?::|<=|>=|<|>)", outside)
    assert named
    for name in named:
        assert f"{prefix}{name}" in NEWS, name
    # a comparison with a day alone would be shifted by the reader's time zone
    for day in re.findall(r'[<>]=? *"([^"]*)"', each.kql):
        assert day.endswith("Z"), day


def test_the_page_names_what_is_there() -> None:
    text = PAGE.read_text("utf-8")
    titles = {str(each.attributes.get("name") or each.attributes["title"]) for each in build(load())}
    for bold in re.findall(r"\*\*([^*.]+)\*\*", text):
        assert bold in {*titles, "Discover"}, bold
    for dashboard in load().dashboards:
        assert f"**{dashboard.title}**" in text
    for search in load().searches:
        assert re.search(re.escape(search.title), re.sub(r"\s+", " ", text), re.I), search.title
