"""What is remembered of a server between two runs: its ports, which cluster it is, and its process."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class State:
    """The file `state.json` in a server's folder."""

    port: int | None = None  # for clients
    inner_port: int | None = None  # Kafka's controller, Elasticsearch's transport
    cluster: str | None = None  # Kafka's cluster id, Elasticsearch's cluster uuid
    pid: int | None = None  # of the last start; alive or not


def read(folder: Path) -> State:
    """The state of the server in `folder`; an empty one where there is none, or none that can be read."""
    try:
        data = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        return State(**{field.name: data.get(field.name) for field in fields(State)})
    except (OSError, ValueError, AttributeError):
        return State()


def write(folder: Path, state: State) -> None:
    """Replace the state file in one step, so that no reader sees half of it."""
    partial = folder / f"state.json.{os.getpid()}"
    partial.write_text(json.dumps(asdict(state), indent=1) + "\n", encoding="utf-8")
    partial.chmod(0o644)
    partial.replace(folder / "state.json")
