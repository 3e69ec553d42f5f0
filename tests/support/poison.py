"""Records that can never be processed, of eight kinds."""

from __future__ import annotations

from pipeline import codec

POISON_KINDS = 8


def poison(number: int) -> tuple[bytes | None, list[tuple[str, bytes]]]:
    """Value and headers of a record that can never be processed; the kind goes by the number."""
    ours = [("content-type", codec.WIRE_CONTENT_TYPE.encode())]
    kinds: list[tuple[bytes | None, list[tuple[str, bytes]]]] = [
        (b"", ours),
        (b"\x00\xff\xfe not JSON %d" % number, ours),
        (b'{"uri": "cut off %d' % number, ours),
        (b'{"versionCreated": "2022-03-01", "body": "without an id %d"}' % number, ours),
        (b'{"uri": "x%d", "versionCreated": "the day before", "body": ""}' % number, ours),
        (b'{"uri": "x%d", "versionCreated": "9999-01-01", "body": ""}' % number, ours),
        (b'{"uri": "x%d", "versionCreated": "2022-03-01", "body": 7}' % number, ours),
        (b"<?xml version='1.0'?><unknown n='%d'/>" % number, [("content-type", b"application/xml")]),
    ]
    assert len(kinds) == POISON_KINDS
    return kinds[number % POISON_KINDS]
