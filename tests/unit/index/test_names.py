"""Names by which a kill may mean an item: made in the event loop of a worker, so never slowly."""

from __future__ import annotations

import time

import pytest

from pipeline.article import Link, WireArticle
from pipeline.index import names

NOON = "2024-05-30T12:00:00Z"
SECONDS = 1.0  # of CPU; they take thousandths; patterns that backtrack took 10 s of the shortest of these


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * 5_000 + "b",
        "a" + "\n" * 5_000 + ", kill",
        "urn:newsml:nwt.example:20240530t" + ":" * 10_000 + "x",
        "urn:newsml:nwt.example:20240530t" + ":1" * 10_000 + "x",
        "update " + "- " * 10_000 + "x",
        "1st ld-" * 10_000,
    ],
)
def test_whatever_stands_in_a_field_its_names_are_made_at_once(text: str) -> None:
    article = WireArticle(
        uri="urn:x:1",
        versionCreated="2024-05-30",
        body="",
        pubStatus="canceled",
        slugline=text,
        headline=text,
        altIds=(text,),
        links=(Link(rel="kills", href=text, title=text),),
    )
    began = time.thread_time()
    found = names.of(article), names.said(article)
    assert time.thread_time() - began < SECONDS
    assert all(found)


@pytest.mark.parametrize("revision", ["1", "12n", "3U", "0a"])
def test_the_revision_of_a_newsml_address_is_no_part_of_its_item(revision: str) -> None:
    first, other = (
        WireArticle(uri=f"urn:newsml:nwt.example:20240530T101500Z:ferry:north:{end}", versionCreated=NOON, body="")
        for end in ("7", revision)
    )
    assert set(names.of(first)) & set(names.of(other))


@pytest.mark.parametrize("end", [":x1", ":1x", ":1 2", "7"])
def test_what_is_no_revision_belongs_to_the_item(end: str) -> None:
    first, other = (
        WireArticle(uri=f"urn:newsml:nwt.example:20240530:ferry{one}", versionCreated=NOON, body="")
        for one in (":7", end)
    )
    assert not set(names.of(first)) & set(names.of(other))


def test_a_record_of_nothing_but_names_has_a_bounded_number_of_them() -> None:
    many = tuple(f"nwt:{number}" for number in range(20_000))
    links = tuple(Link(rel=rel, href=href) for rel in ("kills", "alternate") for href in many)
    article = WireArticle(
        uri="urn:x:1",
        versionCreated=NOON,
        body="",
        pubStatus="canceled",
        altIds=many,
        links=links,
        headline="Ferry sinks",
        slugline="BC-Ferry",
    )
    plain = WireArticle(uri="urn:x:1", versionCreated=NOON, body="", headline="Ferry sinks", slugline="BC-Ferry")
    assert len(names.of(article)) <= 2 * names.MOST + len(names.of(plain))
    assert set(names.of(plain)) <= set(names.of(article))
    assert len(names.said(article)) == len(names.words(article)) == names.MOST


def test_only_labels_at_the_head_of_a_headline_are_no_part_of_it() -> None:
    def of(headline: str) -> set[str]:
        return set(names.of(WireArticle(uri="urn:x:1", versionCreated=NOON, body="", headline=headline)))

    address = set(names.of(WireArticle(uri="urn:x:1", versionCreated=NOON, body="")))
    plain = of("Ferry sails")
    assert of("UPDATE 2-CORRECTED-Ferry sails") >= plain
    assert of("2nd Ld-Writethru: Ferry sails") >= plain
    for other in ("Ferry update - sails", "Ferry lead: sails", "Ferry sails - update 2"):
        assert of(other) & plain == address, other
        assert len(of(other)) == 2, other
    assert of("Ferry mislead: ministers") & of("Ferry misministers") == address
