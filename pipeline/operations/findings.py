"""What `newswire doctor` finds: one thing looked at, how grave it is, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

import msgspec

from pipeline.errors import NewswireError
from pipeline.settings import Settings


class Severity(StrEnum):
    """`error`: it does not work; `warning`: it works, but not well or not for ever; `skipped`: it was not seen."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    SKIPPED = "skipped"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding. `next` is the next command to type or what to change, empty where there is nothing to do."""

    check: str
    severity: Severity
    message: str
    next: str = ""


def ok(check: str, message: str) -> Finding:
    """All is well."""
    return Finding(check=check, severity=Severity.OK, message=message)


def warning(check: str, message: str, next: str) -> Finding:
    """It works, and will not for ever, or not well."""
    return Finding(check=check, severity=Severity.WARNING, message=message, next=next)


def wrong(check: str, message: str, next: str) -> Finding:
    """It does not work."""
    return Finding(check=check, severity=Severity.ERROR, message=message, next=next)


def skipped(check: str, message: str) -> Finding:
    """It could not be looked at."""
    return Finding(check=check, severity=Severity.SKIPPED, message=message)


class Check(NamedTuple):
    """Something that is looked at."""

    name: str
    look: Callable[[Settings], Iterable[Finding]]


def run(checks: Iterable[Check], settings: Settings) -> Iterator[Finding]:
    """Everything that the checks find; one that fails is a finding itself."""
    for check in checks:
        try:
            yield from check.look(settings)
        except NewswireError as error:
            yield wrong(check.name, error.message, error.hint or "")
        except Exception as error:  # noqa: BLE001 - whatever is broken, the other checks are wanted
            yield wrong(check.name, f"{type(error).__name__}: {error}", "")
