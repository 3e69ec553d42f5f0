"""The user's own names, `config/aliases.toml`: read, checked, and refused with the line of the mistake."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pipeline.article import EntityType
from pipeline.enrich import names
from pipeline.errors import Code, UserError

LABELS: dict[str, str] = {
    "PERSON": "PERSON",
    "ORGANIZATION": "ORG",
    "LOCATION": "GPE",
    "NORP": "NORP",
    "EVENT": "EVENT",
    "OTHER": "OTHER",
}
_KEYS = frozenset({"canonical", "type", "aliases", "id"})
_HEADER = re.compile(r"\s*\[\[\s*alias\s*\]\]")
_ID = re.compile(r"[a-z][a-z0-9.+-]*:\S+\Z", re.ASCII)
_TYPES = get_args(EntityType)


@dataclass(frozen=True, slots=True)
class Alias:
    """One entity that the user knows."""

    canonical: str
    type: EntityType
    forms: tuple[str, ...]
    id: str

    @property
    def label(self) -> str:
        """The label of its mentions."""
        return LABELS[self.type]


def load(path: Path) -> tuple[Alias, ...]:
    """The aliases of a file.

    Raises:
        UserError: `settings`, naming file, line and field, where the file cannot be read or an entry is wrong.
    """
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(Code.SETTINGS, f"{path}: {error}", hint="mend the file, or set it aside") from error
    try:
        document = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise UserError(Code.SETTINGS, f"{path}: not TOML: {error}", hint=f"mend {path.name}") from error
    unknown = sorted(set(document) - {"alias"})
    if unknown:
        raise _wrong(
            path, _line_of(source.splitlines(), 0, unknown[0]), f"unknown table {unknown[0]!r}: only [[alias]]"
        )
    entries = document.get("alias", [])
    if not isinstance(entries, list):
        raise _wrong(path, _line_of(source.splitlines(), 0, "alias"), "alias is a list of tables: write [[alias]]")
    return _checked(path, source.splitlines(), entries)


def by_form(aliases: tuple[Alias, ...]) -> dict[str, Alias]:
    """The aliases by each form in `names.plain`."""
    return {names.plain(form): alias for alias in aliases for form in alias.forms}


def _checked(path: Path, lines: list[str], entries: list[Any]) -> tuple[Alias, ...]:
    headers = [number for number, line in enumerate(lines, 1) if _HEADER.match(line)]
    found: list[Alias] = []
    taken: dict[str, str] = {}
    for index, entry in enumerate(entries):
        at = headers[index] if index < len(headers) else 1
        for key in entry:
            if key not in _KEYS:
                raise _wrong(path, _line_of(lines, at, key), f"unknown field {key!r}: canonical, type, aliases or id")
        canonical, kind = entry.get("canonical"), entry.get("type")
        if not isinstance(canonical, str) or not canonical.strip():
            raise _wrong(path, _line_of(lines, at, "canonical"), "canonical: the entity's name is missing")
        if kind not in _TYPES:
            raise _wrong(path, _line_of(lines, at, "type"), f"type: {kind!r} is none of {', '.join(_TYPES)}")
        forms = entry.get("aliases", [])
        if not isinstance(forms, list) or not all(isinstance(form, str) and form.strip() for form in forms):
            raise _wrong(path, _line_of(lines, at, "aliases"), "aliases: a list of names, none of them empty")
        identity = entry.get("id", "name:" + names.key(canonical))
        if not isinstance(identity, str) or not (_ID.match(identity) or "id" not in entry):
            raise _wrong(path, _line_of(lines, at, "id"), f"id: {identity!r} is not like wikidata:Q42 or desk:42")
        alias = Alias(canonical, kind, tuple(dict.fromkeys([canonical, *forms])), identity)
        for form in alias.forms:
            other = taken.setdefault(names.plain(form), canonical)
            if other != canonical:
                raise _wrong(path, _line_of(lines, at, "aliases"), f"{form!r} is already a name of {other!r}")
        found.append(alias)
    return tuple(found)


def _line_of(lines: list[str], header: int, key: str) -> int:
    """The line of a field in the table whose header is on line `header`; the header's where it has none."""
    pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[\]=.]")
    for number in range(header, len(lines)):
        if header and _HEADER.match(lines[number]):
            break
        if pattern.match(lines[number]):
            return number + 1
    return max(header, 1)


def _wrong(path: Path, line: int, message: str) -> UserError:
    return UserError(Code.SETTINGS, f"{path}, line {line}: {message}", hint=f"mend line {line} of {path.name}")
