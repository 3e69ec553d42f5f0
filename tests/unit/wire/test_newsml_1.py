"""NewsML 1.2."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from pipeline.article import Concept, Dateline, Link, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import parse
from tests.unit.wire.conftest import FIXTURES, One

DOCUMENT = (FIXTURES / "newsml-1.xml").read_text(encoding="utf-8")


def test_every_field(one: One) -> None:
    assert one(DOCUMENT) == WireArticle(
        uri="urn:newsml:exa.example:20240530:FERRY77",
        version="2",
        versionCreated="2024-05-30T16:20:00+00:00",
        firstCreated="2024-05-30T14:00:00+00:00",
        embargoed="2024-05-31T04:00:00Z",
        body="Ferries run again.\n\n“At last,” Mira Holt said.",
        urgency=4,
        language="en",
        headline="Ferry service resumes",
        slugline="Arden-ferry",
        by="Ana Pinto",
        located="Port Arden",
        dateline=Dateline(
            text="PORT ARDEN, May 30, 2024 (Exa) -", place="PORT ARDEN", date="2024-05-30", source="Exa"
        ),
        source="EXA",
        copyrightNotice="(c) Exa",
        usageTerms="No archives",
        signals=("correction",),
        subjects=(
            Concept(uri="http://cv.iptc.org/newscodes/subjectcode/10010000", code="10010000", scheme="subj"),
            Concept(
                name="lifestyle and leisure",
                uri="http://cv.iptc.org/newscodes/subjectcode/10000000",
                code="10000000",
                scheme="subj",
            ),
        ),
        genres=(Concept(name="news"),),
        keywords=("ferry", "quay", "boat"),
        markedPeople=(Concept(name="Mira Holt"),),
        markedPlaces=(
            Concept(name="Port Arden", code="ARD", scheme="iso3166-1a3"),
            Concept(name="PRT", code="PRT", scheme="iso3166-1a3"),
        ),
        altIds=("urn:newsml:exa.example:20240530:FERRY77:2",),
        links=(
            Link(rel="associatedWith", href="urn:newsml:exa.example:20240530:MAP1"),
            Link(rel="main", href="https://exa.example/q.jpg", title="The quay", type="image/jpeg"),
        ),
        wireFormat="newsml-1",
    )


def test_a_revision_is_a_version_of_the_same_article(one: One) -> None:
    later = DOCUMENT.replace(">2</RevisionId>", ">3</RevisionId>").replace("FERRY77:2", "FERRY77:3")
    assert (one(later).uri, one(later).version) == (one(DOCUMENT).uri, "3")


def test_a_public_identifier_alone_is_split_into_id_and_revision(one: One) -> None:
    names = "<ProviderId>exa.example</ProviderId><DateId>20240530</DateId><NewsItemId>FERRY77</NewsItemId>"
    article = one(DOCUMENT.replace(names, "").replace(">2</RevisionId>", "></RevisionId>"))
    assert (article.uri, article.version) == ("urn:newsml:exa.example:20240530:FERRY77", "2")


@pytest.mark.parametrize(
    ("status", "expected"),
    [("Usable", "usable"), ("Canceled", "canceled"), ("Cancelled", "canceled"), ("Withheld", "withheld"),
     ("Embargoed", "withheld")],
)  # fmt: skip
def test_statuses(one: One, status: str, expected: str) -> None:
    begin, end = DOCUMENT.index("<StatusWillChange>"), DOCUMENT.index("</StatusWillChange>")
    xml = DOCUMENT[:begin] + DOCUMENT[end + len("</StatusWillChange>") :]
    assert one(xml.replace('"Embargoed"', f'"{status}"')).pubStatus == expected


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<html><head><title>x</title></head><body><p>One.</p><p>Two.</p></body></html>", "One.\n\nTwo."),
        ("<![CDATA[<p>One.</p><p>Two.</p>]]>", "One.\n\nTwo."),
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
    ],
)
def test_bodies(one: One, content: str, body: str) -> None:
    begin, end = DOCUMENT.index("<nitf>"), DOCUMENT.index("</nitf>")
    assert one(DOCUMENT[:begin] + content + DOCUMENT[end + len("</nitf>") :]).body == body


def test_of_equivalents_only_the_first_text_counts(one: One) -> None:
    begin, end = DOCUMENT.index("<nitf>"), DOCUMENT.index("</nitf>") + len("</nitf>")
    main = '<Role FormalName="Main"/>\n        <ContentItem>\n'
    assert main in DOCUMENT
    second = "</DataContent></ContentItem><ContentItem><MediaType FormalName='Text'/><DataContent>The same again."
    xml = DOCUMENT[:begin] + "Once." + second + DOCUMENT[end:]
    assert one(xml).body == "Once.\n\nThe same again."
    start = xml.rindex("<NewsComponent>", 0, xml.index(main))
    xml = xml[:start] + '<NewsComponent EquivalentsList="yes">' + xml[start + len("<NewsComponent>") :]
    assert one(xml).body == "Once."


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("20240530T162000+0000", "30 May", Code.WIRE_FIELD),
        ('"Embargoed"', '"Draft"', Code.WIRE_FIELD),
        ('<Urgency FormalName="4"/>', '<Urgency FormalName="?"/>', Code.WIRE_FIELD),
    ],
)
def test_refusals_name_the_item(now: datetime, before: str, after: str, code: Code) -> None:
    with pytest.raises(Poison, match="FERRY77") as refused:
        parse(DOCUMENT.replace(before, after).encode(), now=now)
    assert refused.value.code == code


def test_a_title_and_a_summary_in_components_of_their_own(one: One) -> None:
    def component(role: str, text: str) -> str:
        content = f'<ContentItem><MediaType FormalName="Text"/><DataContent>{text}</DataContent></ContentItem>'
        return f'<NewsComponent><Role FormalName="{role}"/>{content}</NewsComponent>'

    article = one(
        "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>p</ProviderId><NewsItemId>n</NewsItemId>"
        "</NewsIdentifier></Identification><NewsManagement><FirstCreated>20240530T100000Z</FirstCreated></NewsManagement>"
        f"<NewsComponent>{component('Title', 'Head')}{component('Summary', 'Short.')}{component('Body', 'Long.')}"
        "</NewsComponent></NewsItem></NewsML>"
    )
    assert (article.headline, article.description, article.body) == ("Head", "Short.", "Long.")


def test_topics_and_components_of_several_kinds(now: datetime) -> None:
    story, picture = parse((FIXTURES / "newsml-1-topics.xml").read_bytes(), now=now)
    assert story == WireArticle(
        uri="urn:newsml:exa.example:20240530:PIER1",
        version="4",
        versionCreated="2024-05-30T18:20:00+02:00",
        firstCreated="2024-05-30T14:00:00Z",
        body="The pier opens.\n\nBoats sail.",
        urgency=3,  # of the envelope
        language="en-GB",
        headline="Pier opens",  # not that of the picture, which stands first
        slugline="PIER",
        description="First boats on Friday",
        by="Ana Pinto",
        source="Exa News",
        signals=("correction",),
        subjects=(
            Concept(
                name="sport",
                uri="http://cv.iptc.org/newscodes/subjectcode/15000000",
                code="15000000",
                scheme="subj",
            ),
            Concept(name="Pier opening"),
        ),
        markedPeople=(Concept(name="Mira Holt", code="P7", scheme="exa"),),
        markedOrganisations=(Concept(name="Arden Lines", code="ARL", scheme="exa"),),
        altIds=("urn:newsml:exa.example:20240530:PIER1:4",),
        links=(
            Link(rel="derivedFrom", href="urn:newsml:exa.example:20240529:PIER0:1"),
            Link(rel="photo", href="https://exa.example/pier.jpg", title="The pier", type="image/jpeg"),
            Link(rel="related", href="urn:newsml:exa.example:20240530:MAP1:1", title="Map"),
        ),
        wireFormat="newsml-1",
    )
    assert (picture.type, picture.headline, picture.description) == ("picture", "Quay", "The quay.")
    assert (picture.body, picture.urgency, picture.versionCreated) == ("", 6, "2024-05-30T15:00:00Z")


def revision(update: str, status: str, instruction: str = "") -> str:
    """A revision that holds nothing but its management."""
    begin, end = DOCUMENT.index("<NewsComponent>"), DOCUMENT.rindex("</NewsComponent>") + len("</NewsComponent>")
    change, changed = DOCUMENT.index("<StatusWillChange>"), DOCUMENT.index("</StatusWillChange>")
    text = DOCUMENT[:change] + instruction + DOCUMENT[changed + len("</StatusWillChange>") : begin] + DOCUMENT[end:]
    text = re.sub(r"<RevisionId[^>]*>", f'<RevisionId PreviousRevision="1" Update="{update}">', text)
    return re.sub(r'<Status FormalName="\w+"/>', f'<Status FormalName="{status}"/>', text, count=1)


@pytest.mark.parametrize("update", ["U", "A"])
def test_changes_of_a_revision_that_is_not_here_are_refused(now: datetime, update: str) -> None:
    with pytest.raises(Poison) as refused:
        parse(revision(update, "Usable").encode(), now=now)
    assert refused.value.code == Code.WIRE_FIELD
    assert "RevisionId" in refused.value.message


@pytest.mark.parametrize(("status", "expected"), [("Canceled", "canceled"), ("Withheld", "withheld")])
def test_a_change_of_the_status_alone_hides_the_item(one: One, status: str, expected: str) -> None:
    article = one(revision("A", status))
    assert (article.pubStatus, article.body, article.version) == (expected, "", "2")


def test_an_instruction_kills(one: One) -> None:
    assert one(revision("A", "Usable", '<Instruction FormalName="Kill"/>')).pubStatus == "canceled"
