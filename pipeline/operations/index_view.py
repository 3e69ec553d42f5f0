"""What Elasticsearch holds of ours: indices, aliases, templates, and a reindex that is under way."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import Elasticsearch

from pipeline import identity
from pipeline.index.client import explain
from pipeline.index.definitions import definition
from pipeline.index.reindex import STATE
from pipeline.index.setup import TEMPLATE_VERSION

TEMPLATES: Final = f"{identity.INDEX_PREFIX}-fields"
ANSWER_WITHIN: Final = 10.0  # seconds


class IndexView(msgspec.Struct, frozen=True, kw_only=True):
    """One index of articles. `documents` counts articles, with what readers do not see; not their nested parts."""

    name: str
    documents: int
    bytes: int
    shards: int
    template_version: int
    aliases: tuple[str, ...]
    closed: bool  # for writing
    filling: bool  # by a reindex


class ClusterView(msgspec.Struct, frozen=True, kw_only=True):
    """Elasticsearch at one moment. `template_version` is None where there is no template."""

    status: str  # green, yellow, red
    nodes: int
    indices: tuple[IndexView, ...]
    visible: int | None  # articles that readers see now; None without the alias
    template_version: int | None
    wanted_template_version: int
    wrong_aliases: tuple[str, ...]  # that are missing, on several indices, or not as they should be


def look(client: Elasticsearch) -> ClusterView:
    """Ask Elasticsearch.

    Raises:
        Transient: `elasticsearch.unreachable` or `.busy`.
        Fatal: `elasticsearch.refused`.
    """
    try:
        return _look(client.options(request_timeout=ANSWER_WITHIN))
    except (ApiError, TransportError) as error:
        raise explain(error, doing="look up the indices") from error


def _look(client: Elasticsearch) -> ClusterView:
    health = client.cluster.health()
    pattern = f"{identity.INDEX_PREFIX}-v*"
    found = client.indices.get(index=pattern)
    stats = client.indices.stats(index=pattern, metric=["store"])["indices"] if found else {}
    indices = tuple(
        _index(client, name, about, stats.get(name, {}))
        for name, about in sorted(found.items(), key=lambda it: it[0])
    )
    aliases = {name: about.get("aliases", {}) for name, about in found.items()}
    visible = None
    if any(identity.READ_ALIAS in own for own in aliases.values()):
        visible = client.count(index=identity.READ_ALIAS)["count"]
    template = client.options(ignore_status=404).cluster.get_component_template(name=TEMPLATES)
    versions = [each["component_template"].get("version") for each in template.get("component_templates", ())]
    return ClusterView(
        status=health["status"],
        nodes=health["number_of_nodes"],
        indices=indices,
        visible=visible,
        template_version=versions[0] if versions else None,
        wanted_template_version=TEMPLATE_VERSION,
        wrong_aliases=tuple(_wrong(aliases)),
    )


def _index(client: Elasticsearch, name: str, about: dict[str, Any], stats: dict[str, Any]) -> IndexView:
    settings = about["settings"]["index"]
    meta = about["mappings"].get("_meta", {})
    return IndexView(
        name=name,
        documents=client.count(index=name)["count"],
        bytes=stats.get("total", {}).get("store", {}).get("size_in_bytes", 0),
        shards=int(settings["number_of_shards"]),
        template_version=meta.get("template_version", 0),
        aliases=tuple(sorted(about.get("aliases", {}))),
        closed=str(settings.get("blocks", {}).get("write", "false")) == "true",
        filling=STATE in meta,
    )


def _wrong(aliases: dict[str, dict[str, Any]]) -> list[str]:
    """What `definition("aliases")` wants and is not so, in words."""
    problems = []
    for alias, wanted in definition("aliases").items():
        holders = [name for name, own in aliases.items() if alias in own]
        if not holders:
            problems.append(f"{alias} is missing")
        elif len(holders) > 1:
            problems.append(f"{alias} is on several indices: {', '.join(holders)}")
        elif any(aliases[holders[0]][alias].get(key) != value for key, value in wanted.items()):
            problems.append(f"{alias} on {holders[0]} is not as config/elasticsearch/aliases.json has it")
    return problems
