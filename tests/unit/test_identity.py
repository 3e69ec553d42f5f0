"""Article ids and external versions: pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import identity
from pipeline.article import WireArticle
from pipeline.errors import Code, Poison

NOW = datetime(2022, 2, 26, 12, tzinfo=UTC)
MAX_LONG = 2**63 - 1  # of Elasticsearch's version field


def article(**changes: object) -> WireArticle:
    fields: dict[str, object] = {"uri": "urn:x", "versionCreated": "2022-02-26T10:00:00Z", "body": ""}
    return WireArticle(**(fields | changes))  # type: ignore[arg-type]


def test_the_version_is_the_formula_of_the_design() -> None:
    milliseconds = int(datetime(2022, 2, 26, 10, tzinfo=UTC).timestamp() * 1000)
    assert identity.external_version(article(version="7"), enrichment=3) == milliseconds * 10_000 + 703


def test_a_kill_outranks_every_version_and_fits_a_long() -> None:
    latest = article(versionCreated="9999-12-31T23:59:59Z", version="99")
    kill = article(pubStatus="canceled", versionCreated="1970-01-01")
    assert identity.external_version(kill) > identity.external_version(latest, enrichment=99)
    last_kill = article(pubStatus="canceled", versionCreated="9999-12-31T23:59:59Z", version="99")
    assert identity.external_version(last_kill, enrichment=99) <= MAX_LONG


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"versionCreated": "2022-02-25"}, {"versionCreated": "2022-02-26"}),
        ({"version": "1"}, {"version": "2"}),
        ({"version": None}, {"version": "1"}),
        ({"versionCreated": "2022-02-26T10:00:00+02:00"}, {"versionCreated": "2022-02-26T10:00:00+01:00"}),
        ({"version": "99"}, {"versionCreated": "2022-02-26T10:00:00.001Z"}),
    ],
)
def test_newer_versions_outrank_older_ones(older: dict[str, object], newer: dict[str, object]) -> None:
    assert identity.external_version(article(**older)) < identity.external_version(article(**newer))


def test_a_later_revision_of_the_enrichment_outranks_an_earlier_one_but_not_the_next_version() -> None:
    old = identity.external_version(article(version="1"), enrichment=1)
    enriched_again = identity.external_version(article(version="1"), enrichment=99)
    assert old < enriched_again < identity.external_version(article(version="2"), enrichment=1)


@pytest.mark.parametrize(
    "value", ["", "yesterday", "2022-13-01", "2022-02-30T00:00:00Z", "2022-02-26T10:00", "0" * 9999]
)
def test_what_is_no_date_names_field_and_value(value: str) -> None:
    with pytest.raises(Poison, match="versionCreated") as caught:
        identity.external_version(article(versionCreated=value))
    assert caught.value.code == Code.WIRE_FIELD


def test_dates_that_would_freeze_an_item_are_refused() -> None:
    identity.check_version_created(article(versionCreated="2022-02-27T11:59:00Z"), now=NOW)
    for value in ("2022-02-27T12:01:00Z", "9999-01-01", "1969-12-31"):
        with pytest.raises(Poison) as caught:
            identity.check_version_created(article(versionCreated=value), now=NOW)
        assert caught.value.code == Code.WIRE_DATE_RANGE
        assert value in str(caught.value)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9998, 1, 1)), st.integers(1, 10**6))
def test_a_millisecond_later_is_a_higher_version(moment: datetime, milliseconds: int) -> None:
    moment = moment.replace(tzinfo=UTC, microsecond=0)
    later = moment + timedelta(milliseconds=milliseconds)
    first, second = (
        identity.external_version(article(versionCreated=when.isoformat(timespec="milliseconds")))
        for when in (moment, later)
    )
    assert second - first == milliseconds * 10_000


def test_plain_text_has_a_stable_id() -> None:
    assert identity.text_uri("Grüße") == identity.text_uri("Grüße")
    assert identity.text_uri("a") != identity.text_uri("b")


@given(st.text(min_size=1, max_size=2000))
def test_a_document_id_fits_elasticsearch(uri: str) -> None:
    uri = uri.encode("utf-8", "ignore").decode()
    assert len(identity.document_id(uri).encode()) <= identity.ELASTICSEARCH_ID_BYTES


def test_the_index_is_named_after_the_mapping_revision() -> None:
    assert identity.index_name(3) == "news-articles-v3"


def test_lives_stand_above_each_other_and_a_kill_above_the_versions_of_its_life() -> None:
    old, new = article(version="1"), article(version="2", versionCreated="2024-01-01")
    killed = article(version="1", pubStatus="canceled")
    order = [
        identity.external_version(each, enrichment=1, life=life)
        for life in range(identity.MOST_LIVES + 1)
        for each in (old, new, killed)
    ]
    assert order == sorted(order)
    assert len(set(order)) == len(order)
    assert order[-1] < 1 << 63
    for position, version in enumerate(order):
        assert identity.life_of(version) == position // 3
        assert identity.is_kill(version) == (position % 3 == 2)
        assert identity.rank_of(version) == identity.rank((old, new, killed)[position % 3], enrichment=1)


def test_what_comes_after_the_year_2198_stays_in_its_life() -> None:
    late = article(versionCreated="9998-01-01", pubStatus="canceled")
    assert identity.life_of(identity.external_version(late)) == 0
    assert identity.is_kill(identity.external_version(late))


@pytest.mark.parametrize("lifts", ["", "12", "-1", str(1 << 61), str(1 << 63), "4611686018427387904.0", "x" * 1000])
def test_only_the_external_version_of_a_kill_can_be_lifted(lifts: str) -> None:
    with pytest.raises(Poison, match="lifts") as caught:
        identity.lifted_kill(article(lifts=lifts))
    assert caught.value.code == Code.WIRE_FIELD
    kill = identity.external_version(article(pubStatus="canceled"))
    assert identity.lifted_kill(article(lifts=str(kill))) == kill


def test_a_kill_is_newer_by_its_date_or_version_and_not_by_its_enrichment() -> None:
    lifted = identity.external_version(article(version="3", pubStatus="canceled"), enrichment=1)
    assert not identity.is_newer_kill(article(version="3", pubStatus="canceled"), lifted)
    assert not identity.is_newer_kill(article(version="2", pubStatus="canceled"), lifted)
    assert identity.is_newer_kill(article(version="4", pubStatus="canceled"), lifted)


def test_what_is_forgotten_outranks_everything_and_cannot_be_lifted() -> None:
    last = article(versionCreated="9998-01-01", version="99", pubStatus="canceled")
    highest = identity.external_version(last, enrichment=99, life=identity.MOST_LIVES)
    assert highest < identity.FORGOTTEN < 1 << 63
    assert not identity.is_kill(identity.FORGOTTEN)
    with pytest.raises(Poison, match="lifts"):
        identity.lifted_kill(article(lifts=str(identity.FORGOTTEN)))
