"""The lock and the cache: what is fetched is what was locked, and a file that is not is refused."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pipeline.errors import Code, UserError
from pipeline.local import artefacts
from pipeline.local.artefacts import Artefact, locked, unpack
from pipeline.local.lock import ELASTICSEARCH_VERSION, KAFKA_VERSION, LOCK_FILE
from pipeline.local.report import Silent


def test_the_lock_holds_the_versions_that_we_name() -> None:
    assert f"org.apache.kafka:kafka_2.13:jar:{KAFKA_VERSION}" in {each.coordinate for each in locked()["kafka"]}
    (elasticsearch,) = locked()["elasticsearch"]
    assert elasticsearch.coordinate.endswith(f":elasticsearch:zip:{ELASTICSEARCH_VERSION}")


def test_every_entry_is_exact() -> None:
    for artefact in (each for group in locked().values() for each in group):
        assert re.fullmatch(r"[\w.-]+:[\w.-]+:(jar|zip):[\w.-]+", artefact.coordinate)
        assert re.fullmatch(r"[0-9a-f]{64}", artefact.sha256)
        assert artefact.bytes > 0


def test_the_lock_names_coordinates_only() -> None:
    assert "://" not in LOCK_FILE.read_text("utf-8")


LOCKED = b"what was locked"


@pytest.fixture
def small_lock(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """A lock of one file, in a repository that nobody can reach."""
    artefact = Artefact("org.example.newswire:thing:jar:1", len(LOCKED), hashlib.sha256(LOCKED).hexdigest())
    groups = {"kafka": (artefact,), "elasticsearch": (artefact,), "compiler": (artefact,)}
    monkeypatch.setattr(artefacts, "locked", lambda: groups)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    set_up_jgo(monkeypatch, tmp_path_factory.mktemp("jgo"), port=9)  # the port of "discard": nothing listens
    return artefact


def set_up_jgo(monkeypatch: pytest.MonkeyPatch, folder: Path, *, port: int) -> None:
    """Make a port of this machine jgo's only repository, by its own configuration file."""
    (folder / "jgo.conf").write_text(f"[repositories]\ncentral = http://127.0.0.1:{port}\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(folder / "jgo.conf"))


@pytest.fixture
def repository(
    small_lock: Artefact, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A folder that a real HTTP server serves as jgo's only repository."""
    folder = tmp_path_factory.mktemp("repository")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        set_up_jgo(monkeypatch, tmp_path_factory.mktemp("jgo"), port=server.server_port)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield folder
        server.shutdown()
        thread.join()


def publish(artefact: Artefact, repository: Path, content: bytes) -> None:
    path = repository / artefact.path(Path("x")).relative_to("x/maven")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


def put(artefact: Artefact, cache: Path, content: bytes) -> Path:
    path = artefact.path(cache)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_without_a_network_the_message_says_what_was_wanted_and_what_to_do(
    small_lock: Artefact, tmp_path: Path
) -> None:
    with pytest.raises(UserError) as caught:
        artefacts.fetch(tmp_path, report=Silent())
    assert caught.value.code == Code.LOCAL_DOWNLOAD
    assert small_lock.coordinate in caught.value.message
    assert "Connection refused" in caught.value.message
    assert "newswire up" in str(caught.value.hint)


def test_a_good_file_is_taken_from_the_cache(small_lock: Artefact, tmp_path: Path) -> None:
    path = put(small_lock, tmp_path, LOCKED)
    assert artefacts.fetch(tmp_path, report=Silent()).compiler_jar == path


@pytest.mark.parametrize("content", [b"what was lo", b"what was lockeD", b""])
def test_a_file_that_is_not_the_locked_one_is_fetched_again_never_used(
    small_lock: Artefact, tmp_path: Path, content: bytes
) -> None:
    path = put(small_lock, tmp_path, content)
    with pytest.raises(UserError, match="cannot fetch"):
        artefacts.fetch(tmp_path, report=Silent())
    assert not path.exists()


def test_what_is_missing_is_fetched_with_progress(small_lock: Artefact, repository: Path, tmp_path: Path) -> None:
    publish(small_lock, repository, LOCKED)

    class Heard(Silent):
        bytes = 0

        @contextmanager
        def download(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
            def advance(count: int) -> None:
                self.bytes += count

            yield advance
            assert self.bytes == total

    heard = Heard()
    fetched = artefacts.fetch(tmp_path, report=heard)
    assert fetched.compiler_jar.read_bytes() == LOCKED
    assert heard.bytes > 0


@pytest.mark.parametrize("content", [b"something else!", b"short", b""])
def test_a_repository_that_answers_other_bytes_is_refused(
    small_lock: Artefact, repository: Path, tmp_path: Path, content: bytes
) -> None:
    publish(small_lock, repository, content)
    with pytest.raises(UserError, match="not the file whose SHA-256 we know") as caught:
        artefacts.fetch(tmp_path, report=Silent())
    assert caught.value.code == Code.LOCAL_DOWNLOAD
    assert not small_lock.path(tmp_path).exists()


def test_a_repository_without_the_file_is_told(small_lock: Artefact, repository: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"cannot fetch {small_lock.coordinate}"):
        artefacts.fetch(tmp_path, report=Silent())


def test_a_damaged_file_in_the_cache_is_fetched_again(small_lock: Artefact, repository: Path, tmp_path: Path) -> None:
    publish(small_lock, repository, LOCKED)
    path = put(small_lock, tmp_path, LOCKED[:7])
    artefacts.fetch(tmp_path, report=Silent())
    assert path.read_bytes() == LOCKED


def test_a_full_disk_is_told_before_the_download(
    small_lock: Artefact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.local.layout.free_bytes", lambda path: 12_000_000)
    with pytest.raises(UserError, match=r"12 MB free; 300 MB are needed") as caught:
        artefacts.fetch(tmp_path, report=Silent())
    assert caught.value.code == Code.LOCAL_MISSING
    assert "NEWSWIRE__LOCAL__CACHE_DIR" in str(caught.value.hint)


def test_unpack_keeps_what_is_executable(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as content:
        for name, mode in (("top/bin/run", 0o755), ("top/lib/data", 0o644)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o100000 | mode) << 16
            content.writestr(entry, "x")
    unpack(archive, tmp_path / "out")
    assert (tmp_path / "out" / "bin" / "run").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "out" / "lib" / "data").stat().st_mode & 0o777 == 0o644
    assert {path.name for path in tmp_path.iterdir()} == {"a.zip", "out"}


def test_a_broken_archive_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK not a zip")
    with pytest.raises(zipfile.BadZipFile):
        unpack(tmp_path / "a.zip", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
