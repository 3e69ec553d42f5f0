"""The parts of `newswire status`: each is a function of the settings, and an answer also where a server is down."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType

from pipeline.commands.common import plain
from pipeline.errors import NewswireError
from pipeline.settings import LOCAL, Settings

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.operations.kafka_view import KafkaView

PACE_OVER = (
    3.0  # seconds over which the pace of the workers is measured where there is a lag; they commit each second
)


@dataclass(frozen=True)
class Section:
    """One part of the answer."""

    name: str  # its key in --json
    healthy: bool  # one that is not makes the exit status 1
    data: Any  # for --json
    shown: RenderableType  # for people
    hint: str = ""  # the next command to type, where it is not healthy


def guarded(name: str, make: Callable[[Settings], Section], settings: Settings) -> Section:
    """The section, or why it cannot be told."""
    try:
        return make(settings)
    except NewswireError as error:
        data = {"error": {"code": str(error.code), "message": error.message}}
        return Section(name, False, data, f"[red]{name}[/]: {_safe(error.message)}", hint=error.hint or "")


def servers(settings: Settings) -> Section:
    """The servers of the local stack, or the addresses of those that the settings name instead."""
    from rich.console import Group
    from rich.table import Table

    from pipeline.local.layout import layout
    from pipeline.local.status import status as local_status

    table = Table(show_header=True, header_style="bold", box=None, pad_edge=False)
    for column in ("server", "state", "address", "version", "pid", "memory", "disk"):
        table.add_column(column, no_wrap=True)
    elsewhere = _elsewhere(settings)
    data: dict[str, Any] = {}
    for name, address in elsewhere.items():
        data[name] = {"where": "configured", "address": address}
        table.add_row(name, "configured", address)
    ours = (
        [] if len(elsewhere) == 2 else [each for each in local_status(settings.local) if each.name not in elsewhere]
    )
    for server in ours:
        data[server.name] = {"where": "local", "up": server.up} | asdict(server)
        table.add_row(
            server.name,
            f"[{'green' if server.up else 'red'}]{server.state}[/]",
            server.address or "-",
            server.version,
            str(server.pid or "-"),
            _megabytes(server.memory),
            _megabytes(server.data_bytes + server.logs_bytes),
        )
    folder = f"data and logs: {layout(settings.local).data}" if ours else ""
    healthy = all(server.up for server in ours)
    return Section("servers", healthy, data, Group(table, folder), hint="" if healthy else "newswire up")


def _elsewhere(settings: Settings) -> dict[str, str]:
    from pipeline.addresses import elasticsearch_hosts, kafka_bootstrap

    found = {}
    if settings.kafka.bootstrap_servers.strip() != LOCAL:
        found["kafka"] = kafka_bootstrap(settings)
    if settings.elasticsearch.hosts.strip() != LOCAL:
        found["elasticsearch"] = ",".join(elasticsearch_hosts(settings))
    return found


class Topics:
    """The section `topics`. It remembers what it saw, so that the next time tells the pace at once."""

    def __init__(self, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._before: KafkaView | None = None

    def __call__(self, settings: Settings) -> Section:
        """Topics, and how far the group of workers is."""
        import msgspec

        from pipeline.operations.kafka_view import catch_up, look

        view = look(settings)
        if self._before is None and any(topic.behind for topic in view.topics):
            self._before = view
            self._sleep(PACE_OVER)
            view = look(settings)
        left = catch_up(self._before, view) if self._before is not None else {}
        self._before = view
        table = _table("topic", "partitions", "replicas", "records", "lag", "caught up in")
        for topic in view.topics:
            if topic.missing:
                table.add_row(topic.name, "[red]missing[/]")
                continue
            lag = "-" if topic.behind is None else f"{topic.behind:,}"
            pace = _duration(left[topic.name]) if topic.name in left else "-"
            replicas = f"{topic.replicas}" + (f" ({topic.behind_replicas} behind)" if topic.behind_replicas else "")
            parts = f"{topic.partitions}" + (
                f" ([red]{topic.without_leader} away[/])" if topic.without_leader else ""
            )
            table.add_row(topic.name, parts, replicas, f"{topic.records:,}", lag, pace)
        missing = any(topic.missing for topic in view.topics)
        healthy = not missing and not any(topic.without_leader for topic in view.topics)
        data = msgspec.to_builtins(view) | {"seconds_to_catch_up": left}
        data.pop("at")
        shown = _group(f"group {view.group}: {view.members} members", table)
        return Section("topics", healthy, data, shown, hint="newswire setup" if missing else "")


def workers(settings: Settings) -> Section:
    """The workers of this host."""
    import msgspec

    from pipeline.operations.workers_view import look

    found = look(settings)
    table = _table("worker", "group", "agents", "pid", "metrics", "ready")
    for each in found:
        why = "; ".join(f"{name}: {reason}" for name, reason in each.checks.items())
        ready = "[green]yes[/]" if each.ready else f"[red]no[/] {_safe(why)}"
        address = f"{settings.metrics.host}:{each.port}"
        table.add_row(_safe(each.name), _safe(each.group), each.agents, str(each.pid), address, ready)
    shown = table if found else "no workers on this host (or with metrics switched off)"
    return Section("workers", True, msgspec.to_builtins(found), shown)


def indices(settings: Settings) -> Section:
    """The indices of articles."""
    import msgspec

    from pipeline.index.client import connect_sync
    from pipeline.operations.index_view import look

    with connect_sync(settings) as client:
        view = look(client)
    table = _table("index", "articles", "size", "shards", "template", "aliases", "")
    for each in view.indices:
        remarks = [word for word, so in (("closed for writing", each.closed), ("being filled", each.filling)) if so]
        table.add_row(
            each.name,
            f"{each.documents:,}",
            _megabytes(each.bytes),
            str(each.shards),
            str(each.template_version),
            ", ".join(each.aliases) or "-",
            ", ".join(remarks),
        )
    problems = list(view.wrong_aliases)
    if view.template_version != view.wanted_template_version:
        problems.append(f"the template has version {view.template_version}, not {view.wanted_template_version}")
    seen = "-" if view.visible is None else f"{view.visible:,}"
    head = f"Elasticsearch is {view.status}, {view.nodes} nodes; readers see {seen} articles"
    healthy = not problems and view.status != "red"
    hint = "newswire setup" if problems else ""
    shown = _group(head, table, *(f"[red]{_safe(problem)}[/]" for problem in problems))
    return Section("indices", healthy, msgspec.to_builtins(view), shown, hint=hint)


def dead_letters(settings: Settings) -> Section:
    """Dead letters by reason, and the last error."""
    import msgspec

    from pipeline.operations.letters_view import look

    view = look(settings)
    lines = [f"{'' if view.complete else 'at least '}{view.pending:,} dead letters pending"]
    lines += [f"  {count:,} {_safe(reason)}" for reason, count in view.reasons.items()]
    if view.last_arrived_ms is not None:
        when = datetime.fromtimestamp(view.last_arrived_ms / 1000, UTC).isoformat(timespec="seconds")
        lines.append(f"the last: {view.last_id}, {when}: {_safe((view.last_message or '')[:200])}")
    return Section("dead_letters", True, msgspec.to_builtins(view), "\n".join(lines))


def kills(settings: Settings) -> Section:
    """How many kill advisories there are, and how many of them found nothing to kill."""
    from pipeline.index.advisories import listed
    from pipeline.index.client import connect_sync

    with connect_sync(settings) as client:
        found = listed(client)
    unmatched = sum(not each.killed for each in found)
    shown = f"{len(found):,} kill advisories"
    if unmatched:
        shown += f", [yellow]{unmatched:,} of them name nothing that has come yet[/]: newswire kills --unmatched"
    return Section("kills", True, {"advisories": len(found), "unmatched": unmatched}, shown)


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(show_header=True, header_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=column != "ready")
    return table


def _group(*parts: RenderableType) -> RenderableType:
    from rich.console import Group

    return Group(*parts)


def _safe(text: str) -> str:
    from rich.markup import escape

    return escape(plain(text))


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "[red]never at this pace[/]"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _megabytes(count: int | None) -> str:
    return "-" if count is None else f"{count / 1e6:,.0f} MB"
