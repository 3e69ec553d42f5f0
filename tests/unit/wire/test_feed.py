"""RSS and Atom."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.article import Concept, Link, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import parse_each
from tests.unit.wire.conftest import FIXTURES, One


def test_rss(now: datetime) -> None:
    first, second, bad_date, empty = parse_each((FIXTURES / "rss.xml").read_bytes(), name="rss.xml", now=now)
    assert first == WireArticle(
        uri="https://exa.example/#exa-77",
        versionCreated="2024-05-30T18:20:00+02:00",
        firstCreated="2024-05-30T18:20:00+02:00",
        body="Ferries run again on Friday.\n\n“At last,” she said.",
        language="en-GB",
        headline="Ferry & boat service resumes",
        description="Ferries run again.",
        by="Ana Pinto",
        source="Exa – News",
        copyrightNotice="(c) Exa",
        subjects=(Concept(name="Transport", scheme="https://exa.example/topics"),),
        altIds=("exa-77", "https://exa.example/news/77"),
        links=(
            Link(rel="alternate", href="https://exa.example/news/77"),
            Link(rel="enclosure", href="https://exa.example/77.mp3", type="audio/mpeg"),
            Link(rel="content", href="https://exa.example/77.jpg", title="The quay", type="image/jpeg"),
        ),
        wireFormat="rss",
    )
    assert isinstance(second, WireArticle)
    assert (second.uri, second.body) == ("https://exa.example/news/78", "Text only.")
    assert second.versionCreated == "2024-05-30T19:00:00+02:00"  # its channel's
    assert isinstance(bad_date, Poison)
    assert bad_date.message.startswith("rss.xml: https://exa.example/news/79: pubDate: 'sometime'")
    assert isinstance(empty, Poison)
    assert empty.code == Code.WIRE_EMPTY


def test_atom(now: datetime) -> None:
    first, draft, deleted = parse_each((FIXTURES / "atom.xml").read_bytes(), now=now)
    assert first == WireArticle(
        uri="tag:exa.example,2024:77",
        versionCreated="2024-05-30T16:20:00Z",
        firstCreated="2024-05-30T16:00:00Z",
        body="Ferries run again on Friday.\n\n“At last,” she said.",
        language="en",
        headline="Ferry service resumes",
        description="Ferries run again.",
        by="Ana Pinto, Bo Lund",
        source="Exa",
        copyrightNotice="(c) Exa",
        subjects=(Concept(name="Transport", code="transport", scheme="https://exa.example/topics"),),
        links=(
            Link(rel="alternate", href="https://exa.example/news/77"),
            Link(rel="enclosure", href="https://exa.example/77.jpg", type="image/jpeg"),
        ),
        wireFormat="atom",
    )
    assert isinstance(draft, WireArticle)
    assert (draft.pubStatus, draft.body) == ("withheld", "One.\n\nTwo.")
    assert isinstance(deleted, WireArticle)
    assert (deleted.uri, deleted.pubStatus) == ("tag:exa.example,2024:70", "canceled")
    assert (deleted.versionCreated, deleted.edNote) == ("2024-05-30T16:40:00Z", "Withdrawn")


def test_rss_1_and_dublin_core(one: One) -> None:
    article = one(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="u"><title>Exa</title></channel>'
        "<item><title>Head</title><link>https://exa.example/1</link><description>Text.</description>"
        "<dc:date>2024-05-30T10:00:00Z</dc:date><dc:creator>Ana</dc:creator><dc:subject>Sea</dc:subject></item></rdf:RDF>"
    )
    assert (article.uri, article.versionCreated, article.by) == (
        "https://exa.example/1",
        "2024-05-30T10:00:00Z",
        "Ana",
    )
    assert article.subjects == (Concept(name="Sea"),)


RSS = "<rss version='2.0'><channel><title>T</title><link>https://t.example/</link>{}</channel></rss>"


@pytest.mark.parametrize(
    ("dates", "created"),
    [
        ("<pubDate>Thu, 30 May 2024 10:00:00 GMT</pubDate>", "2024-05-30T10:00:00Z"),
        ("<pubDate>Thu, 30 May 2024 10:00:00 EST</pubDate>", "2024-05-30T10:00:00-05:00"),
        ("<pubDate>Thu, 30 May 2024 10:00:00 CEST</pubDate>", "2024-05-30T10:00:00+02:00"),
        ("<pubDate>Thu, 30 May 2024 10:00:00 GMT+0200</pubDate>", "2024-05-30T10:00:00+02:00"),
        ("<pubDate>Thu, 30 May 2024 10:00:00 +02:00</pubDate>", "2024-05-30T10:00:00+02:00"),
        ("<pubDate>Thu May 30 10:00:00 2024</pubDate>", "2024-05-30T10:00:00Z"),
        ("<pubDate>2024-05-30 10:00:00 CEST</pubDate>", "2024-05-30T10:00:00+02:00"),
        ("<pubDate>2024/05/30 10:00</pubDate>", "2024-05-30T10:00:00Z"),
        ("<created>2024-05-30T09:00:00Z</created><modified>2024-05-30T10:00:00Z</modified>", "2024-05-30T10:00:00Z"),
        ("<pubDate>30 May 24 10:00 +0000</pubDate>", "2024-05-30T10:00:00Z"),
        ("<pubDate>2024-05-30 10:00:00</pubDate>", "2024-05-30T10:00:00Z"),
        ("<pubDate>2024-05-30T10:00:00Z</pubDate><updated>2024-05-30T11:00:00Z</updated>", "2024-05-30T11:00:00Z"),
        ("<pubDate>2024-05-30T10:00:00Z</pubDate><updated>2024-05-30T09:00:00Z</updated>", "2024-05-30T10:00:00Z"),
    ],
)
def test_dates(one: One, dates: str, created: str) -> None:
    assert (
        one(RSS.format(f"<item><title>H</title><guid>https://t.example/1</guid>{dates}</item>")).versionCreated
        == created
    )


def test_an_item_without_any_date_needs_a_default(now: datetime, one: One) -> None:
    xml = RSS.format("<item><title>H</title><guid>https://t.example/1</guid></item>")
    (refused,) = parse_each(xml.encode(), now=now)
    assert isinstance(refused, Poison)
    assert refused.code == Code.WIRE_NO_DATE
    assert one(xml, default_date="2024-05-30").versionCreated == "2024-05-30"


def test_the_same_item_has_the_same_id_without_guid_and_link(one: One) -> None:
    xml = RSS.format("<pubDate>2024-05-30</pubDate><item><title>H</title><description>D</description></item>")
    assert one(xml).uri == one(xml.replace("05-30", "05-31")).uri


def test_a_feed_without_items_gives_none(now: datetime) -> None:
    assert list(parse_each(RSS.format("").encode(), now=now)) == []


def test_keywords_of_media_rss(one: One) -> None:
    data = b"""<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Exa</title>
      <item><guid>u:1</guid><title>Ferry</title><pubDate>Thu, 30 May 2024 10:00:00 GMT</pubDate>
      <media:group><media:content url="https://exa.example/1.jpg"/>
      <media:keywords>ferry, Port Arden,ferry</media:keywords>
      </media:group></item></channel></rss>"""
    assert one(data).keywords == ("ferry", "Port Arden")


DATED = "<title>H</title><pubDate>2024-05-30T10:00:00Z</pubDate>"


@pytest.mark.parametrize(
    ("names", "uri", "link"),
    [
        ("<link>/news/1</link>", "https://t.example/news/1", "https://t.example/news/1"),
        ("<guid>https://t.example/p/1</guid>", "https://t.example/p/1", "https://t.example/p/1"),
        ("<guid isPermaLink='false'>https://t.example/p/1</guid>", "https://t.example/p/1", None),
        ("<guid isPermaLink='false'>tag:t.example,2024:1</guid>", "tag:t.example,2024:1", None),
        ("<guid isPermaLink='false'>2024/05/ferry</guid>", "https://t.example/#2024/05/ferry", None),
        ("<guid isPermaLink='false'>12:345</guid>", "https://t.example/#12:345", None),
    ],
)
def test_ids_and_links_mean_the_same_everywhere(one: One, names: str, uri: str, link: str | None) -> None:
    article = one(RSS.format(f"<item>{DATED}{names}</item>"))
    assert article.uri == uri
    assert [each.href for each in article.links] == ([link] if link else [])


@pytest.mark.parametrize(
    ("names", "by"),
    [
        ("<author>ana@t.example (Ana Pinto)</author>", "Ana Pinto"),
        ("<dc:creator>Ana Pinto</dc:creator><dc:creator>Bo Lund</dc:creator>", "Ana Pinto, Bo Lund"),
        ("<author>Ana Pinto</author>", "Ana Pinto"),
    ],
)
def test_authors(one: One, names: str, by: str) -> None:
    xml = RSS.format(f"<item><guid>u:1</guid>{DATED}{names}</item>")
    assert one(xml.replace("<rss", "<rss xmlns:dc='http://purl.org/dc/elements/1.1/'")).by == by


ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://t.example/feeds/'><title>T</title>"
    "<author><name>Desk</name></author><entry><title>H</title><updated>2024-05-30T10:00:00Z</updated>{}</entry></feed>"
)


def test_an_entry_takes_base_and_author_from_its_feed(one: One) -> None:
    article = one(ATOM.format("<link href='1.html'/><content>Text.</content>"))
    assert (article.uri, article.by) == ("https://t.example/feeds/1.html", "Desk")
    assert article.links == (Link(rel="alternate", href="https://t.example/feeds/1.html"),)


def test_an_entry_from_elsewhere_has_the_author_of_its_source(one: One) -> None:
    source = "<source><title>Other</title><author><name>Ana Pinto</name></author></source>"
    article = one(ATOM.format(f"<id>u:1</id>{source}<content>Text.</content>"))
    assert (article.by, article.source) == ("Ana Pinto", "Other")


def test_content_in_base64_is_no_text(one: One) -> None:
    article = one(ATOM.format("<id>u:1</id><content type='image/png'>iVBORw0KGgo=</content><summary>S.</summary>"))
    assert article.body == "S."


def test_an_entry_may_hold_nitf(one: One) -> None:
    content = (
        "<content type='text/xml'><nitf><body><body.head><hedline><hl1>Not text</hl1></hedline>"
        "<byline>By Ana Pinto</byline></body.head><body.content><p>One, said <person>Mira Holt</person>.</p>"
        "</body.content></body></nitf></content>"
    )
    article = one(ATOM.format(f"<id>u:1</id>{content}").replace("<author><name>Desk</name></author>", ""))
    assert (article.body, article.by) == ("One, said Mira Holt.", "By Ana Pinto")
    assert article.markedPeople == (Concept(name="Mira Holt"),)
