"""Drop folders: which files are finished, and that moving loses and overwrites nothing, killed or not."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import UserError
from pipeline.feeds import drop as drop_module
from pipeline.feeds.drop import REASON, Drop, is_open_for_writing, move

needs_leases = pytest.mark.skipif(not hasattr(fcntl, "F_SETLEASE"), reason="only Linux tells who writes a file")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def names(drop: Drop) -> list[str]:
    return [path.name for path, _ in drop.finished()]


def test_a_file_is_finished_when_it_has_not_changed_for_a_while(tmp_path: Path) -> None:
    clock = Clock()
    drop = Drop(tmp_path, pattern="*.xml", settle=5, clock=clock)
    file = tmp_path / "a.xml"
    file.write_text("<a>")
    os.utime(file, (0, 0))  # as transfer programs do: the file's own time tells nothing
    assert names(drop) == []
    clock.now += 4.9
    assert names(drop) == []
    with file.open("a") as more:
        more.write("</a>")
    os.utime(file, (0, 0))
    clock.now += 4.9
    assert names(drop) == []
    clock.now += 5
    assert names(drop) == ["a.xml"]
    (tmp_path / "b.part").write_text("<b/>")
    (tmp_path / "b.part").rename(file)
    assert names(drop) == [], "another file under the same name"
    clock.now += 5
    assert names(drop) == ["a.xml"]


def test_what_is_not_finished_by_its_name_or_no_file_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the address of a socket is short, and the folder's name may be long
    passed_over = [".a.xml", "a.tmp", "b.XML.PART", "c.filepart", "d.partial", "e.swp", "f~", "g.crdownload"]
    for name in [*passed_over, "ok.xml", "x y\n.txt"]:
        (tmp_path / name).write_text("x")
    (tmp_path / "done").mkdir()
    (tmp_path / "link.xml").symlink_to(tmp_path / "ok.xml")
    os.mkfifo(tmp_path / "pipe.xml")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.xml")
        assert sorted(names(Drop(tmp_path, pattern="*", settle=0, clock=Clock()))) == ["ok.xml", "x y\n.txt"]
    assert names(Drop(tmp_path, pattern="*.xml", settle=0, clock=Clock())) == ["ok.xml"]


def test_the_oldest_file_comes_first(tmp_path: Path) -> None:
    for number, name in enumerate(("c", "a", "b")):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (number, number))
    assert names(Drop(tmp_path, pattern="*", settle=0, clock=Clock())) == ["c", "a", "b"]


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="none"):
        Drop(tmp_path / "none", pattern="*", settle=0, clock=Clock()).finished()


@needs_leases
def test_a_file_that_is_still_open_is_not_finished(tmp_path: Path) -> None:
    file = tmp_path / "a"
    with file.open("w") as writer:
        writer.write("half")
        writer.flush()
        assert is_open_for_writing(file)
    assert not is_open_for_writing(file)
    assert not is_open_for_writing(tmp_path / "none")
    assert file.read_text() == "half"


WATCHER = """
import sys, time
from pathlib import Path
from pipeline.feeds.drop import is_open_for_writing
began, answers = time.monotonic(), set()
while time.monotonic() < began + 1.0 or (len(answers) < 2 and time.monotonic() < began + 60.0):
    answers.add(is_open_for_writing(Path(sys.argv[1])))
print(sorted(answers))
"""


@needs_leases
def test_whoever_opens_the_file_while_we_look_does_not_end_us(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.touch()
    watcher = subprocess.Popen([sys.executable, "-c", WATCHER, str(file)], stdout=subprocess.PIPE)
    while watcher.poll() is None:
        with file.open("ab"):
            pass
    assert watcher.stdout is not None
    with watcher.stdout as answers:
        assert answers.read() == b"[False, True]\n"
    assert watcher.returncode == 0, "the kernel tells a broken lease by a signal"


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    done = tmp_path / "done"
    targets = []
    for number in range(3):
        file = tmp_path / "story.xml.gz"
        file.write_text(str(number))
        targets.append(move(file, done))
        assert not file.exists()
    assert [target.name for target in targets] == ["story.xml.gz", "story.2.xml.gz", "story.3.xml.gz"]
    assert [target.read_text() for target in targets] == ["0", "1", "2"]
    long = tmp_path / ("ü" * 120 + ".xml")
    long.write_text("long")
    assert move(long, done, reason={"file": "long"}).read_text() == "long"


def test_the_reason_stands_beside(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / "bad.xml").write_text(str(number))
        target = move(tmp_path / "bad.xml", tmp_path / "refused", reason={"number": number})
        beside = target.with_name(target.name + REASON)
        assert json.loads(beside.read_text()) == {"number": number}
    assert len(list((tmp_path / "refused").iterdir())) == 4


def test_without_hard_links_nothing_is_overwritten_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)  # as FAT and some network file systems answer
    test_nothing_is_ever_overwritten(tmp_path)
    test_the_reason_stands_beside(tmp_path)


class Killed(BaseException):
    """Stands for SIGKILL between two steps."""


@pytest.mark.parametrize("step", ["link", "_write_reason", "unlink"])
@pytest.mark.parametrize("late", [False, True])
def test_a_move_that_is_cut_off_is_completed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, late: bool
) -> None:
    file, refused = tmp_path / "a.xml", tmp_path / "refused"
    file.write_text("the story")
    where = {"link": os, "_write_reason": drop_module, "unlink": Path}[step]
    real = getattr(where, step)

    def cut(*arguments: object, **options: object) -> None:
        if late:
            real(*arguments, **options)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(where, step, cut)
        with pytest.raises(Killed):
            move(file, refused, reason={})
    assert sum(path.name.startswith("a") and REASON not in path.name for path in tmp_path.rglob("a*")) >= 1
    if file.exists():
        move(file, refused, reason={})
    assert sorted(path.name for path in refused.iterdir()) == ["a.xml", f"a.xml{REASON}"]
    assert (refused / "a.xml").read_text() == "the story"
    assert not file.exists()
