"""JSON of unknown makers, read with care: bounded memory, and values of the right type or a clear refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from pipeline.errors import Code, Poison
from pipeline.wire import fields
from pipeline.wire.fields import bad, checked
from pipeline.wire.text import decode

# An empty list or object, a number or a short text takes up to this many bytes in memory, but as few as two in JSON.
_VALUE_BYTES: Final = 72
_KEY_BYTES: Final = 60  # a key beside its value, where no two are the same
_SLACK_BYTES: Final = 8_000_000
_FACTOR: Final = 4


class Item:
    """A JSON object with its keys folded: lower case, without underscores. The first of equal keys counts."""

    __slots__ = ("_name", "_values")

    def __init__(self, values: Mapping[str, Any], name: str = "") -> None:
        self._name = name
        self._values: dict[str, Any] = {}
        for key, value in values.items():
            self._values.setdefault(key.lower().replace("_", ""), value)

    def get(self, key: str) -> Any:
        """The value as it is, or None."""
        return self._values.get(key)

    def starting(self, prefix: str) -> list[str]:
        """The folded keys that start so, in order."""
        return [key for key in self._values if key.startswith(prefix)]

    def text(self, key: str) -> str | None:
        """A text, or None where there is none or it is blank."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise bad(self._path(key), value, "is not a text")
        return checked(value, key) if value and not value.isspace() else None

    def texts(self, key: str) -> str | None:
        """A text, or several as one: AP lists its terms of use."""
        value = self._values.get(key)
        if not isinstance(value, list):
            return self.text(key)
        parts = [Item({key: entry}, self._name).text(key) for entry in value]
        return "; ".join(dict.fromkeys(part.strip() for part in parts if part)) or None

    def label(self, key: str) -> str | None:
        """A text or number as one line of text."""
        value = self._values.get(key)
        if isinstance(value, bool) or not isinstance(value, (str, int, float, type(None))):
            raise bad(self._path(key), value, "is neither text nor number")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return None if value is None else fields.line(str(value), key)

    def number(self, key: str) -> int | None:
        """An urgency: a number, or the digits of one."""
        value = self._values.get(key)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, (str, int, type(None))):
            raise bad(self._path(key), value, "is not a number from 1 to 9")
        return fields.urgency(value, self._path(key))

    def list(self, key: str) -> list[Any]:
        """A list; a single value counts as a list of one, and a text of keywords as its parts."""
        value = self._values.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        if isinstance(value, str) and key in ("keywords", "keyword"):
            return value.split(",")
        return [value]

    def keys(self) -> Iterator[str]:
        """The folded keys."""
        return iter(self._values)

    def _path(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key


def folded(values: Mapping[str, Any], name: str = "") -> Item:
    """An object with its keys folded; `name` is its own key, for messages."""
    return Item(values, name)


def load(data: bytes) -> Any:
    """The value of a JSON document in UTF-8, UTF-16 or UTF-32 with a byte-order mark.

    Raises:
        Poison: `wire.unreadable` with the position; `wire.hostile` for one made to fill the memory or the stack.
    """
    structure = data.count(b",") + data.count(b"[") + data.count(b"{")
    keys = data.count(b'":')
    if structure * _VALUE_BYTES + keys * _KEY_BYTES > _FACTOR * len(data) + _SLACK_BYTES:
        raise Poison(Code.WIRE_HOSTILE, f"JSON: {structure} values in {len(data)} bytes")
    if data[:1] in (b"\xef", b"\xff", b"\xfe"):
        data = decode(data).encode("utf-8", "replace")
    try:
        return msgspec.json.decode(data)
    except UnicodeDecodeError as error:
        raise Poison(Code.WIRE_ENCODING, f"JSON: byte at offset {error.start} is not UTF-8") from error
    except msgspec.DecodeError as error:
        raise Poison(Code.WIRE_UNREADABLE, f"JSON: {error}") from error
    except RecursionError as error:
        raise Poison(Code.WIRE_HOSTILE, "JSON: nested too deeply") from error


def items(value: Any) -> Iterator[Item]:
    """The objects of a document: the one, those of a list, or those that `items` (`_items`) lists."""
    value = _unwrapped(value)
    if isinstance(value, Mapping):
        inner = folded(value).get("items")
        value = inner if isinstance(inner, list) and not _has_id(value) else [value]
    if not isinstance(value, list):
        raise Poison(Code.WIRE_UNREADABLE, "JSON: neither an object nor a list of objects")
    for position, entry in enumerate(value):
        if not isinstance(entry, Mapping):
            raise bad(f"items[{position}]", entry, "is not an object")
        inner = _unwrapped(entry)
        yield folded(inner if isinstance(inner, Mapping) else entry)


def _has_id(value: Mapping[str, Any]) -> bool:
    return bool(value.get("uri") or value.get("guid"))


def _unwrapped(value: Any) -> Any:
    """What is inside the envelopes of the agencies' interfaces: `{"data": {"item": {...}}}`."""
    for key in ("data", "item"):
        if isinstance(value, Mapping) and not _has_id(value) and isinstance(value.get(key), (Mapping, list)):
            value = value[key]
    return value
