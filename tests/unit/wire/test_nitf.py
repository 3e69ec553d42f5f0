"""NITF documents."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.article import Concept, Dateline, Link, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import parse
from tests.unit.wire.conftest import FIXTURES, One


def test_every_field(one: One) -> None:
    assert one((FIXTURES / "nitf.xml").read_bytes()) == WireArticle(
        uri="EXA.20240530.77",
        version="2",
        versionCreated="2024-05-30T18:20:00+02:00",
        contentCreated="2024-05-30",
        embargoed="2024-05-31T06:00:00+02:00",
        body=(
            "PORT ARDEN (Exa) — The café at the quay is open “again”, Mira Holt's crew said on Friday.\n\n"
            "It serves Arden Lines in Port Arden.\n\nBACKGROUND\n\nThe line opened in 1911."
        ),
        urgency=3,
        language="en",
        headline="Ferry service resumes",
        slugline="Ferry (Lead)",
        description="Ferries run again.",
        by="By Ana Pinto",
        located="Port Arden, Arden",
        dateline=Dateline(text="PORT ARDEN (Exa) —", place="PORT ARDEN", date="2024-05-30", source="Exa"),
        edNote="Lead follows",
        source="Exa News",
        copyrightHolder="Exa",
        copyrightNotice="(c) Exa",
        subjects=(
            Concept(
                name="Transport",
                uri="http://cv.iptc.org/newscodes/subjectcode/10010000",
                code="10010000",
                scheme="subj",
            ),
        ),
        genres=(Concept(name="Analysis"),),
        keywords=("ferry", "sea"),
        markedPeople=(Concept(name="Mira Holt"),),
        markedOrganisations=(Concept(name="Arden Lines", code="AL", scheme="exa"),),
        markedPlaces=(Concept(name="Port Arden"),),
        altIds=("EXA-Ferry",),
        links=(Link(rel="image", href="https://exa.example/q.jpg", title="The quay", type="image/jpeg"),),
        wireFormat="nitf",
    )


def test_a_substitute_that_kills_another_document(now: datetime) -> None:
    story, kill = parse((FIXTURES / "nitf-kill.xml").read_bytes(), now=now)
    assert story == WireArticle(
        uri="EXA:20240530:9",
        versionCreated="2024-05-30T18:20:00Z",
        body="Fares rose 1/2 to €3.\n\nBoats\nFri\t12\n\n“At last.”",
        language="en-GB",
        headline="Ferry service resumes",
        slugline="FERRY Arden",
        description="Boats run again",
        by="By Ana Pinto, Exa Harbour Correspondent, and Jo Writer",
        located="ARDEN",
        dateline=Dateline(text="ARDEN, May 30 (Exa) -", place="ARDEN", date="2024-05-30", source="Exa"),
        edNote="Substitutes an earlier story With pictures Eds: adds a quotation. Corrects the year",
        source="Exa News",
        copyrightHolder="Exa",
        usageTerms="No web",
        signals=("correction",),
        subjects=(Concept(name="Pier opening"), Concept(name="Harbour", code="H", scheme="desk")),
        markedPlaces=(Concept(name="Arden", code="ARD", scheme="exa"),),
        links=(Link(rel="corrects", href="EXA.20240530.75"),),
        wireFormat="nitf",
    )
    assert (kill.uri, kill.pubStatus, kill.versionCreated, kill.body) == (
        "EXA.20240530.76", "canceled", "2024-05-30T18:20:00Z", "",
    )  # fmt: skip


def document(docdata: str = "", attributes: str = "", body: str = "<p>Text.</p>") -> str:
    return (
        f'<nitf><head><docdata {attributes}><doc-id id-string="N1"/>{docdata}</docdata></head>'
        f"<body><body.content>{body}</body.content></body></nitf>"
    )


ISSUED = '<date.issue norm="20240530T100000Z"/>'


@pytest.mark.parametrize(
    ("docdata", "attributes", "status", "embargoed"),
    [
        (ISSUED, "", "usable", None),
        (ISSUED + '<date.release norm="20240530T100000Z"/>', "", "usable", None),
        (ISSUED + '<date.release norm="20240530T120000+0200"/>', "", "usable", None),
        (ISSUED + '<date.release norm="20240530T220000Z"/>', "", "usable", "2024-05-30T22:00:00Z"),
        # one agency's two dates are of one clock, whether they say its zone or not
        ('<date.issue norm="20240530T100000"/><date.release norm="20240530T100000"/>', "", "usable", None),
        ('<date.issue norm="20240530T100000+0100"/><date.release norm="20240530T100000"/>', "", "usable", None),
        ('<date.issue norm="20240530T100000+0100"/><date.release norm="20240530"/>', "", "usable", None),
        ('<date.issue norm="20240530T100000"/><date.release norm="20240530T1001"/>', "", "usable",
         "2024-05-30T10:01:00-12:00"),
        (ISSUED + '<date.release norm="20240531"/>', "", "usable", "2024-05-31T00:00:00-12:00"),
        ('<date.release norm="20240603T060000Z"/>', "", "usable", "2024-06-03T06:00:00Z"),  # ahead of now
        ('<date.release norm="20240530T060000Z"/>', "", "usable", None),
        (ISSUED, 'management-status="canceled"', "canceled", None),
        (ISSUED, 'management-status="withheld"', "withheld", None),
        (ISSUED, 'management-status="embargoed"', "withheld", None),
        (ISSUED + '<date.release norm="20240530T220000Z"/>', 'management-status="embargoed"', "usable",
         "2024-05-30T22:00:00Z"),
    ],
)  # fmt: skip
def test_status_and_embargo(one: One, docdata: str, attributes: str, status: str, embargoed: str | None) -> None:
    article = one(document(docdata, attributes))
    assert (article.pubStatus, article.embargoed) == (status, embargoed)


@pytest.mark.parametrize(
    ("attributes", "other"),
    [
        ('management-status="canceled" management-doc-idref="N0"', "canceled"),
        ('management-doc-idref="N0" management-idref-status="withheld"', "withheld"),
        ('management-status="usable" management-doc-idref="N0"', None),
        ('management-status="canceled" management-doc-idref="N1"', None),
    ],
)
def test_the_status_of_another_document(now: datetime, attributes: str, other: str | None) -> None:
    _, *others = parse(document(ISSUED, attributes).encode(), now=now)
    assert [(each.uri, each.pubStatus) for each in others] == ([("N0", other)] if other else [])


def test_a_correction_says_so(one: One) -> None:
    article = one(document(ISSUED + '<correction info="Name was wrong"/>'))
    assert (article.signals, article.edNote) == (("correction",), "Name was wrong")


def test_without_an_id_the_text_is_the_id(one: One) -> None:
    xml = document(ISSUED).replace('<doc-id id-string="N1"/>', "")
    assert one(xml).uri == one(xml).uri
    assert one(xml).uri.startswith("urn:newswire:text:")


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (document(), Code.WIRE_NO_DATE),
        (document(ISSUED, body=""), Code.WIRE_EMPTY),
        (document('<date.issue norm="soon"/>'), Code.WIRE_FIELD),
        (document(ISSUED, 'management-status="maybe"'), Code.WIRE_FIELD),
    ],
)
def test_refusals(now: datetime, xml: str, code: Code) -> None:
    with pytest.raises(Poison) as refused:
        parse(xml.encode(), now=now)
    assert refused.value.code == code
