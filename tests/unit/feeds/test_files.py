"""Files, folders and pipes: a stable order, limits kept, nothing left out without a reason."""

from __future__ import annotations

import inspect
import io
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.errors import Code
from pipeline.feeds.files import Delivery, Refused, Source, deliveries, find, shown

LIMIT = 1000


def names(*arguments: Path | str) -> list[str]:
    return [
        f"{item.name} {item.error.code}" if isinstance(item, Refused) else item.name
        for item in find(map(str, arguments))
    ]


def delivered(path: Path, *, format: str = "auto", limit: int = LIMIT) -> list[Delivery | Refused]:
    return list(deliveries(Source(shown(path), path), format=format, limit=limit))


def refusal(path: Path, **options: int) -> Code:
    (only,) = delivered(path, **options)  # type: ignore[arg-type]
    assert isinstance(only, Refused)
    return only.error.code


def test_folders_are_walked_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in (
        "b/2.txt",
        "b/10.txt",
        "a.txt",
        "c.txt",
        "b.txt",
        "b/.hidden",
        ".git/config",
        "é.txt",
        "z/deep/er.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    expected = ["a.txt", "b/10.txt", "b/2.txt", "b.txt", "c.txt", "z/deep/er.txt", "é.txt"]
    assert [str(Path(name).relative_to(tmp_path)) for name in names(tmp_path)] == expected


def test_arguments_keep_their_order_and_a_hidden_file_that_is_named_is_taken(tmp_path: Path) -> None:
    for name in ("b", "a", ".h"):
        (tmp_path / name).write_text("x")
    assert names(tmp_path / "b", "-", tmp_path / ".h") == [
        str(tmp_path / "b"),
        "standard input",
        str(tmp_path / ".h"),
    ]


def test_a_loop_of_links_ends_and_is_told_but_a_folder_linked_twice_is_no_loop(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x.txt").write_text("x")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "again").symlink_to(tmp_path / "a" / "b")
    found = [line.replace(str(tmp_path), "") for line in names(tmp_path)]
    assert found == [
        "/a/b/up file.unreadable",
        "/a/b/x.txt",
        "/again/up/b file.unreadable",
        "/again/x.txt",
    ]


def test_what_is_no_file_is_refused_and_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the address of a socket is short, and the folder's name may be long
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "self").symlink_to("self")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        found = [line.replace(str(tmp_path), "") for line in names(tmp_path, tmp_path / "nothing")]
    assert found == [
        "/broken not-found",
        "/pipe file.unreadable",
        "/self file.unreadable",
        "/socket file.unreadable",
        "/nothing not-found",
    ]


@contextmanager
def nobody() -> Iterator[None]:
    """Root may read everything: be somebody else for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_what_may_not_be_read_is_refused() -> None:
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        top.chmod(0o755)
        (top / "closed").mkdir(mode=0)
        secret = top / "secret"
        secret.write_text("x")
        secret.chmod(0)
        with nobody():
            assert names(top) == [f"{top / 'closed'} file.unreadable", str(secret)]
            assert refusal(secret) is Code.FILE_UNREADABLE


def test_folders_nested_deeper_than_python_recurses(tmp_path: Path) -> None:
    depth = 400
    bottom = tmp_path.joinpath(*("d" * depth))
    bottom.mkdir(parents=True)
    (bottom / "x.txt").write_text("x")
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + depth // 2)
    try:
        assert names(tmp_path) == [str(bottom / "x.txt")]
    finally:
        sys.setrecursionlimit(usual)


def test_names_that_are_no_text_or_would_move_the_cursor_are_escaped(tmp_path: Path) -> None:
    name = b"a\xff\x1b[2J\n.txt"
    (Path(os.fsdecode(bytes(tmp_path) + b"/" + name))).write_bytes(b"text")
    (only,) = find([str(tmp_path)])
    assert isinstance(only, Source)
    assert only.name == f"{tmp_path}/a\\xff\\x1b[2J\\n.txt"
    assert [item.data for item in deliveries(only, format="auto", limit=LIMIT) if isinstance(item, Delivery)] == [
        b"text"
    ]


@pytest.mark.parametrize(("size", "taken"), [(0, True), (LIMIT, True), (LIMIT + 1, False), (50 * LIMIT, False)])
def test_the_limit_of_a_file(tmp_path: Path, size: int, taken: bool) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x" * size)
    if taken:
        assert delivered(path) == [Delivery(str(path), b"x" * size, "auto")]
    else:
        assert refusal(path) is Code.WIRE_TOO_LARGE


def test_a_pipe_that_does_not_end_is_given_up_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.BufferedIOBase):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size > 0
            return b"x" * size

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=Endless()))
    (only,) = deliveries(Source("standard input", None), format="auto", limit=LIMIT)
    assert isinstance(only, Refused)
    assert only.error.code is Code.WIRE_TOO_LARGE


def test_json_lines_come_one_by_one_and_a_line_too_long_does_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "all.JSONL"
    path.write_bytes(b"\xef\xbb\xbf{1}\n\n  \r\n{2}\r\n" + b"x" * (LIMIT * 3) + b"\n" + b"y" * LIMIT + b"\n{3}")
    found = delivered(path)
    assert [item.data for item in found if isinstance(item, Delivery)] == [b"{1}", b"{2}", b"y" * LIMIT, b"{3}"]
    assert [item.name for item in found] == [f"{path}:{number}" for number in (1, 4, 5, 6, 7)]
    assert isinstance(found[2], Refused)
    assert {item.format for item in found if isinstance(item, Delivery)} == {"json"}


def test_a_format_that_is_given_wins_over_the_suffix(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"1\n2\n")
    assert delivered(path, format="text") == [Delivery(str(path), b"1\n2\n", "text")]
    other = tmp_path / "a.txt"
    other.write_bytes(b"1\n2\n")
    assert [item.name for item in delivered(other, format="jsonl")] == [f"{other}:1", f"{other}:2"]
