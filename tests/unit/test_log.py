"""Logs are ECS: every line one JSON object, with fields that ECS has, of the types that ECS gives them."""

from __future__ import annotations

import ast
import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Code, Transient
from pipeline.log import BURST, configure, get_logger
from pipeline.settings import Log

ROOT = Path(__file__).parents[2]
OURS = "newswire."  # a namespace of our own, as ECS asks of fields that it does not have

# The fields of ECS 1.6 that may be in a line, with their types there (https://www.elastic.co/guide/en/ecs/1.6).
ECS: dict[str, type] = {
    "@timestamp": datetime,
    "message": str,
    "ecs.version": str,
    "log.level": str,
    "log.logger": str,
    "log.original": str,
    "log.origin.file.line": int,
    "log.origin.file.name": str,
    "log.origin.function": str,
    "process.name": str,
    "process.pid": int,
    "process.thread.id": int,
    "process.thread.name": str,
    "error.code": str,
    "error.message": str,
    "error.stack_trace": str,
    "error.type": str,
    "event.action": str,
    "event.id": str,
}


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure(Log(format="ecs"), stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def flat(line: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Objects within objects as names with dots, which are the same in ECS."""
    found: dict[str, Any] = {}
    for key, value in line.items():
        found |= flat(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}": value}
    return found


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [flat(json.loads(line)) for line in stream.getvalue().splitlines()]


def check(line: dict[str, Any]) -> None:
    assert {"@timestamp", "log.level", "message", "ecs.version", "log.logger", "process.pid"} <= set(line)
    for name, value in line.items():
        if name.startswith(OURS):
            continue
        assert name in ECS, name
        kind = ECS[name]
        if kind is datetime:
            assert datetime.fromisoformat(value).utcoffset() is not None
        else:
            assert type(value) is kind, (name, value)
    assert line["log.level"] in {"debug", "info", "warning", "error", "critical"}


def test_plain_lines_errors_and_what_we_add_are_ecs(logged: io.StringIO) -> None:
    log = get_logger("pipeline.test")
    log.info("worker %s starts", "a-1")
    log.warning(
        "dead letter: %s",
        "no date\nin two lines",
        extra={"error.code": str(Code.WIRE_FIELD), "event.action": "index", "newswire.origin": "t-1-7"},
    )
    try:
        raise Transient(Code.KAFKA_UNREACHABLE, "away")
    except Transient:
        log.exception("the agent failed", extra={"event.action": "enrich"})
    plain, letter, failure = lines(logged)
    for line in (plain, letter, failure):
        check(line)
    assert (plain["message"], plain["log.logger"], plain["log.level"]) == (
        "worker a-1 starts",
        "pipeline.test",
        "info",
    )
    assert (letter["error.code"], letter["event.action"]) == ("wire.field", "index")
    assert letter["newswire.origin"] == "t-1-7"
    assert (failure["error.type"], failure["error.message"]) == ("Transient", "away")
    assert "test_log.py" in failure["error.stack_trace"]


def test_lines_of_libraries_are_ecs_and_held_back_like_ours(logged: io.StringIO) -> None:
    for _ in range(100):
        logging.getLogger("aiokafka").warning("Unable connect to node with id %s", 1)
    found = lines(logged)
    assert len(found) == BURST
    for line in found:
        check(line)


def test_every_field_that_the_code_adds_is_of_ecs_or_in_our_namespace() -> None:
    added: set[str] = set()
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "extra":
                for part in ast.walk(node.value):
                    if isinstance(part, ast.Dict):
                        added |= {key.value for key in part.keys if isinstance(key, ast.Constant)}  # type: ignore[misc]
    assert {"error.code", "event.action", "newswire.origin"} <= added
    for name in added:
        assert name in ECS or name.startswith(OURS), name
