"""Which index is copied into which: what `newswire reindex` plans, ends and tidies up."""

from __future__ import annotations

import msgspec
from elasticsearch import Elasticsearch

from pipeline import identity
from pipeline.errors import Code, Fatal, UserError
from pipeline.index.reindex import STATE, Origin, Plan


def revision(index: str) -> int:
    """The number at the end of the name of an index of articles; 0 where it is none."""
    digits = index.removeprefix(f"{identity.INDEX_PREFIX}-v")
    return int(digits) if digits.isdecimal() else 0


def in_use(client: Elasticsearch) -> str:
    """The index that both aliases are on.

    Raises:
        Fatal: `elasticsearch.index-missing`, where they are on none, or not on the same one.
    """
    found = {}
    for alias in (identity.WRITE_ALIAS, identity.READ_ALIAS):
        if not client.indices.exists_alias(name=alias):
            raise Fatal(Code.ELASTICSEARCH_INDEX_MISSING, f"there is no alias {alias}", hint="newswire setup")
        found[alias] = sorted(client.indices.get_alias(name=alias))
    if len(set(map(tuple, found.values()))) != 1 or len(found[identity.WRITE_ALIAS]) != 1:
        places = "; ".join(f"{alias} on {', '.join(indices)}" for alias, indices in found.items())
        raise Fatal(Code.ELASTICSEARCH_INDEX_MISSING, f"the aliases are not on one index: {places}")
    return found[identity.WRITE_ALIAS][0]


def plan(client: Elasticsearch, *, origin: Origin, rebuild: bool, enrich: bool) -> Plan:
    """From the index in use into the one of this release's mapping, or the next where that is in use.

    Raises:
        UserError: `usage`, where a run with other options was begun and not ended.
    """
    source = in_use(client)
    target = identity.index_name(max(identity.MAPPING_REVISION, revision(source) + 1))
    wanted = Plan(
        source=source,
        target=target,
        origin=origin,
        rebuild=rebuild or origin != "index",
        enrich=enrich or origin == "wire",
    )
    begun = under_way(client).get(target)
    if begun is not None and begun != wanted:
        raise UserError(
            Code.USAGE, f"{target} is being filled with other options: {begun}", hint="newswire reindex --abort"
        )
    return wanted


def under_way(client: Elasticsearch) -> dict[str, Plan]:
    """Of each index that is being filled the plan."""
    found = {}
    for name, mapping in client.indices.get_mapping(index=f"{identity.INDEX_PREFIX}-v*").items():
        state = mapping["mappings"].get("_meta", {}).get(STATE)
        if state:
            found[name] = msgspec.convert(state["plan"], Plan)
    return found


def abort(client: Elasticsearch) -> list[str]:
    """Delete what is being filled, and open the index in use for writing; returns the names of what was deleted."""
    source = in_use(client)
    client.indices.put_settings(index=source, settings={"index.blocks.write": None})
    unfinished = [name for name in under_way(client) if name != source]
    for name in unfinished:
        client.indices.delete(index=name)
    return unfinished


def left_over(client: Elasticsearch) -> list[str]:
    """The indices of articles that are older than the one in use, which nothing uses any more."""
    source = in_use(client)
    names = client.indices.get(index=f"{identity.INDEX_PREFIX}-v*", features=["aliases"])
    return sorted(
        name for name, found in names.items() if not found.get("aliases") and 0 < revision(name) < revision(source)
    )
