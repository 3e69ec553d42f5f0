"""NewsML-G2: items, packages and messages."""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest

from pipeline.article import Concept, Dateline, Link, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import parse, parse_each
from tests.unit.wire.conftest import FIXTURES, One

MESSAGE = (FIXTURES / "newsml-g2-message.xml").read_bytes()


def item(
    meta: str = "", content: str = "", content_set: str = "", attributes: str = 'guid="urn:x" version="1"'
) -> str:
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" {attributes} xml:lang="en">'
        f"<itemMeta><versionCreated>2024-05-30T10:00:00Z</versionCreated>{meta}</itemMeta>"
        f"<contentMeta><headline>Head</headline>{content}</contentMeta><contentSet>{content_set}</contentSet></newsItem>"
    )


def test_every_field_of_an_item(now: datetime) -> None:
    article = next(iter(parse_each(MESSAGE, now=now)))
    assert article == WireArticle(
        uri="urn:newsml:exa.example:20240530:ferry",
        version="3",
        versionCreated="2024-05-30T18:20:00+02:00",
        firstCreated="2024-05-30T16:00:00+02:00",
        contentCreated="2024-05-30T15:00:00+02:00",
        embargoed="2024-05-31T06:00:00+02:00",
        body=(
            "Ferries run again on Friday.\n\n“At last,” Mira Holt said.\n\n"
            "first boat: 6:00\nlast boat: 22:00\n\nDay\tBoats\nFri\t12"
        ),
        urgency=4,
        language="en-GB",
        headline="Ferry service resumes",
        slugline="arden-ferry",
        description="Ferries run again.",
        by="By Ana Pinto",
        located="Port Arden",
        dateline=Dateline(text="PORT ARDEN, May 30 (Exa) -", place="PORT ARDEN", date="2024-05-30", source="Exa"),
        edNote="Background follows",
        source="Exa",
        copyrightHolder="Exa News Agency",
        copyrightNotice="(c) 2024 Exa",
        usageTerms="Not for archives",
        signals=("correction",),
        subjects=(
            Concept(
                name="ferry transport",
                uri="http://cv.iptc.org/newscodes/mediatopic/20000337",
                code="20000337",
                scheme="medtop",
            ),
        ),
        genres=(
            Concept(name="Current", uri="http://cv.iptc.org/newscodes/genre/Current", code="Current", scheme="genre"),
        ),
        keywords=("ferry", "sea"),
        markedPeople=(Concept(name="Mira Holt", code="7", scheme="people"),),
        markedOrganisations=(Concept(name="Arden Lines", uri="https://exa.example/lines"),),
        markedPlaces=(Concept(name="Arden", uri="http://www.wikidata.org/entity/Q999", code="9", scheme="geo"),),
        altIds=("EXA0077",),
        links=(
            Link(rel="seeAlso", href="https://exa.example/timetable", title="Timetable"),
            Link(rel="highRes", href="https://exa.example/ferry.jpg", type="image/jpeg"),
        ),
        wireFormat="newsml-g2",
    )


def test_a_message_with_a_kill_a_broken_item_and_a_package(now: datetime) -> None:
    _, kill, broken, package = parse_each(MESSAGE, name="message.xml", now=now)
    assert isinstance(kill, WireArticle)
    assert (kill.uri, kill.pubStatus, kill.version) == ("urn:newsml:exa.example:20240530:old", "canceled", "9")
    assert isinstance(broken, Poison)
    assert broken.message.startswith(
        "message.xml: urn:newsml:exa.example:20240530:broken: versionCreated: 'last week'"
    )
    assert isinstance(package, WireArticle)
    assert (package.type, package.body, package.headline) == ("composite", "", "Top stories")
    assert package.links == (
        Link(
            rel="main",
            href="urn:newsml:exa.example:20240530:ferry",
            title="Ferry service resumes",
            type="application/vnd.iptc.g2.newsitem+xml",
        ),
    )


NITF = (
    '<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body>'
    "<body.head><hedline><hl1>not text</hl1></hedline></body.head>"
    "<body.content><block><p>OSLO (NTB) - One.</p><p><person>Mira Holt</person> said two.</p></block></body.content>"
    "</body></nitf></inlineXML>"
)


@pytest.mark.parametrize(
    ("content_set", "body"),
    [
        (NITF, "OSLO (NTB) - One.\n\nMira Holt said two."),
        ("<inlineXML><html><body><p>One.</p><p>Two.</p></body></html></inlineXML>", "One.\n\nTwo."),
        (
            "<inlineXML>&lt;p&gt;One &amp;amp; two.&lt;/p&gt;&lt;p&gt;Three.&lt;/p&gt;</inlineXML>",
            "One & two.\n\nThree.",
        ),
        ('<inlineData contenttype="text/plain">One.\n\nTwo.\n</inlineData>', "One.\n\nTwo."),
        (
            '<inlineData contenttype="text/html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</inlineData>',
            "One.\n\nTwo.",
        ),
        ("<inlineData contenttype='text/html'><![CDATA[<p>One.</p>two]]></inlineData>", "One.\n\ntwo"),
        ("<inlineXML/><inlineData contenttype='text/plain'>Plain.</inlineData>", "Plain."),
        ("<inlineData contenttype='image/jpeg' encoding='base64'>AAAA</inlineData>", ""),
        (
            "<inlineXML><html><body><p>It&amp;#39;s four o&amp;#39;clock</p></body></html></inlineXML>",
            "It's four o'clock",
        ),
    ],
)
def test_bodies(one: One, content_set: str, body: str) -> None:
    article = one(item(content_set=content_set))
    assert article.body == body


def test_what_nitf_marks_counts(one: One) -> None:
    article = one(item(content_set=NITF))
    assert article.markedPeople == (Concept(name="Mira Holt"),)
    assert article.dateline == Dateline(text="OSLO (NTB) -", place="OSLO", source="NTB")
    assert article.located == "OSLO"


@pytest.mark.parametrize(
    ("meta", "status", "embargoed"),
    [
        ("", "usable", None),
        ('<pubStatus qcode="stat:usable"/>', "usable", None),
        ('<pubStatus qcode="stat:withheld"/>', "withheld", None),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "canceled", None),
        ("<embargoed>2024-06-01T00:00:00+01:00</embargoed>", "usable", "2024-06-01T00:00:00+01:00"),
        ("<embargoed>2024-06-01T00:00:00</embargoed>", "usable", "2024-06-01T00:00:00-12:00"),
        ("<embargoed/>", "withheld", None),
        ('<embargoed/><pubStatus qcode="stat:canceled"/>', "canceled", None),
        ("<edNote>Embargoed until 1 June 2024, 10:00 GMT.</edNote>", "usable", "2024-06-01T10:00:00+00:00"),
    ],
)
def test_status_and_embargo(one: One, meta: str, status: str, embargoed: str | None) -> None:
    article = one(item(meta=meta))
    assert (article.pubStatus, article.embargoed) == (status, embargoed)


def test_texts_are_taken_in_the_items_language(one: One) -> None:
    content = '<language tag="de"/><headline xml:lang="en">No</headline><headline xml:lang="de">Ja</headline>'
    xml = item(content=content).replace("<headline>Head</headline>", "")
    assert one(xml).headline == "Ja"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (item(attributes='version="1"'), Code.WIRE_NO_ID),
        (item(meta='<pubStatus qcode="stat:fine"/>'), Code.WIRE_FIELD),
        (item(meta="<embargoed>later</embargoed>"), Code.WIRE_FIELD),
        (item(content="<urgency>high</urgency>"), Code.WIRE_FIELD),
        (item().replace("<headline>Head</headline>", ""), Code.WIRE_EMPTY),
        (item().replace("2024-05-30T10", "9999-05-30T10"), Code.WIRE_DATE_RANGE),
        (item().replace("2024-05-30T10:00:00Z", ""), Code.WIRE_NO_DATE),
        ("<newsMessage><itemSet/></newsMessage>", Code.WIRE_EMPTY),
    ],
)
def test_refusals(now: datetime, xml: str, code: Code) -> None:
    with pytest.raises(Poison) as refused:
        parse(xml.encode(), now=now)
    assert refused.value.code == code


def test_namespaces_do_not_matter(one: One) -> None:
    xml = item(content_set=NITF)
    plain = xml.replace(' xmlns="http://iptc.org/std/nar/2006-10-01/"', "")
    assert msgspec.structs.replace(one(plain)) == one(xml)
