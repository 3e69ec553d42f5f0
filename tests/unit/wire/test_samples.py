"""Items as agencies deliver them, where they are at hand: every file is read, and its fields are what the file says.

The files are texts of others and no part of the project: without them these tests are skipped.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.article import WireArticle
from pipeline.wire import parse

FOLDER = Path(__file__).parents[4] / "shared" / "benchmarks" / "wire"
FILES = sorted(file for file in FOLDER.rglob("*") if file.is_file()) if FOLDER.is_dir() else []
NOW = datetime(2024, 6, 1, tzinfo=UTC)


class Digest(str):
    """The beginning of a text's SHA-256, in the place of words that are not ours; equal to that text."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and hashlib.sha256(other.encode()).hexdigest().startswith(str(self))

    def __hash__(self) -> int:
        return str.__hash__(self)


pytestmark = pytest.mark.skipif(not FILES, reason="no deliveries of agencies at hand")

# what each file says of its first article
EXPECTED: dict[str, dict[str, Any]] = {
    "IPTC7901.txt": {
        "wireFormat": "iptc7901",
        "versionCreated": "2013-11-13T11:37:00+00:00",
        "urgency": 4,
        "located": "Berlin",
        "headline": Digest("b72bdc031292"),
        "slugline": Digest("94e1f5581428"),
        "source": "dpa",
    },
    "LISTING 1 A NewsML-G2 News Item.xml": {
        "wireFormat": "newsml-g2",
        "uri": "urn:newsml:acmenews.com:20161018:US-FINANCE-FED",
        "version": "9",
        "versionCreated": "2016-10-21T16:25:32-05:00",
        "embargoed": "2016-10-23T12:00:00Z",
        "located": "Berlin",
        "language": "en-GB",
        "signals": ("update",),
        "by": Digest("45c95622bd69"),
        "pubStatus": "usable",
    },
    "aap.xml": {
        "wireFormat": "nitf",
        "uri": "AAP.115314987.5417374",
        "versionCreated": "2013-10-20T19:27:51+11:00",
        "urgency": 5,
        "located": "Sydney",
        "by": Digest("6a3c79eae59f"),
        "slugline": Digest("b79e1b91772b"),
        "source": "AAP",
        "embargoed": None,
        "copyrightHolder": "Australian Associated Press",
    },
    "afp.xml": {
        "wireFormat": "newsml-1",
        "uri": "urn:newsml:afp.com:20140829T135002Z:TX-PAR-FXW86",
        "version": "1",
        "versionCreated": "2014-08-29T13:49:51+00:00",
        "urgency": 4,
        "located": "Stockholm",
        "source": "AFP",
        "headline": Digest("0dbfa91d8a90"),
        "slugline": Digest("2053a46fa269"),
        "language": "en",
    },
    "anpa-1.tst": {
        "wireFormat": "anpa",
        "versionCreated": "2013-11-13T15:09:00+00:00",
        "located": "BUENOS AIRES, Argentina",
        "slugline": Digest("442158a4f658"),
        "by": Digest("171177a82227"),
        "headline": Digest("944a255c3d9c"),
        "source": "Associated Press",
    },
    "ap.xml": {
        "wireFormat": "newsml-g2",
        "uri": "tag:ap.org,2011:5e565888b587889c5c8bd62b6164118c-text",
        "version": "2",
        "versionCreated": "2018-02-26T21:20:34Z",
        "located": "Pittsburgh",
        "edNote": Digest("a7a86a1a3555"),
        "slugline": Digest("12dc0095b687"),
        "source": "Automated Insights",
    },
    "ap_anpa-1.tst": {
        "wireFormat": "anpa",
        "versionCreated": "2016-02-20T03:37:00+00:00",
        "located": "ATLANTA",
        "version": "1",
        "headline": Digest("fa1dd39e05e4"),
        "signals": ("lead",),
    },
    "dpa.xml": {
        "wireFormat": "newsml-g2",
        "uri": "urn:newsml:dpa.com:20090101:221011-930-4303",
        "version": "1",
        "versionCreated": "2022-10-11T11:14:42+02:00",
        "language": "de",
        "located": "London",
        "urgency": 4,
        "signals": (),
        "copyrightNotice": Digest("57564232e1d5"),
    },
    "dpa_two_line.txt": {
        "wireFormat": "iptc7901",
        "versionCreated": "2018-11-21T21:01:00+00:00",
        "urgency": 3,
        "headline": Digest("62d5cc820491"),
    },
    "ap_video.json": {"wireFormat": "ninjs", "type": "video", "version": "0", "source": "ASSOCIATED PRESS"},
    "dpa_text.json": {
        "wireFormat": "ninjs",
        "uri": "urn:newsml:dpa.com:20090101:190510-99-167362",
        "version": "2",
        "urgency": 4,
        "by": Digest("d658653b5a7a"),
        "language": "de",
        "versionCreated": "2019-05-10T16:02:28+02:00",
    },
    "ntb_text.json": {
        "wireFormat": "ninjs",
        "version": "6",
        "language": "nb-NO",
        "edNote": Digest("c4022429b958"),
        "slugline": Digest("d85dcf84ee45"),
    },
    "ninjs1.json": {
        "wireFormat": "ninjs",
        "version": "2",
        "urgency": 3,
        "body": Digest("f82d4cf4face"),
        "by": Digest("2e362ef6c1d8"),
        "located": "Milton Keynes",
        "source": "AAP",
        "description": Digest("c59ddd3f7ba6"),
        "usageTerms": Digest("8d59829c1e15"),
    },
    "ninjsExSimpleText1.json": {
        "wireFormat": "ninjs",
        "versionCreated": "2013-07-09T10:37:00Z",
        "located": "GROSSETO, Italy",
        "headline": Digest("de56c1c1ceab"),
    },
    "ninjs_embargoed.json": {
        "wireFormat": "ninjs",
        "version": "11",
        "embargoed": "2022-06-29T02:30:00+00:00",
        "pubStatus": "usable",
        "headline": Digest("a32ac8cbf9fb"),
        "source": "360info",
    },
    "pa1.xml": {
        "wireFormat": "nitf",
        "versionCreated": "2015-10-14T04:30:01+01:00",
        "urgency": 4,
        "source": "PA",
        "headline": Digest("78f6c5c97c90"),
        "keywords": ("Trivia (Oct 14)",),
        "copyrightHolder": "PA Sport",
    },
    "ritzau_news.xml": {
        "wireFormat": "ritzau",
        "uri": "9a6955fc-11da-46b6-9903-439ebb288f2d",
        "by": Digest("760812e59890"),
        "versionCreated": "2018-01-30T17:32:18.397+01:00",
        "located": "Haag",
        "version": "1",
        "urgency": 3,
    },
    "simple_email.txt": {
        "wireFormat": "email",
        "headline": Digest("ed285e823c7b"),
        "body": Digest("d9fbbc91492f"),
        "by": Digest("41fd0d01622d"),
        "versionCreated": "2015-02-19T17:18:40+11:00",
    },
    "snep.xml": {
        "wireFormat": "newsml-g2",
        "type": "composite",
        "uri": "tag:reuters.com,0000:newsml_TRE7AA2CP",
        "body": "",
        "headline": Digest("b23c3e43ecdb"),
        "source": "Reuters",
    },
    "stt_newsml_test.xml": {
        "wireFormat": "newsml-g2",
        "uri": "urn:newsml:stt.fi:20171219:101801633",
        "version": "4",
        "language": "fi-FI",
        "located": "Helsinki",
        "source": "STT",
        "edNote": Digest("da79af97b0e6"),
        "slugline": None,
    },
    "tag_reuters.com_2014_newsml_KBN0FL0NN_version_5": {
        "wireFormat": "newsml-g2",
        "uri": "tag_reuters.com_2014_newsml_KBN0FL0NN",
        "version": "5",
        "by": Digest("e6561ff085e1"),
        "slugline": Digest("d03106a8e70e"),
        "located": "Bangalore",
    },
}
ARTICLES = {"ap.xml": 3}
PARAGRAPHS = {"afp.xml": 10, "anpa-1.tst": 15, "IPTC7901.txt": 5, "dpa_two_line.txt": 4, "ninjsExSimpleText1.json": 4}


def articles(file: Path) -> list[WireArticle]:
    return parse(file.read_bytes(), name=file.name, now=NOW)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_is_read(file: Path) -> None:
    found = articles(file)
    assert len(found) == ARTICLES.get(file.name, 1)
    assert all(article.pubStatus == "usable" for article in found)
    expected = EXPECTED[file.name]
    assert {name: getattr(found[0], name) for name in expected} == expected
    if file.name in PARAGRAPHS:
        assert len(found[0].body.split("\n\n")) == PARAGRAPHS[file.name]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_bodies_are_plain_text(file: Path) -> None:
    for article in articles(file):
        assert not any(mark in article.body for mark in ("<p", "</", "&lt;", "&amp;", "\r", "\n\n\n"))
        assert article.body == article.body.strip()
