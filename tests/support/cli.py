"""The command `newswire` in the test's own process: starting one for each call would take most of the time."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from pipeline.cli import main


@dataclass(frozen=True)
class Done:
    """What a run wrote."""

    stdout: bytes
    stderr: bytes


class Cli:
    """Runs commands with `environment`, and checks their exit status."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[bytes], environment: Mapping[str, str]
    ) -> None:
        self._monkeypatch = monkeypatch
        self._capture = capture
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

    def __call__(self, *arguments: str, stdin: bytes = b"", status: int = 0) -> Done:
        self._monkeypatch.setattr(sys, "argv", ["newswire", *arguments])
        given = SimpleNamespace(buffer=io.BytesIO(stdin), isatty=lambda: False)
        self._monkeypatch.setattr(sys, "stdin", given)
        self._capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        done = Done(*self._capture.readouterr())
        assert (ended.value.code or 0) == status, done
        return done
