"""The meaning of the wire in words: what is a kill, a correction, an embargo, and what only reads like one."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from pipeline.article import Link, WireArticle
from pipeline.wire import embargo_words, signals

STORY = "PORT ARDEN (Exa) - Ferries run again on Friday.\n\n" + "“At last,” a passenger said.\n\n" * 30
CREATED = "2024-05-30T10:00:00Z"  # a Thursday


def said(*, body: str = STORY, created: str = CREATED, **values: Any) -> WireArticle:
    return signals.apply(WireArticle(uri="urn:exa:1", versionCreated=created, body=body, **values))


@pytest.mark.parametrize(
    "values",
    [
        {"body": "KILL\n\n" + STORY},
        {"body": "+++ KILL +++\n" + STORY},
        {"body": "BULLETIN KILL\n\nEDITORS: Kill the story slugged BC-Ferry."},
        {"body": "EDITORS: A kill is mandatory. Make certain the story is not published."},
        {"body": "Attention editors - The story slugged BC-Ferry is withdrawn. A substitute will be filed."},
        {"body": "Editors: Please kill BC-Ferry, sent on May 30."},
        {"body": "EDITORS: The Exa agency has withdrawn its story about ferries."},
        {"body": "KILL: BC-Ferry. The account could not be verified."},
        {"headline": "KILL: Ferries run again", "body": "The story is wrong."},
        {"headline": "MANDATORY KILL - Ferries run again"},
        {"headline": "WITHDRAWN-Ferries run again", "body": "Editors: do not use."},
        {"headline": "KILL"},
        {"slugline": "BC-Ferry, KILL"},
        {"slugline": "BC-EU--Ferry, 2nd Ld-Kill", "edNote": "A kill is mandatory."},
        {"edNote": "Kill this item, the interview was invented."},
        {"edNote": "Eds: MANDATORY KILL"},
        {"edNote": "The story was transmitted in error. Please kill."},
        {"edNote": "This story is hereby withdrawn."},
    ],
)
def test_kills(values: dict[str, Any]) -> None:
    article = said(**values)
    assert article.pubStatus == "canceled"
    assert "kill" in article.signals


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"headline": "Agency kills story on ferries after protest"},
        {"headline": "KILL THE BILL: protesters march through Port Arden"},
        {"headline": "Kill: a new film about ferries"},
        {"headline": "KILL - the musical - opens on Friday"},
        {"headline": "Orders to kill: what the inquiry found"},
        {"slugline": "ferry-kill"},
        {"slugline": "US-Road Kill"},
        {"body": "Kill the lights, the captain said.\n\n" + STORY},
        {"body": "The news agency has withdrawn its story about the ferry, its editors said on Friday.\n\n" + STORY},
        {"body": "KILLEEN, Texas (Exa) - Two men were killed.\n\n" + STORY},
        {"body": "A kill is mandatory for the beetle to be counted, the editors of the atlas said.\n\n" + STORY},
        {"body": "Editors: a profession in decline. Two were killed last year.\n\n" + STORY},
        {"edNote": "Corrects the story to show that three people were killed."},
        {"edNote": "Eds: CORRECTS the story about the offer that was withdrawn."},
        {"edNote": "Updates: the company has withdrawn its offer."},
        {"edNote": "Eds: Please kill previous version, which had a wrong name."},
        {"edNote": "Eds: Kill the earlier version."},
        {"edNote": "The item about the man who was killed follows."},
        {"edNote": "With photo of kill site."},
        {"signals": ("update",)},
    ],
)
def test_stories_about_kills_are_none(values: dict[str, Any]) -> None:
    article = said(**values)
    assert article.pubStatus == "usable"
    assert not {"kill", "withhold", "embargo"} & set(article.signals)


@pytest.mark.parametrize(
    "values",
    [
        {"body": "WITHHOLD\n\n" + STORY},
        {"edNote": "Please withhold until further notice."},
        {"headline": "WITHHOLD: Ferries run again", "body": "Editors: legal check."},
        {"slugline": "BC-Ferry, WITHHOLD"},
    ],
)
def test_withheld(values: dict[str, Any]) -> None:
    assert said(**values).pubStatus == "withheld"


@pytest.mark.parametrize(
    ("values", "expected", "version"),
    [
        ({"headline": "UPDATE 2-Ferries run again"}, ("update",), "2"),
        ({"headline": "REFILE-UPDATE 3-Ferries run again"}, ("refile", "update"), "3"),
        ({"headline": "CORRECTED-Ferries run again"}, ("correction",), None),
        ({"headline": "CORRECTION: Ferries run again"}, ("correction",), None),
        ({"headline": "Correction: Ferry story"}, ("correction",), None),
        ({"headline": "1st LEAD Ferries run again"}, ("lead",), "1"),
        ({"headline": "RPT-Ferries run again"}, ("repeat",), None),
        ({"headline": "KORREKTUR: Fähren fahren wieder"}, ("correction",), None),
        ({"slugline": "BC-Ferry, 2nd Ld-Writethru"}, ("lead",), "2"),
        ({"slugline": "BC-Ferry, CORRECTION"}, ("correction",), None),
        ({"edNote": "Eds: Adds quotes."}, ("update",), None),
        ({"edNote": "Corrects name in paragraph 2."}, ("correction",), None),
        ({"body": "(Corrects day in first paragraph)\n" + STORY}, ("correction",), None),
        ({"body": "UPDATE 1 - Ferries run again\n\n" + STORY}, ("update",), "1"),
        ({"headline": "Update on ferries expected"}, (), None),
        ({"headline": "Lead levels in water fall"}, (), None),
        ({"headline": "CORRECTIONS CHIEF RESIGNS"}, (), None),
        ({"headline": "LEAD: the metal that poisoned a town"}, ("lead",), None),
        ({"headline": "Correct answer: 42"}, (), None),
    ],
)
def test_what_else_labels_say(values: dict[str, Any], expected: tuple[str, ...], version: str | None) -> None:
    article = said(**values)
    assert (article.signals, article.version, article.pubStatus) == (expected, version, "usable")


def test_the_providers_own_version_and_status_stay() -> None:
    article = said(headline="UPDATE 2-Ferries run again", version="7", pubStatus="withheld")
    assert (article.version, article.pubStatus) == ("7", "withheld")


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("EMBARGOED UNTIL 6 p.m. GMT, June 2", "2024-06-02T18:00:00+00:00"),
        ("EMBARGOED UNTIL 6 P.M. EST JUNE 2, 2024", "2024-06-02T18:00:00-05:00"),
        ("STRICTLY EMBARGOED TO 0001 BST FRIDAY MAY 31", "2024-05-31T00:01:00+01:00"),
        ("Embargoed until 14:00 London time on 3 June 2024", "2024-06-03T14:00:00+01:00"),
        ("HOLD FOR RELEASE AT NOON ET FRIDAY", "2024-05-31T12:00:00-04:00"),
        ("EMBARGOED FOR RELEASE UNTIL 00:01 CEST, 1 JUNE", "2024-06-01T00:01:00+02:00"),
        ("NOT FOR PUBLICATION BEFORE 2024-06-02T06:00Z", "2024-06-02T06:00:00+00:00"),
        ("SPERRFRIST: 1. Juni, 18.00 Uhr MESZ", "2024-06-01T18:00:00+02:00"),
        ("EMBARGO: 17:00 Paris time, Friday 31 May", "2024-05-31T17:00:00+02:00"),
        ("EMBARGOED UNTIL 1500 GMT", "2024-05-30T15:00:00+00:00"),
        ("EMBARGOED UNTIL 0900 GMT", "2024-05-31T09:00:00+00:00"),
        ("EMBARGOED UNTIL MIDNIGHT GMT FRIDAY", "2024-05-31T00:00:00+00:00"),
        ("EMBARGOED UNTIL 2400 GMT FRIDAY", "2024-06-01T00:00:00+00:00"),
        ("EMBARGOED UNTIL TOMORROW 8AM GMT", "2024-05-31T08:00:00+00:00"),
        ("EMBARGOED UNTIL 12 noon GMT on January 2", "2024-01-02T12:00:00+00:00"),
        ("EMBARGOED UNTIL 3 June 2024, 10:00 GMT+2", "2024-06-03T10:00:00+02:00"),
        # without a zone: where on earth it comes last
        ("EMBARGOED UNTIL JUNE 2", "2024-06-02T00:00:00-12:00"),
        ("EMBARGOED UNTIL 10:30, JUNE 2", "2024-06-02T10:30:00-12:00"),
        # two readings: the later one
        ("EMBARGOED UNTIL 05/06/2024 GMT", "2024-06-05T00:00:00+00:00"),
        ("EMBARGOED UNTIL THURSDAY 0900 GMT", "2024-06-06T09:00:00+00:00"),
        ("EMBARGOED UNTIL THURSDAY 1100 GMT", "2024-05-30T11:00:00+00:00"),
        ("EMBARGOED UNTIL THE END OF THE SPEECH", None),
        ("EMBARGOED", None),
        ("STRICTLY EMBARGOED - ask the desk", None),
        ("EMBARGOED UNTIL 31 FEBRUARY", None),
        ("EMBARGOED UNTIL 9999-12-31T24:00", None),
        ("EMBARGOED UNTIL 9999-12-31T23:59-12:00", None),
        ("EMBARGOED UNTIL 31 December 9999, 23:59", None),
        ("EMBARGOED UNTIL 2024-06-02T10:00+99:99", None),
        ("EMBARGOED UNTIL 2024-06-02T1000+0530", "2024-06-02T10:00:00+05:30"),
    ],
)
def test_embargoes(words: str, until: str | None) -> None:
    assert embargo_words.find(words, created=CREATED) == embargo_words.Said(until)
    in_text, in_note = said(body=words + "\n\n" + STORY), said(edNote=words)
    for article in (in_text, in_note):
        assert article.embargoed == until
        assert article.pubStatus == ("usable" if until else "withheld")
        assert article.signals == ("embargo",)


def test_the_zone_of_the_articles_own_time_counts_where_it_is_a_local_one() -> None:
    found = embargo_words.find("EMBARGOED UNTIL 10:30 FRIDAY", created="2024-05-30T10:00:00+02:00")
    assert found == embargo_words.Said("2024-05-31T10:30:00+02:00")


@pytest.mark.parametrize(
    "words",
    [
        "EU agrees embargo on Russian oil until December",
        "The embargo until 2030 was agreed on Friday.",
        "Embargo until 2030 on whaling agreed",
        "Embargo lifted: Cuba opens its ports",
        "EMBARGO LIFTED",
        "EMBARGOED GOODS SEIZED AT PORT",
        "Embargoed goods seized",
        "Ministers hold talks for release of hostages until Friday",
        "Not for sale until Friday",
    ],
)
def test_stories_about_embargoes_are_none(words: str) -> None:
    article = said(headline=words, body=words + "\n\n" + STORY)
    assert (article.embargoed, article.pubStatus) == (None, "usable")


def test_an_embargo_in_the_metadata_wins() -> None:
    article = said(embargoed="2024-06-01T00:00:00Z", edNote="Embargoed until 3 June, 10:00 GMT")
    assert article.embargoed == "2024-06-01T00:00:00Z"


def test_a_kill_names_what_it_kills() -> None:
    article = said(
        headline="KILL: BC-Ferry",
        slugline="BC-Ferry, KILL",
        body=(
            "EDITORS: Please kill the story slugged BC-EU--Ferry, transmission V1234, urn:newsml:exa:20240530:ferry, "
            "headlined “Ferries run again on Friday”, also at https://exa.example/ferry. A substitute will be filed."
        ),
    )
    assert article.pubStatus == "canceled"
    assert set(article.links) == {
        Link(rel="kills", href="BC-Ferry"),
        Link(rel="kills", href="BC-EU--Ferry"),
        Link(rel="kills", href="V1234"),
        Link(rel="kills", href="urn:newsml:exa:20240530:ferry"),
        Link(rel="kills", href="https://exa.example/ferry"),
        Link(rel="kills", title="Ferries run again on Friday"),
    }


def test_a_kill_in_the_metadata_names_nothing_else() -> None:
    article = said(pubStatus="canceled", body="The story slugged BC-Other is unchanged.")
    assert article.links == ()


def test_nothing_said_changes_nothing() -> None:
    article = WireArticle(uri="urn:exa:1", versionCreated=CREATED, body=STORY, headline="Ferries run again")
    assert signals.apply(article) is article


@pytest.mark.parametrize(
    "unit", ["KILL ", "EDITORS: ", "embargoed ", "UPDATE 2-", "(", "the story ", "12:00 ", "a\n"]
)
def test_long_heads_take_no_longer(unit: str) -> None:
    begin = time.thread_time()  # a machine that is busy otherwise does not count
    said(body=unit * 200_000, headline=unit * 20_000, edNote=unit * 20_000, slugline=unit * 20_000)
    assert time.thread_time() - begin < 2


def test_all_other_fields_stay() -> None:
    before = WireArticle(uri="urn:exa:1", versionCreated=CREATED, body=STORY, headline="UPDATE 2-Ferries", by="By A")
    after = signals.apply(before)
    assert msgspec.structs.replace(after, signals=(), version=None) == before
