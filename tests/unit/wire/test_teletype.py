"""IPTC 7901 and ANPA 1312: control characters, old encodings, lines of fixed width."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.article import Concept, Dateline, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import parse, parse_each
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
