"""Where the files of `config/` and `schemas/` are: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import Code, UserError

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE.parent, _PACKAGE / "_resources")


def resource(relative: str) -> Path:
    """The path of a shipped file or folder, such as `config/newswire.toml`.

    Raises:
        UserError: where this installation lacks it.
    """
    for root in _ROOTS:
        if (root / relative).exists():
            return root / relative
    raise UserError(Code.NOT_FOUND, f"{relative} is missing from this installation", hint="install newswire again")
