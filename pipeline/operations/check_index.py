"""Checks of Elasticsearch: versions, health, disks, templates, mapping, aliases, rights, and its clock."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any, Final

from elastic_transport import ApiError, TransportError
from elasticsearch import Elasticsearch

from pipeline import identity
from pipeline.index.client import connect_sync, explain
from pipeline.index.reindex_plan import left_over, under_way
from pipeline.index.setup import TEMPLATE_VERSION
from pipeline.operations.check_kafka import skew
from pipeline.operations.findings import Check, Finding, ok, skipped, warning, wrong
from pipeline.operations.index_view import look
from pipeline.settings import Settings

ANSWER_WITHIN: Final = 10.0  # seconds
HEAP_USED: Final = 90  # percent
RIGHTS: Final = {identity.WRITE_ALIAS: ["write", "read"], identity.READ_ALIAS: ["read"]}


@contextmanager
def _client(settings: Settings, doing: str) -> Iterator[Elasticsearch]:
    with connect_sync(settings) as client:
        try:
            yield client.options(request_timeout=ANSWER_WITHIN)
        except (ApiError, TransportError) as error:
            raise explain(error, doing=doing) from error


def cluster(settings: Settings, *, now: Callable[[], float] = time.time) -> Iterator[Finding]:
    """Versions, health, heap, disks and clocks of the nodes."""
    with _client(settings, "look at the nodes") as client:
        health = client.cluster.health()
        if health["status"] == "red":
            yield wrong("elasticsearch", "the cluster is red: shards are missing", "GET /_cluster/allocation/explain")
        else:
            yield ok("elasticsearch", f"the cluster is {health['status']}, {health['number_of_nodes']} nodes")
        before = now()
        stats = client.nodes.stats(metric=["fs", "jvm"])["nodes"]
        after = now()
        ours = int(version("elasticsearch").partition(".")[0])
        for node in client.nodes.info(metric=["jvm"])["nodes"].values():
            message = f"{node['name']}: Elasticsearch {node['version']}, Java {node['jvm']['version']}"
            theirs = int(node["version"].partition(".")[0])
            if theirs != ours:
                yield warning("versions", f"{message}; our client is of version {ours}", f"elasticsearch {theirs}.*")
            else:
                yield ok("versions", message)
        marks = _watermarks(client)
        for node in stats.values():
            yield skew(f"Elasticsearch {node['name']}", node["timestamp"] / 1000, before=before, after=after)
            yield _disk(node, marks)
            heap = node["jvm"]["mem"]["heap_used_percent"]
            message = f"{node['name']}: {heap} % of the heap is used"
            yield warning("heap", message, "give it more heap") if heap > HEAP_USED else ok("heap", message)


def indices(settings: Settings) -> Iterator[Finding]:
    """Templates, mapping, aliases, and what a reindex has left."""
    with _client(settings, "look at the indices") as client:
        view = look(client)
        if view.template_version is None:
            yield wrong("templates", "there are none", "newswire setup")
        elif view.template_version < TEMPLATE_VERSION:
            message = f"they have version {view.template_version}, this release's is {TEMPLATE_VERSION}"
            yield wrong("templates", message, "newswire setup")
        elif view.template_version > TEMPLATE_VERSION:
            message = f"they have version {view.template_version}: a newer release than this one is in use"
            yield warning("templates", message, "upgrade this machine")
        else:
            yield ok("templates", f"version {view.template_version}")
        for problem in view.wrong_aliases:
            # without its filter readers would see what is killed or under embargo
            yield wrong("aliases", problem, "newswire setup")
        if not view.wrong_aliases:
            yield ok("aliases", "both are as they should be")
        for index in view.indices:
            yield from _index(index.name, index.aliases, closed=index.closed, template=index.template_version)
        if not view.wrong_aliases:
            yield from _reindexing(client)


def rights(settings: Settings) -> Iterator[Finding]:
    """What our user may do."""
    with _client(settings, "ask for our rights") as client:
        wanted = [{"names": [name], "privileges": privileges} for name, privileges in RIGHTS.items()]
        try:
            answer = client.security.has_privileges(index=wanted)
        except ApiError as error:
            if error.meta.status not in (400, 404, 405, 500):
                raise
            yield skipped("rights", "Elasticsearch runs without security: everybody may do everything")
            return
        missing = [
            f"{privilege} {name}"
            for name, found in answer["index"].items()
            for privilege, granted in found.items()
            if not granted
        ]
        if missing:
            message = f"{answer['username']} may not: {', '.join(missing)}"
            yield wrong("rights", message, "the role in config/elasticsearch/roles/newswire_worker.json")
        else:
            yield ok("rights", f"{answer['username']} may read and write")


def _index(name: str, aliases: tuple[str, ...], *, closed: bool, template: int) -> Iterator[Finding]:
    if identity.WRITE_ALIAS not in aliases:
        return
    if closed:
        yield wrong("indices", f"{name} is closed for writing: workers wait", "newswire reindex, or --abort")
    if template < TEMPLATE_VERSION:
        message = f"the mapping of {name} has version {template}, not {TEMPLATE_VERSION}"
        yield wrong("indices", message, "newswire setup")
    elif not closed:
        yield ok("indices", f"{name} is written to, its mapping has version {template}")


def _reindexing(client: Elasticsearch) -> Iterator[Finding]:
    for name, plan in under_way(client).items():
        message = f"{name} is being filled from {plan.source}, or was when the run was ended"
        yield warning("reindex", message, "newswire reindex with the same options, or newswire reindex --abort")
    old = left_over(client)
    if old:
        yield warning("reindex", f"{', '.join(old)} is not used any more", "newswire reindex --delete-old")


def _watermarks(client: Elasticsearch) -> dict[str, str]:
    found = client.cluster.get_settings(include_defaults=True, flat_settings=True)
    merged: dict[str, str] = {}
    for part in ("defaults", "persistent", "transient"):
        merged |= found.get(part, {})
    names = {"low": "low", "high": "high", "flood": "flood_stage"}
    prefix = "cluster.routing.allocation.disk.watermark"
    return {name: str(merged.get(f"{prefix}.{key}", "")) for name, key in names.items()}


def _disk(node: dict[str, Any], marks: dict[str, str]) -> Finding:
    disk = node["fs"]["total"]
    total, free = disk["total_in_bytes"], disk["available_in_bytes"]
    message = f"{node['name']}: {free / 1e9:,.1f} of {total / 1e9:,.1f} GB are free"
    for name in ("flood", "high", "low"):
        needed = _needed(marks.get(name, ""), total)
        if needed is not None and free < needed:
            words = f"{message}: below the {name} watermark ({marks[name]})"
            if name == "flood":
                return wrong("disk", f"{words}, nothing can be written", "free some space")
            return warning("disk", words, "free some space, or delete old indices")
    return ok("disk", message)


def _needed(mark: str, total: int) -> int | None:
    """Bytes that must be free for a watermark, which is a share of the disk in use or a free size."""
    found = re.fullmatch(r"([\d.]+)\s*(%|b|kb|mb|gb|tb|)", mark.strip(), re.IGNORECASE)
    if found is None:
        return None
    value, unit = float(found[1]), found[2].lower()
    if unit == "%":
        return round(total * (1 - value / 100))
    if unit == "" and value <= 1:
        return round(total * (1 - value))
    return round(value * 1024.0 ** ("b", "kb", "mb", "gb", "tb").index(unit or "b"))


CHECKS: Final = (Check("elasticsearch", cluster), Check("indices", indices), Check("rights", rights))
