"""The files inside .gz and .zip."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import datetime

import pytest

from pipeline.article import WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import parse, parse_each
from tests.unit.wire.conftest import FIXTURES, One

TEXT = b" date 2024-05-30 Text."


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_gzip_is_read_as_its_content(one: One) -> None:
    assert one(gzip.compress(TEXT, mtime=0)) == one(TEXT)
    assert one(gzip.compress(TEXT[:10]) + gzip.compress(TEXT[10:])) == one(TEXT)


def test_a_zip_of_several_formats_each_file_answered_for(now: datetime) -> None:
    data = zipped(
        {
            "a.txt": TEXT,
            "folder/b.xml": (FIXTURES / "nitf.xml").read_bytes(),
            "c.txt.gz": gzip.compress(TEXT, mtime=0),
            "../../d.txt": b"no date",
            "__MACOSX/a.txt": b"\0",
            ".hidden": b"\0",
            "folder/": b"",
        }
    )
    results = list(parse_each(data, name="day.zip", now=now))
    assert [each.wireFormat for each in results if isinstance(each, WireArticle)] == ["text", "nitf", "text"]
    (refused,) = (each for each in results if isinstance(each, Poison))
    assert refused.message.startswith("day.zip!d.txt: ")


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (zipped({"a": TEXT})[:-10], Code.WIRE_UNREADABLE, "zip"),
        (gzip.compress(TEXT, mtime=0)[:-4], Code.WIRE_UNREADABLE, "gzip"),
        (gzip.compress(TEXT, mtime=0)[:-8] + b"12345678", Code.WIRE_UNREADABLE, "CRC"),
        (gzip.compress(b"a" * 5_000_000, mtime=0), Code.WIRE_HOSTILE, "unpacks to more"),
        (zipped({"a": b"a" * 1_500_000, "b": b"a" * 1_500_000}), Code.WIRE_HOSTILE, "unpacks to more"),
    ],
)
def test_refusals(now: datetime, data: bytes, code: Code, words: str) -> None:
    results = list(parse_each(data, name="x", now=now, default_date="2024-05-30"))
    assert isinstance(results[-1], Poison)
    assert results[-1].code == code
    assert words in results[-1].message


def test_an_entry_without_a_name_is_passed_over(now: datetime) -> None:
    data = bytearray(zipped({"x": b"damaged", "a.txt": TEXT}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 28 : entry + 32] = b"\0\0\1\0"  # the byte of its name is one of its extra field
    (article,) = parse_each(bytes(data), name="day.zip", now=now)
    assert isinstance(article, WireArticle)


def test_an_encrypted_file_is_refused(now: datetime) -> None:
    data = bytearray(zipped({"a.txt": TEXT}))
    data[6] |= 1  # the flag in the local header
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    with pytest.raises(Poison, match="encrypted"):
        parse(bytes(data), now=now)
