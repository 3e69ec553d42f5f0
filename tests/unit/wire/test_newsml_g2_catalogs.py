"""NewsML-G2 with catalogs of its own: aliases, addresses, assertions, languages; plans and events."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.article import Concept, Dateline, Link, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import parse
from tests.unit.wire.conftest import FIXTURES, One
from tests.unit.wire.test_newsml_g2 import item

MESSAGE = (FIXTURES / "newsml-g2-catalog.xml").read_bytes()


def test_every_field_of_an_item(now: datetime) -> None:
    assert parse(MESSAGE, now=now)[0] == WireArticle(
        uri="urn:newsml:fjord.example:20240530:faehre",
        version="2",
        versionCreated="2024-05-30T18:20:00.25+02:00",
        firstCreated="2024-05-30",
        body="Die Fähre fährt wieder.\n\nDas sagte Mira Holt.",
        language="de",
        headline="Die Fähre fährt",
        slugline="Faehre/Arden",
        by="Ana Pinto",
        located="Hafen Arden",
        dateline=Dateline(text="Arden, 30. Mai (Fjord) -", place="Arden", date="2024-05-30", source="Fjord"),
        source="Hafenbehörde",
        copyrightHolder="Fjord Nachrichten",
        copyrightNotice="(c) Fjord",
        usageTerms="Nicht für Archive. Nur für Bezieher.",
        signals=("update", "atomic", "fj:eil"),
        subjects=(
            Concept(
                name="transport",
                uri="http://cv.iptc.org/newscodes/mediatopic/20000337",
                code="20000337",
                scheme="medtop",
            ),
            Concept(name="Hafenfest"),
        ),
        genres=(
            Concept(
                name="From the Scene",
                uri="http://cv.iptc.org/newscodes/genre/From_the_Scene",
                code="From_the_Scene",
                scheme="genre",
            ),
        ),
        markedPeople=(
            Concept(name="Mira Holt", uri="https://fjord.example/cv/holt", code="holt", scheme="fj"),
            Concept(name="Mira Holt"),
        ),
        markedOrganisations=(Concept(name="Arden Lines", uri="https://fjord.example/org/4"),),
        markedPlaces=(Concept(name="Kai 4", code="Kai 4"),),
        links=(
            Link(rel="previousVersion", href="urn:newsml:fjord.example:20240530:faehre-0"),
            Link(rel="derivedFrom", href="urn:newsml:fjord.example:20240529:alt", title="Fähre liegt still"),
        ),
        wireFormat="newsml-g2",
    )


def test_plans_and_events_are_articles_without_text(now: datetime) -> None:
    _, plan, event = parse(MESSAGE, now=now)  # the concept of a person is none
    assert (plan.type, plan.headline, plan.edNote) == ("planning", "Hafenfest: unsere Pläne", "Text bis Mittag")
    assert plan.links == (Link(rel="delivered", href="urn:newsml:fjord.example:20240530:faehre"),)
    assert (event.type, event.headline, event.description) == ("event", "Hafenfest", "Der Hafen feiert.")
    assert (event.body, event.located) == ("", "Arden")


@pytest.mark.parametrize(
    "xml",
    [
        '<conceptItem guid="c"><concept><type qcode="cpnat:person"/><name>Mira Holt</name></concept></conceptItem>',
        '<newsMessage><itemSet><knowledgeItem guid="k"/></itemSet></newsMessage>',
    ],
)
def test_vocabularies_are_no_news(now: datetime, xml: str) -> None:
    with pytest.raises(Poison) as refused:
        parse(xml.encode(), now=now)
    assert refused.value.code == Code.WIRE_EMPTY


@pytest.mark.parametrize(
    ("source", "meta", "expected"),
    [
        ('<infoSource uri="https://board.example"/>', '<provider qcode="nprov:EXA"/>', "EXA"),
        ("", '<provider uri="http://cv.iptc.org/newscodes/newsprovider/EXA"/>', "EXA"),
        ('<infoSource role="cRole:origProv" literal="A"/><infoSource role="cRole:source" literal="B"/>', "", "B"),
    ],
)
def test_a_bare_address_names_no_source(one: One, source: str, meta: str, expected: str) -> None:
    assert one(item(content=source, meta=meta)).source == expected


def test_what_only_the_nitf_inside_says_counts(one: One) -> None:
    inner = (
        "<inlineXML><nitf><body><body.head><hedline><hl1>Ferry sails</hl1></hedline><byline>By Ana Pinto</byline>"
        "<dateline><location>Arden</location></dateline></body.head><body.content><p>One.</p></body.content></body></nitf>"
        "</inlineXML>"
    )
    article = one(item(content_set=inner).replace("<headline>Head</headline>", ""))
    assert (article.headline, article.by, article.located) == ("Ferry sails", "By Ana Pinto", "Arden")
    assert article.body == "One."


def test_an_item_that_is_withheld_needs_no_text(one: One) -> None:
    xml = item(meta='<pubStatus qcode="stat:withheld"/>').replace("<headline>Head</headline>", "")
    assert (one(xml).pubStatus, one(xml).body) == ("withheld", "")
