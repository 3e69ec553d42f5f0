"""The real Kafka and Elasticsearch of a test session: one of each, on free ports, with data that is thrown away."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from pipeline.local import stack as local_stack
from pipeline.local.report import Silent
from pipeline.local.server import Programs, Server
from pipeline.settings import Elasticsearch, Kafka, Local, Settings, Topics, Worker, load

KAFKA_HEAP = "384m"
ELASTICSEARCH_HEAP = "768m"
# only the first of Java's two compilers: a start takes half the processor time
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1"


def unique(prefix: str = "t") -> str:
    """A name that no other test uses."""
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


class Handle:
    """One server, to be ended and started again by a test on faults: same port, same data."""

    def __init__(self, server: Server, programs: Programs) -> None:
        self.server = server
        self._programs = programs

    def start(self) -> None:
        """Start it if it does not run, and wait until it answers."""
        self.server.start(self._programs, report=Silent())

    def stop(self) -> None:
        """End it as `newswire down` does."""
        self.server.stop()

    def kill(self) -> None:
        """End it as a crash does (SIGKILL)."""
        self.server.kill()

    @property
    def running(self) -> bool:
        return self.server.process() is not None


class Stack:
    """Both servers, and settings that point at them."""

    def __init__(self, local: Local, programs: Programs) -> None:
        self.local = local
        kafka, elasticsearch = local_stack.servers(local)
        self.kafka = Handle(kafka, programs)
        self.elasticsearch = Handle(elasticsearch, programs)
        self.bootstrap = kafka.address
        self.url = elasticsearch.address

    def settings(self, **sections: dict[str, Any]) -> Settings:
        """Settings for a test: these servers, topics and a consumer group of its own, and what `sections` say.

        Elasticsearch's indices have fixed names: a test that shares them tells its articles apart by their ids.
        """
        mark = unique()
        given = {name: dict(values) for name, values in sections.items()}
        topics = {"wire": f"{mark}.wire", "enriched": f"{mark}.enriched", "dead_letter": f"{mark}.dead-letter"}
        kafka = Kafka(**{"bootstrap_servers": self.bootstrap} | given.pop("kafka", {}))
        elasticsearch = Elasticsearch(**{"hosts": self.url} | given.pop("elasticsearch", {}))
        base = load(Path(__file__).parents[2] / "config" / "newswire.toml")
        changed = {
            "kafka": kafka,
            "elasticsearch": elasticsearch,
            "topics": Topics(**topics | {"partitions": 4} | given.pop("topics", {})),
            "worker": Worker(**{"group": mark, "name": mark} | given.pop("worker", {})),
            "local": self.local.model_copy(update=given.pop("local", {})),
        }
        for name, values in given.items():
            changed[name] = type(getattr(base, name))(**values)
        return base.model_copy(update=changed)

    def environment(self, settings: Settings | None = None) -> dict[str, str]:
        """The variables by which a process has these settings; without any, just those that lead to these servers."""
        variables: dict[str, str] = {}
        if settings is None:
            variables["NEWSWIRE__KAFKA__BOOTSTRAP_SERVERS"] = self.bootstrap
            variables["NEWSWIRE__ELASTICSEARCH__HOSTS"] = self.url
        sections = {name: getattr(settings, name) for name in type(settings).model_fields} if settings else {}
        return variables | variables_of(sections or {"local": self.local})


def variables_of(sections: Mapping[str, Any]) -> dict[str, str]:
    """The environment variables for what was set in these sections; secrets as they are."""
    variables: dict[str, str] = {}
    for section, values in sections.items():
        for name in values.model_fields_set:
            value = getattr(values, name)
            plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
            variables[f"NEWSWIRE__{section.upper()}__{name.upper()}"] = str(plain)
    return variables


_PREFIX = "newswire test "
_OWNER = "owner"


def _end_what_dead_sessions_left() -> None:
    """A test session that was killed could not end its servers: the next one does."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, ValueError, psutil.Error):
            if psutil.pid_exists(int((folder / _OWNER).read_text())):
                continue
            for server in local_stack.servers(local_settings(folder)):
                server.kill()
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def folder_for_servers() -> Iterator[Path]:
    """A temporary folder that the servers' account may enter, too: pytest's own are closed to others.

    Its name has a space, as the usual folder for such data has on a Mac.
    """
    _end_what_dead_sessions_left()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder.chmod(0o755)
    (folder / _OWNER).write_text(str(os.getpid()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def local_settings(data: Path, **values: Any) -> Local:
    """Settings of a stack with its data in `data` and small heaps; the cache is the usual one, filled once."""
    usual = load(Path(__file__).parents[2] / "config" / "newswire.toml").local
    small = {
        "kafka_heap": KAFKA_HEAP,
        "elasticsearch_heap": ELASTICSEARCH_HEAP,
        "java_options": JAVA_OPTIONS,
    }
    return usual.model_copy(update={"data_dir": str(data), "kafka_port": 0, "elasticsearch_port": 0} | small | values)


@contextmanager
def running() -> Iterator[Stack]:
    """Both servers, started anew and ended afterwards whatever happens."""
    with folder_for_servers() as folder:
        local = local_settings(folder)
        try:
            local_stack.up(local)
            yield Stack(local, local_stack.programs(local))
        finally:
            for server in local_stack.servers(local):
                server.kill()
