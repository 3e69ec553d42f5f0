"""`newswire setup` on the side of Elasticsearch: templates, the index of articles, its two aliases, the journal.

It may be called again at any time and by any release: it creates what is missing, brings what is ours in line with
the files in `config/elasticsearch/` and the settings, and never takes anything back. What it must not change (the
shards of an index that exists, an alias that a newer release has moved, a template of a newer release) stays, and the
report says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from pipeline import identity
from pipeline.errors import Code, Fatal
from pipeline.index.client import explain
from pipeline.index.definitions import definition
from pipeline.settings import Settings

# Of the files in config/elasticsearch/: raise it with every change there, so that an older release lets them be.
TEMPLATE_VERSION: Final = 2
SETTINGS_TEMPLATE: Final = f"{identity.INDEX_PREFIX}-settings"
FIELDS_TEMPLATE: Final = f"{identity.INDEX_PREFIX}-fields"
JOURNAL: Final = "news-pipeline"  # the alias under which workers write of themselves; its template brings it
JOURNAL_INDEX: Final = f"{JOURNAL}-v1"
REGISTER_TEMPLATE: Final = "news-register"

Done = Literal["created", "updated", "unchanged", "kept"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What setup did about one thing; `kept`: it differs and was left as it is, for the reason in `detail`."""

    kind: Literal["component template", "index template", "index", "mapping", "settings", "alias"]
    name: str
    done: Done
    detail: str = ""


def setup(client: Elasticsearch, settings: Settings) -> list[Step]:
    """Create or update everything that the index agent and the readers need.

    Raises:
        Transient: `elasticsearch.unreachable` or `.busy`: it can be called again later.
        Fatal: `elasticsearch.refused`, or `elasticsearch.mapping` where an index that exists cannot take our fields.
    """
    with _explained("set up the index templates"):
        steps = [
            _template(client, FIELDS_TEMPLATE, _versioned(definition("fields"))),
            _template(client, SETTINGS_TEMPLATE, _with_our_settings(definition("settings"), settings)),
            _template(client, identity.INDEX_PREFIX, definition("index-template"), composed=True),
            _template(client, JOURNAL, _versioned(definition("pipeline")), composed=True),
            _template(client, REGISTER_TEMPLATE, _versioned(definition("register")), composed=True),
        ]
    with _explained("look up the index in use"):
        index, newer = _in_use(client)
    with _explained(f"set up the index {index}"):
        if newer and not client.indices.exists(index=index):
            steps.append(Step(kind="index", name=index, done="kept", detail=f"a newer release uses {newer}"))
        elif client.indices.exists(index=index):
            steps.append(Step(kind="index", name=index, done="unchanged"))
            steps += [_mapping(client, index, "fields"), *_index_settings(client, index, settings)]
        else:
            steps.append(_create(client, index))
        steps += _aliases(client, index)
    with _explained(f"set up the index {JOURNAL_INDEX}"):
        if client.indices.exists(index=JOURNAL_INDEX):
            steps.append(_mapping(client, JOURNAL_INDEX, "pipeline"))
        else:
            steps.append(_create(client, JOURNAL_INDEX))
    with _explained(f"set up the index {identity.REGISTER}"):
        if client.indices.exists(index=identity.REGISTER):
            steps.append(_mapping(client, identity.REGISTER, "register"))
        else:
            steps.append(_create(client, identity.REGISTER))
    return steps


@contextmanager
def _explained(doing: str) -> Iterator[None]:
    try:
        yield
    except (ApiError, TransportError) as error:
        raise explain(error, doing=doing) from error


def _with_our_settings(template: dict[str, Any], settings: Settings) -> dict[str, Any]:
    section = settings.elasticsearch
    template["template"]["settings"] |= {"index.number_of_shards": str(section.shards), **_dynamic(settings)}
    return template


def _dynamic(settings: Settings) -> dict[str, str]:
    """The settings of an index that may change while it is in use."""
    section = settings.elasticsearch
    wanted = {"index.refresh_interval": section.refresh_interval}
    if section.replicas == "auto":
        wanted["index.auto_expand_replicas"] = "0-1"  # Elasticsearch's own "auto": one where there is a second node
    else:
        wanted |= {"index.auto_expand_replicas": "false", "index.number_of_replicas": str(section.replicas)}
    return wanted


def _versioned(template: dict[str, Any]) -> dict[str, Any]:
    template["template"]["mappings"]["_meta"] = {"template_version": TEMPLATE_VERSION}
    return template


def _template(client: Elasticsearch, name: str, body: dict[str, Any], *, composed: bool = False) -> Step:
    kind: Literal["component template", "index template"] = "index template" if composed else "component template"
    found = _find_template(client, name, composed=composed)
    if found is not None and found.get("version", 0) > TEMPLATE_VERSION:
        return Step(kind=kind, name=name, done="kept", detail=f"a newer release wrote version {found['version']}")
    body["version"] = TEMPLATE_VERSION
    put = client.indices.put_index_template if composed else client.cluster.put_component_template
    put(name=name, **{("meta" if key == "_meta" else key): value for key, value in body.items()})
    if found is None:
        return Step(kind=kind, name=name, done="created")
    same = found == _find_template(client, name, composed=composed)
    return Step(kind=kind, name=name, done="unchanged" if same else "updated")


def _find_template(client: Elasticsearch, name: str, *, composed: bool) -> dict[str, Any] | None:
    try:
        if composed:
            found = client.indices.get_index_template(name=name)["index_templates"][0]["index_template"]
        else:
            found = client.cluster.get_component_template(name=name)["component_templates"][0]["component_template"]
    except NotFoundError:
        return None
    # the server's own stamps differ with every write
    return {key: value for key, value in found.items() if not key.endswith(("_date", "_date_millis"))}


def _create(client: Elasticsearch, index: str) -> Step:
    try:
        client.indices.create(index=index)
    except BadRequestError as error:
        if error.error != "resource_already_exists_exception":  # another `newswire setup` was faster
            raise
        return Step(kind="index", name=index, done="unchanged")
    return Step(kind="index", name=index, done="created")


def _mapping(client: Elasticsearch, index: str, file: str) -> Step:
    before = client.indices.get_mapping(index=index)[index]["mappings"]
    version = before.get("_meta", {}).get("template_version", 0)
    if version > TEMPLATE_VERSION:
        return Step(kind="mapping", name=index, done="kept", detail=f"a newer release wrote version {version}")
    wanted = dict(_versioned(definition(file))["template"]["mappings"])
    # a reindex that is under way keeps its place there
    meta = before.get("_meta", {}) | wanted.pop("_meta")
    try:
        client.indices.put_mapping(index=index, meta=meta, **wanted)
    except BadRequestError as error:
        raise Fatal(
            Code.ELASTICSEARCH_MAPPING,
            f"{index} cannot take the fields of this release: {explain(error, doing='update the mapping')}",
            hint="they need a new index: raise MAPPING_REVISION in pipeline/identity.py, then newswire reindex",
        ) from error
    after = client.indices.get_mapping(index=index)[index]["mappings"]
    return Step(kind="mapping", name=index, done="unchanged" if before == after else "updated")


def _index_settings(client: Elasticsearch, index: str, settings: Settings) -> Iterator[Step]:
    found = client.indices.get_settings(index=index, flat_settings=True)[index]["settings"]
    differing = {key: value for key, value in _dynamic(settings).items() if found.get(key) != value}
    if differing.get("index.auto_expand_replicas") == "false" and "index.auto_expand_replicas" not in found:
        del differing["index.auto_expand_replicas"]
    if differing:
        client.indices.put_settings(index=index, settings=differing)
        detail = ", ".join(f"{key}: {found.get(key, 'not set')} -> {value}" for key, value in differing.items())
        yield Step(kind="settings", name=index, done="updated", detail=detail)
    shards = found["index.number_of_shards"]
    if shards != str(settings.elasticsearch.shards):
        detail = f"{shards} shards, not {settings.elasticsearch.shards}: fixed once an index is created"
        yield Step(kind="settings", name=index, done="kept", detail=detail)


def _in_use(client: Elasticsearch) -> tuple[str, str]:
    """The index to care for, and the one that a newer release uses instead, empty where there is none.

    That is the index of our revision of the mapping, or a later one that `newswire reindex` made of our templates.
    """
    for name in _holders(client, identity.WRITE_ALIAS):
        if _revision(name) > identity.MAPPING_REVISION:
            meta = client.indices.get_mapping(index=name)[name]["mappings"].get("_meta", {})
            ours = meta.get("template_version", 0) <= TEMPLATE_VERSION
            return (name, "") if ours else (identity.index_name(), name)
    return identity.index_name(), ""


def _aliases(client: Elasticsearch, index: str) -> Iterator[Step]:
    for alias, wanted in definition("aliases").items():
        holders = _holders(client, alias)
        newer = sorted(name for name in holders if _revision(name) > _revision(index))
        older = sorted(name for name in holders if name != index and name not in newer)
        if newer:
            yield Step(kind="alias", name=alias, done="kept", detail=f"a newer release has it on {', '.join(newer)}")
        elif older and index not in holders:
            # moving it now would hide every article that only the old index has
            yield Step(kind="alias", name=alias, done="kept", detail=f"on {', '.join(older)}: newswire reindex")
        elif index in holders and all(holders[index].get(key) == value for key, value in wanted.items()):
            yield Step(kind="alias", name=alias, done="unchanged")
        else:
            client.indices.put_alias(index=index, name=alias, **wanted)
            yield Step(kind="alias", name=alias, done="updated" if index in holders else "created")


def _holders(client: Elasticsearch, alias: str) -> dict[str, dict[str, Any]]:
    """The indices that have the alias, each with its definition of it."""
    if client.indices.exists(index=alias) and not client.indices.exists_alias(name=alias):
        raise Fatal(
            Code.ELASTICSEARCH_INDEX_MISSING,
            f"{alias} is an index; it must be an alias",
            hint=f"somebody wrote to {alias!r} before the setup: delete that index, then newswire setup",
        )
    if not client.indices.exists_alias(name=alias):
        return {}
    return {name: found["aliases"][alias] for name, found in client.indices.get_alias(name=alias).items()}


def _revision(index: str) -> int:
    digits = index.removeprefix(f"{identity.INDEX_PREFIX}-v")
    return int(digits) if digits.isdecimal() else 0
