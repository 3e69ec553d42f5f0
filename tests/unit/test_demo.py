"""The demo's own logic: what it expects, when it is done, and that its searches can be typed."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline import identity, settings
from pipeline.article import WireArticle
from pipeline.cli import app
from pipeline.demo import expected, run, searches
from pipeline.demo.progress import compare
from pipeline.errors import UserError
from pipeline.identity import document_id, external_version

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ITEMS = expected.items(now=NOW)
SLUGS = {item.slug: item for item in ITEMS}
SEARCHES = searches.load()


def test_the_last_version_of_each_item_is_expected() -> None:
    assert len(ITEMS) == len(SLUGS) == len({item.article.uri for item in ITEMS})
    hidden = {item.slug for item in ITEMS if not item.visible}
    assert hidden == {"mombasa-ferry", "munich-patent", "rents-report"}
    assert SLUGS["split-wreck"].article.version == "2"  # though version 1 comes last
    assert SLUGS["halvorsen-bid"].article.version == "3"
    assert SLUGS["mombasa-ferry"].version > identity.KILLED


def test_an_embargo_ends() -> None:
    later = datetime(2099, 1, 1, 12, tzinfo=UTC)
    assert next(item for item in expected.items(now=later) if item.slug == "rents-report").visible


@given(st.randoms(use_true_random=False))
def test_the_order_of_versions_does_not_matter(random: object) -> None:
    article = SLUGS["split-wreck"].article
    versions = [msgspec.structs.replace(article, version=str(number)) for number in range(5)]
    versions.append(msgspec.structs.replace(article, pubStatus="canceled", versionCreated="2025-03-14"))
    random.shuffle(versions)  # type: ignore[attr-defined]
    [item] = expected.latest([("wreck", version) for version in versions], now=NOW)
    assert item.article.pubStatus == "canceled"
    assert not item.visible


# --- when it is done -------------------------------------------------------------------------------------------


def _item(number: int, *, visible: bool = True) -> expected.Item:
    article = WireArticle(uri=f"urn:x:{number}", versionCreated="2025-03-03T12:00:00Z", body="Text.", version="1")
    return expected.Item(f"x-{number}", article, visible)


TWO = [_item(1), _item(2, visible=False)]
ONE_ID, TWO_ID = (document_id(item.article.uri) for item in TWO)
VERSION = external_version(TWO[0].article)


@pytest.mark.parametrize(
    ("stored", "shown", "done"),
    [
        ({}, {}, False),
        ({ONE_ID: VERSION + 1}, {ONE_ID: VERSION + 1}, False),  # the hidden one is not there yet
        ({ONE_ID: VERSION + 1, TWO_ID: VERSION + 1}, {}, False),  # not refreshed yet
        ({ONE_ID: VERSION + 1, TWO_ID: VERSION + 1}, {ONE_ID: VERSION + 1}, True),
        ({ONE_ID: VERSION + 1, TWO_ID: VERSION + 1}, {ONE_ID: VERSION - 99}, False),  # an older version is shown
        ({ONE_ID: VERSION - 99, TWO_ID: VERSION + 1}, {ONE_ID: VERSION - 99}, False),
        ({ONE_ID: VERSION + 1, TWO_ID: VERSION + 1}, {ONE_ID: VERSION + 1, TWO_ID: VERSION + 1}, False),  # a leak
        ({ONE_ID: VERSION + 500, TWO_ID: VERSION + 1}, {}, True),  # somebody has killed it since
    ],
)
def test_done_is_when_readers_find_what_they_should_and_no_more(
    stored: dict[str, int], shown: dict[str, int], done: bool
) -> None:
    assert compare(TWO, stored=stored, shown=shown).done is done


def test_it_does_not_push_to_servers_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE__KAFKA__BOOTSTRAP_SERVERS", "kafka-1:9092")
    with pytest.raises(UserError, match="servers of its own") as refused:
        run.check_local(settings.load())
    assert "newswire push" in str(refused.value.hint)


# --- the searches ----------------------------------------------------------------------------------------------


def test_there_are_enough_searches_of_every_kind() -> None:
    assert 6 <= len(SEARCHES) <= 9
    for kind in ("query", "person", "place", "speaker", "quote", "about"):
        assert any(getattr(search, kind) for search in SEARCHES), kind
    assert len({search.command for search in SEARCHES}) == len(SEARCHES)


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search.command)
def test_searches_name_items_that_can_be_found(search: searches.DemoSearch) -> None:
    for slug in search.expect:
        assert SLUGS[slug].visible
    assert len(set(search.expect)) == len(search.expect)
    assert search.shows.endswith(".")
    assert search.request.limit >= len(search.expect)


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search.command)
def test_searches_can_be_typed(search: searches.DemoSearch) -> None:
    shown = CliRunner().invoke(app, ["search", *search.options, "--help"])
    assert shown.exit_code == 0, shown.output
