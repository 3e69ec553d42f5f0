"""IPTC 7901 and ANPA 1312: control characters, old encodings, lines of fixed width."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.article import Concept, Dateline, Link, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import parse, parse_each
from pipeline.wire.qcodes import topic
from tests.unit.wire.conftest import One

IPTC = (
    b"\x01exa0077 4 pl 123 ccccb   exa 061\r\n\r\nArden/Ferry/\r\n"
    b"\x02EXTRA\r\nFerry service to Port Arden resumes\r\nafter strike =\r\n"
    b"By Ana Pinto, exa =\r\n\r\n"
    b"   Port Arden (exa) - Ferries run again on Friday. The caf\xe9 at the\r\n"
    b"quay opens \x93soon\x94, the city\r\nsaid.\r\n"
    b"\r\n   The line was closed in May.\r\n- first boat: 6:00\r\n- last boat: 22:00\r\n\r\n"
    b"# exa Notebook\r\n\r\n* * * *\r\nThe following information is not for publication\r\n"
    b"Editing by: Bo Lund\r\n\r\nexa ap bl\r\n"
    b"\x03301820 MESZ May 24\r\n\x7f\x04"
)
BODY = (
    "Port Arden (exa) - Ferries run again on Friday. The café at the quay opens “soon”, the city said.\n\n"
    "The line was closed in May.\n- first boat: 6:00\n- last boat: 22:00"
)


def test_every_field_of_iptc_7901(one: One) -> None:
    assert one(IPTC) == WireArticle(
        uri="urn:newswire:iptc7901:exa:2024-05-30:0077",
        versionCreated="2024-05-30T18:20:00+02:00",
        body=BODY,
        urgency=4,
        headline="Ferry service to Port Arden resumes after strike",
        slugline="Arden/Ferry",
        by="By Ana Pinto, exa",
        located="Port Arden",
        dateline=Dateline(text="Port Arden (exa) -", place="Port Arden", source="exa"),
        edNote="The following information is not for publication\nEditing by: Bo Lund\nexa ap bl",
        source="exa",
        subjects=(Concept(code="pl", scheme="iptc7901"),),
        genres=(Concept(name="EXTRA"),),
        altIds=("exa0077", "exa 061"),
        wireFormat="iptc7901",
    )


def test_the_agencys_own_number_with_a_version_is_the_id(one: One) -> None:
    first = one(IPTC.replace(b"exa 061", b"EXA 240530-89-00065#1"))
    second = one(IPTC.replace(b"exa 061", b"EXA 240530-89-00065#2").replace(b"exa0077", b"exa0099"))
    assert first.uri == second.uri == "urn:newswire:iptc7901:exa:240530-89-00065"
    assert (first.version, second.version) == ("1", "2")


def test_a_headline_without_its_sign(one: One) -> None:
    text = (
        b"\x01abc012 3 i 20\n\x02Ferry service resumes\n\nFerries run again, he said.\n\x03300920 GMT Mai 2024\n\x04"
    )
    article = one(text)
    assert (article.headline, article.body) == ("Ferry service resumes", "Ferries run again, he said.")
    assert article.versionCreated == "2024-05-30T09:20:00+00:00"


def test_several_messages_and_a_broken_one(now: datetime) -> None:
    broken = IPTC.replace(b"\x02", b"")
    results = list(parse_each(b"\r\n" + IPTC + broken + IPTC.replace(b"exa0077", b"exa0078"), now=now))
    assert [each.uri[-4:] if isinstance(each, WireArticle) else each.code for each in results] == [
        "0077",
        Code.WIRE_UNREADABLE,
        "0078",
    ]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (b"301820 MESZ May 24", b"no date", Code.WIRE_NO_DATE),
        (b"301820 MESZ May 24", b"321820 MESZ May 24", Code.WIRE_FIELD),
        (b"Ferries", b"Fer\0ries", Code.WIRE_HOSTILE),
        (b"301820 MESZ May 24", b"301820 MESZ May 69", Code.WIRE_DATE_RANGE),
    ],
)
def test_refusals_of_iptc_7901(now: datetime, before: bytes, after: bytes, code: Code) -> None:
    with pytest.raises(Poison) as refused:
        parse(IPTC.replace(before, after), now=now)
    assert refused.value.code == code


ANPA = (
    b"\x16\x16\x01a0077\x1fexa--\nu i\x13\x11 BC-Arden-Ferry 1stLd   05-30 0120\r\n"
    b"\x02^BC-Arden-Ferry, 1st Ld-Writethru,120<\r\n"
    b"^Ferry service to Port Arden resumes<\r\n"
    b"^AP Photo EX101<\r\n^Eds: Adds quotes.<\r\n"
    b"^Boats run again after a strike of nine days.<\r\n"
    b"^By ANA PINTO=\r\n^Associated Press Writer=\r\n"
    b"\t   PORT ARDEN, Arden (AP) _ Ferries run again on Friday.\r\n"
    b"\t   ``At last,'' Mira Holt said. \r\n \r\n\t   ___\r\n"
    b"\t   \x03AP-WF-05-30-24 1820GMT<\r\n\x0c\r\n\x04"
)


def test_every_field_of_anpa_1312(one: One) -> None:
    assert one(ANPA) == WireArticle(
        uri="urn:newswire:anpa:ap:2024-05-30:bc-arden-ferry",
        version="1",
        versionCreated="2024-05-30T18:20:00+00:00",
        body="PORT ARDEN, Arden (AP) _ Ferries run again on Friday.\n\n``At last,'' Mira Holt said.\n\n___",
        urgency=3,
        headline="Ferry service to Port Arden resumes",
        slugline="BC-Arden-Ferry, 1st Ld-Writethru",
        description="Boats run again after a strike of nine days.",
        by="By ANA PINTO, Associated Press Writer",
        located="PORT ARDEN, Arden",
        dateline=Dateline(text="PORT ARDEN, Arden (AP) _", place="PORT ARDEN, Arden", source="AP"),
        edNote="AP Photo EX101\nEds: Adds quotes.",
        source="AP",
        signals=("lead", "update"),
        subjects=(Concept(code="i", scheme="anpa"),),
        altIds=("a0077",),
        wireFormat="anpa",
    )


def test_leads_and_kills_of_a_slug_are_versions_of_one_article(one: One) -> None:
    first = one(ANPA.replace(b", 1st Ld-Writethru", b"").replace(b"a0077", b"a0070"))
    second = one(ANPA.replace(b"1st Ld", b"2nd Ld").replace(b"a0077", b"a0080"))
    kill = one(ANPA.replace(b", 1st Ld-Writethru", b", KILL").replace(b"a0077", b"a0090"))
    assert first.uri == second.uri == kill.uri == one(ANPA).uri
    assert (first.version, second.version) == (None, "2")
    assert (first.pubStatus, kill.pubStatus) == ("usable", "canceled")


def test_without_an_end_line_the_header_gives_the_day(one: One) -> None:
    article = one(ANPA.replace(b"AP-WF-05-30-24 1820GMT<", b""))
    assert article.versionCreated == "2024-05-30"
    assert (
        one(ANPA.replace(b"AP-WF-05-30-24 1820GMT<", b"").replace(b"05-30", b"06-30")).versionCreated == "2023-06-30"
    )


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (b"AP-WF-05-30-24 1820GMT<", b"AP-WF-13-30-24 1820GMT<", Code.WIRE_FIELD),
        (b"Ferries", b"Fer\0ries", Code.WIRE_HOSTILE),
        (b"\x02", b"", Code.WIRE_UNREADABLE),
    ],
)
def test_refusals_of_anpa_1312(now: datetime, before: bytes, after: bytes, code: Code) -> None:
    with pytest.raises(Poison) as refused:
        parse(ANPA.replace(before, after), now=now)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("line", "created"),
    [
        (b"301820 MESZ Mai 2024", "2024-05-30T18:20:00+02:00"),
        (b"301820MAY24", "2024-05-30T18:20:00+00:00"),
        (b"301820Z MAY 24", "2024-05-30T18:20:00+00:00"),
        (b"30 1820 GMT MAY 24", "2024-05-30T18:20:00+00:00"),
        (b"010930 GMT JUIN 24", "2024-06-01T09:30:00+00:00"),
        (b"280930 GMT FEV 24", "2024-02-28T09:30:00+00:00"),
        (b"300430 ABR 24", "2024-04-30T04:30:00+00:00"),
        (b"301030 MAG 24", "2024-05-30T10:30:00+00:00"),
        (b"301030 MEI 24", "2024-05-30T10:30:00+00:00"),
        (b"301030 CEST MAJ 24", "2024-05-30T10:30:00+02:00"),
        (b"30.05.2024 10:30 CEST", "2024-05-30T10:30:00+02:00"),
        # what is left out is that of the last such day (now is 1 June 2024)
        (b"301030 GMT MAY", "2024-05-30T10:30:00+00:00"),
        (b"301030 GMT", "2024-05-30T10:30:00+00:00"),
        (b"301030", "2024-05-30T10:30:00+00:00"),
        (b"021030", "2024-06-02T10:30:00+00:00"),
        (b"031030", "2024-05-03T10:30:00+00:00"),
        (b"301030 GMT DEC", "2023-12-30T10:30:00+00:00"),
    ],
)
def test_date_lines_of_iptc_7901(one: One, line: bytes, created: str) -> None:
    assert one(IPTC.replace(b"301820 MESZ May 24", line)).versionCreated == created


def test_a_day_alone_is_near_the_date_that_is_given(one: One) -> None:
    article = one(IPTC.replace(b"301820 MESZ May 24", b"301030"), default_date="2019-03-31")
    assert article.versionCreated == "2019-03-30T10:30:00+00:00"


@pytest.mark.parametrize(("letters", "code"), [("spo", "15000000"), ("POL", "11000000"), ("wea", "17000000")])
def test_categories_have_the_names_of_their_subjects(one: One, letters: str, code: str) -> None:
    (subject,) = one(IPTC.replace(b" pl ", f" {letters} ".encode())).subjects
    assert (subject.code, subject.scheme) == (letters.lower(), "iptc7901")
    assert (subject.uri, subject.name) == (f"http://cv.iptc.org/newscodes/subjectcode/{code}", topic("subj", code))
    assert subject.name


def test_a_story_of_sports_in_anpa(one: One) -> None:
    (subject,) = one(ANPA.replace(b"\nu i", b"\nu s")).subjects
    assert (subject.code, subject.name) == ("s", "sport")


def test_what_is_no_item_number_names_no_source(one: One) -> None:
    article = one(IPTC.replace(b"exa 061", b"FRA /AFP-AB12").replace(b"(exa)", b"(AFP)"))
    assert article.source == "AFP"


def test_a_kill_in_german(one: One) -> None:
    text = (
        b"\x01exa0125 2 pl 23\r\n\r\nFerry/\r\n\x02Achtung:\r\nMeldung exa0123 zur\xfcckgezogen =\r\n\r\n"
        b"   Berlin (exa) - Bitte verwenden Sie die Meldung exa0123 vom\r\n30. Mai nicht.\r\n"
        b"\x03301130 CEST Mai 24\r\n\x04"
    )
    article = one(text)
    assert article.pubStatus == "canceled"
    assert Link(rel="kills", href="exa0123") in article.links
    assert article.body == "Berlin (exa) - Bitte verwenden Sie die Meldung exa0123 vom 30. Mai nicht."


def test_numbers_at_the_head_of_lines_are_lists_where_no_sentence_goes_on(one: One) -> None:
    text = b"   The dates:\r\n1. Arden, on the\r\n2) Selby\r\n\r\n   It ends on\r\n3. June, they said.\r\n"
    article = one(
        IPTC.replace(b"   The line was closed in May.\r\n- first boat: 6:00\r\n- last boat: 22:00\r\n", text)
    )
    assert article.body.endswith("The dates:\n1. Arden, on the\n2) Selby\n\nIt ends on 3. June, they said.")


def test_an_embargo_in_german(one: One) -> None:
    article = one(IPTC.replace(b"EXTRA\r\n", b"Achtung: Sperrfrist 31. Mai, 18.00 Uhr!\r\n"))
    assert article.embargoed == "2024-05-31T18:00:00+02:00"
