"""Checks of this machine: versions, Java, files and memory, the model, our configuration files, ports."""

from __future__ import annotations

import os
import platform
import resource as limits
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import psutil

from pipeline import __version__
from pipeline.errors import NewswireError
from pipeline.operations.findings import Check, Finding, ok, skipped, warning, wrong
from pipeline.settings import LOCAL, Settings

MEMORY_OF_A_PROCESS: Final = 400_000_000  # bytes of an NLP process, measured 350 MB, and something for the worker
OPEN_FILES: Final = 1024
FREE_DISK: Final = 2_000_000_000  # bytes
PACKAGES: Final = ("faust-streaming", "kafka-python", "elasticsearch", "spacy")


def versions(settings: Settings) -> Iterator[Finding]:
    """Python and the packages that matter."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            yield wrong("versions", f"the package {name} is not installed", "make install")
    python = platform.python_version()
    yield ok("versions", f"newswire {__version__}, Python {python}, {', '.join(found)}")
    if not (3, 11) <= sys.version_info < (3, 14):
        yield wrong("versions", f"Python {python} is not supported", "use Python 3.11, 3.12 or 3.13")


def java(settings: Settings) -> Iterator[Finding]:
    """Java for the local servers."""
    if LOCAL not in (settings.kafka.bootstrap_servers.strip(), settings.elasticsearch.hosts.strip()):
        yield skipped("java", "the servers are elsewhere: no Java is needed here")
        return
    from pipeline.local.java import find_java

    found = find_java(settings.local.java_home)
    yield ok("java", f"Java {found.full_version} in {found.home}")


def local_servers(settings: Settings) -> Iterator[Finding]:
    """The servers of `newswire up`."""
    from pipeline.local.layout import free_bytes, layout
    from pipeline.local.status import status

    configured = {"kafka": settings.kafka.bootstrap_servers, "elasticsearch": settings.elasticsearch.hosts}
    ours = [each for each in status(settings.local) if configured[each.name].strip() == LOCAL]
    for server in ours:
        if server.up:
            yield ok("local servers", f"{server.name} {server.version} at {server.address}")
        else:
            yield wrong("local servers", f"{server.name} is {server.state}", "newswire up")
    if ours:
        data = layout(settings.local).data
        free = free_bytes(data)
        message = f"{free / 1e9:,.1f} GB free for {data}"
        if free < FREE_DISK:
            yield warning("disk", message, "free some space, or move local.data_dir")
        else:
            yield ok("disk", message)


def machine(settings: Settings) -> Iterator[Finding]:
    """Open files, memory, cores."""
    files, _ = limits.getrlimit(limits.RLIMIT_NOFILE)
    if files < OPEN_FILES:
        yield warning("open files", f"at most {files}", f"ulimit -n {OPEN_FILES * 4}")
    else:
        yield ok("open files", f"at most {files}")
    free = psutil.virtual_memory().available
    needed = MEMORY_OF_A_PROCESS * settings.worker.processes
    message = f"{free / 1e9:.1f} GB free; a worker with {settings.worker.processes} NLP processes takes about "
    message += f"{needed / 1e9:.1f} GB"
    yield ok("memory", message) if free > needed else warning("memory", message, "lower worker.processes")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if settings.worker.processes > cores:
        message = f"{settings.worker.processes} NLP processes on {cores} cores"
        yield warning("cores", message, "lower worker.processes: more than there are cores makes it slower")
    else:
        yield ok("cores", f"{cores}, for {settings.worker.processes} NLP processes")


def metrics_port(settings: Settings) -> Iterator[Finding]:
    """Whether a worker can listen where it should."""
    from pipeline.operations.workers_view import look
    from pipeline.stream.monitor import PORTS

    section = settings.metrics
    if not section.enabled:
        yield skipped("metrics", "switched off")
        return
    for worker in look(settings):
        where = f"{worker.name} at {section.host}:{worker.port}"
        if worker.ready:
            yield ok("workers", f"{where} is ready")
        else:
            why = "; ".join(f"{name}: {reason}" for name, reason in worker.checks.items())
            yield warning("workers", f"{where} is not ready: {why}", "see its log")
    for port in range(section.port, min(section.port + PORTS, 65536)) if section.port else (0,):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((section.host, port))
            except OSError as error:
                problem = error
                continue
        yield ok("metrics", f"the next worker here listens on {section.host}:{port or 'any free port'}")
        return
    yield warning("metrics", f"no port from {section.port} on is free: {problem}", "set metrics.port")


def model(settings: Settings) -> Iterator[Finding]:
    """Whether the pipeline of the settings can be loaded: the model, and the files that its steps read."""
    from pipeline.enrich.enricher import Enricher

    nlp = Enricher(settings.enrichment).nlp
    yield ok("enrichment", f"the pipeline loads: {nlp.lang}, {', '.join(nlp.pipe_names)}")


def files(settings: Settings) -> Iterator[Finding]:
    """Our own files of names, events and feeds; the shipped ones where the settings name no other."""
    from pathlib import Path

    from pipeline.enrich.dates.events import load_events
    from pipeline.enrich.entities.aliases import load as load_aliases
    from pipeline.feeds.definition import load as load_feeds
    from pipeline.feeds.definition import path_of
    from pipeline.resources import resource

    loaders: dict[str, Callable[[], object]] = {
        "aliases": lambda: load_aliases(Path(resource("config/aliases.toml"))),
        "events": lambda: load_events(Path(resource("config/events.toml"))),
        "feeds": lambda: load_feeds(path_of(settings)),
    }
    for name, load in loaders.items():
        try:
            load()
        except NewswireError as error:
            yield wrong("files", f"{name}: {error.message}", error.hint or "")
        except OSError as error:
            yield wrong("files", f"{name}: {error}", "")
        else:
            yield ok("files", f"{name} can be read")


CHECKS: Final[Iterable[Check]] = (
    Check("versions", versions),
    Check("java", java),
    Check("local servers", local_servers),
    Check("machine", machine),
    Check("metrics", metrics_port),
    Check("enrichment", model),
    Check("files", files),
)
