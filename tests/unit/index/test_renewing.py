"""What renewing a document keeps: its version but for the enrichment, its stubs, and whatever it cannot read."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from pipeline import identity
from pipeline.index.copying import Stored, as_it_is
from pipeline.index.document import action
from pipeline.index.forget import tombstone
from pipeline.index.renewing import rebuilt, renewable, with_enrichment
from tests.support.enriched import enriched


def stored(**changes: object) -> Stored:
    lifts = changes.pop("lifts", None)
    assert lifts is None or isinstance(lifts, int)
    made = action(enriched(**changes), ingested="2025-03-01T12:00:00Z", created="2025-03-01T11:00:00Z", lifts=lifts)
    return Stored(made.document_id, made.version, msgspec.json.decode(made.source))


@pytest.mark.parametrize("life", [0, 1, 5])
@pytest.mark.parametrize("before", [0, 1, 42])
def test_the_version_with_another_enrichment_is_the_one_that_a_worker_would_give(life: int, before: int) -> None:
    article = enriched(version="7")
    version = identity.external_version(article, enrichment=before, life=life)
    for revision in (2, 99, 150):
        assert with_enrichment(version, revision) == identity.external_version(
            article, enrichment=revision, life=life
        )


def test_a_document_built_anew_is_the_same_document_with_the_same_version() -> None:
    kill = identity.external_version(enriched(pubStatus="canceled"))
    for document in (stored(), stored(embargoed="2999-01-01T00:00:00+02:00"), stored(lifts=kill)):
        (made,) = asyncio.run(rebuilt([document]))
        assert (made.document_id, made.version) == (document.id, document.version)
        assert msgspec.json.decode(made.source) == document.source


def test_a_field_that_an_old_document_lacks_is_there_afterwards() -> None:
    document = stored()
    del document.source["people"]
    (made,) = asyncio.run(rebuilt([document]))
    assert msgspec.json.decode(made.source)["people"] == ["Jüri Põldmaa", "Else Brandt"]


def test_stubs_tombstones_and_what_cannot_be_read_are_copied_as_they_are() -> None:
    from datetime import UTC, datetime

    forgotten = Stored("x", identity.FORGOTTEN, tombstone("x", now=datetime(2025, 3, 1, tzinfo=UTC)))
    broken = Stored("y", 7, {"uri": "y", "body": "text", "versionCreated": 7, "pubStatus": "usable"})
    documents = [stored(pubStatus="canceled"), forgotten, broken]
    assert [renewable(document) for document in documents] == [False, False, True]
    for transform in (rebuilt, as_it_is):
        made = asyncio.run(transform(documents))
        assert [msgspec.json.decode(each.source) for each in made] == [document.source for document in documents]
        assert [each.version for each in made] == [document.version for document in documents]
