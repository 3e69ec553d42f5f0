"""Setup on the real server: it may be run at any time, and takes nothing back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline import identity
from pipeline.errors import Code, Fatal, Transient
from pipeline.index import setup as index_setup
from pipeline.index.client import connect_sync
from pipeline.index.definitions import definition
from pipeline.index.setup import setup
from pipeline.settings import Settings
from tests.integration.index.conftest import Index

pytestmark = pytest.mark.servers

NEWER = identity.index_name(identity.MAPPING_REVISION + 1)


@pytest.fixture
def newer(index: Index) -> Iterator[str]:
    """An index as a newer release would make it."""
    index.client.indices.create(index=NEWER)
    index.client.indices.put_mapping(index=NEWER, meta={"template_version": index_setup.TEMPLATE_VERSION + 1})
    yield NEWER
    index.client.indices.delete(index=NEWER)


def changed(settings: Settings, **values: Any) -> Settings:
    return settings.model_copy(update={"elasticsearch": settings.elasticsearch.model_copy(update=values)})


def test_a_second_run_changes_nothing(index: Index) -> None:
    assert {step.done for step in setup(index.client, index.settings)} == {"unchanged"}


def test_an_index_made_by_the_template_is_what_a_worker_needs(index: Index) -> None:
    found = index.client.indices.get(index=identity.index_name())[identity.index_name()]
    assert found["mappings"]["dynamic"] == "strict"
    assert found["aliases"][identity.READ_ALIAS]["filter"]["bool"]["filter"] == [{"term": {"pubStatus": "usable"}}]
    assert found["aliases"][identity.WRITE_ALIAS] == {"is_write_index": True}
    assert found["settings"]["index"]["auto_expand_replicas"] == "0-1"


def test_settings_of_an_index_in_use_follow_and_its_shards_stay(index: Index) -> None:
    steps = setup(index.client, changed(index.settings, refresh_interval="7s", replicas=0, shards=3))
    told = {step.done: step.detail for step in steps if step.kind == "settings"}
    assert "index.refresh_interval: 1s -> 7s" in told["updated"]
    assert "1 shards, not 3" in told["kept"]
    steps = setup(index.client, index.settings)
    assert any("refresh_interval: 7s -> 1s" in step.detail for step in steps)


def test_an_alias_whose_filter_was_weakened_is_mended(index: Index) -> None:
    index.write(index.article(1, pubStatus="withheld"))
    index.client.indices.put_alias(index=identity.index_name(), name=identity.READ_ALIAS)
    assert index.numbers() == [1]
    steps = setup(index.client, index.settings)
    assert [step.done for step in steps if step.name == identity.READ_ALIAS] == ["updated"]
    assert index.numbers() == []


def test_an_alias_that_a_newer_release_moved_stays_where_it_is(index: Index, newer: str) -> None:
    index.client.indices.delete_alias(index=identity.index_name(), name=identity.WRITE_ALIAS)
    index.client.indices.put_alias(index=newer, name=identity.WRITE_ALIAS, is_write_index=True)
    steps = {step.name: step for step in setup(index.client, index.settings)}
    assert steps[identity.WRITE_ALIAS].done == "kept"
    assert newer in steps[identity.WRITE_ALIAS].detail
    assert index.client.indices.get_alias(name=identity.WRITE_ALIAS).keys() == {newer}


def test_an_older_release_leaves_newer_templates_alone(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_setup, "TEMPLATE_VERSION", 0)
    steps = setup(index.client, index.settings)
    assert {step.done for step in steps if "template" in step.kind or step.kind == "mapping"} == {"kept"}


def test_a_newer_release_adds_its_fields_to_the_index_in_use(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    index.client.indices.delete(index=identity.index_name())

    def without_signals(name: str) -> dict[str, Any]:
        read = definition(name)
        if name == "fields":
            del read["template"]["mappings"]["properties"]["signals"]
        return read

    with monkeypatch.context() as patch:
        patch.setattr(index_setup, "definition", without_signals)
        setup(index.client, index.settings)
        with pytest.raises(Fatal) as fatal:  # a worker of the newer release, before its setup
            index.write(index.article(1, signals=("correction",)))
        assert fatal.value.code is Code.ELASTICSEARCH_MAPPING
    steps = setup(index.client, index.settings)
    done = [step.done for step in steps if step.kind == "mapping" and step.name == identity.index_name()]
    assert done == ["updated"]
    index.write(index.article(1, signals=("correction",)))
    assert index.numbers("signals:correction") == [1]


def test_a_mapping_that_cannot_be_brought_in_line_is_named(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_another_type(name: str) -> dict[str, Any]:
        read = definition(name)
        if name == "fields":
            read["template"]["mappings"]["properties"]["urgency"] = {"type": "keyword"}
        return read

    with monkeypatch.context() as patch:
        patch.setattr(index_setup, "definition", with_another_type)
        with pytest.raises(Fatal, match="urgency") as fatal:
            setup(index.client, index.settings)
    assert fatal.value.code is Code.ELASTICSEARCH_MAPPING


def test_an_index_in_the_place_of_an_alias_is_named(index: Index) -> None:
    index.client.indices.delete_alias(index=identity.index_name(), name=identity.WRITE_ALIAS)
    index.client.indices.create(index=identity.WRITE_ALIAS)
    try:
        with pytest.raises(Fatal, match="must be an alias"):
            setup(index.client, index.settings)
    finally:
        index.client.indices.delete(index=identity.WRITE_ALIAS)


def test_a_server_that_is_away_is_a_matter_of_time(index: Index) -> None:
    with (
        connect_sync(changed(index.settings, hosts="http://127.0.0.1:9")) as client,
        pytest.raises(Transient) as away,
    ):
        setup(client, index.settings)
    assert away.value.code is Code.ELASTICSEARCH_UNREACHABLE
