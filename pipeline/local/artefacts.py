"""The servers' files: fetched once as Maven artefacts into the cache folder, each checked against the lock.

Here are coordinates only; jgo knows the Maven repository. A mirror of one's own goes into jgo's configuration file,
as `central` under [repositories]. A file that is not, byte for byte, the locked one is deleted and refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import Code, UserError
from pipeline.local.layout import check_space
from pipeline.local.lock import LOCK_FILE
from pipeline.local.locking import held
from pipeline.local.report import Report

_SPARE = 300_000_000  # bytes on the cache's disk for unpacking, beside the download
_FETCHERS = 4


@dataclass(frozen=True)
class Artefact:
    """One locked file."""

    coordinate: str  # group:artifact:packaging:version
    bytes: int
    sha256: str

    def path(self, cache: Path) -> Path:
        """Where it is kept, in the layout of a Maven repository."""
        group, artifact, packaging, version = self.coordinate.split(":")
        return cache.joinpath("maven", *group.split("."), artifact, version, f"{artifact}-{version}.{packaging}")


@dataclass(frozen=True)
class Files:
    """What is needed to start the servers."""

    kafka_jars: tuple[Path, ...]
    elasticsearch_zip: Path
    compiler_jar: Path


@lru_cache(maxsize=1)
def locked() -> dict[str, tuple[Artefact, ...]]:
    """The lock: the files of `kafka`, `elasticsearch` and `compiler`."""
    data = json.loads(LOCK_FILE.read_text(encoding="utf-8"))
    return {name: tuple(Artefact(**each) for each in data[name]) for name in ("kafka", "elasticsearch", "compiler")}


def fetch(cache: Path, *, report: Report) -> Files:
    """All files of the lock, those fetched that the cache lacks.

    Blocks while it downloads (about 175 MB the first time), or while another process fills the same cache.

    Raises:
        UserError: `local.download` (network, or a file that is not the locked one) or `local.missing` (disk space).
    """
    everything = sorted({artefact for group in locked().values() for artefact in group}, key=lambda each: -each.bytes)
    verified = cache / f"verified-{hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()[:12]}"
    if not (verified.exists() and all(_has_size(artefact, cache) for artefact in everything)):
        cache.mkdir(parents=True, exist_ok=True, mode=0o755)
        with held(cache / "cache.lock", report=report, waiting=f"waiting for another process to fill {cache}"):
            missing = [artefact for artefact in everything if not _is_good(artefact, cache)]
            if missing:
                total = sum(artefact.bytes for artefact in missing)
                check_space(cache, total + _SPARE, "NEWSWIRE__LOCAL__CACHE_DIR")
                with report.download("Kafka and Elasticsearch", total) as advance:
                    _download(missing, cache, advance)
            verified.touch()
    groups = locked()
    return Files(
        kafka_jars=tuple(artefact.path(cache) for artefact in groups["kafka"]),
        elasticsearch_zip=groups["elasticsearch"][0].path(cache),
        compiler_jar=groups["compiler"][0].path(cache),
    )


def _has_size(artefact: Artefact, cache: Path) -> bool:
    path = artefact.path(cache)
    return path.is_file() and path.stat().st_size == artefact.bytes


def _is_good(artefact: Artefact, cache: Path) -> bool:
    if not _has_size(artefact, cache):
        return False
    with artefact.path(cache).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == artefact.sha256


def _download(missing: list[Artefact], cache: Path, advance: Callable[[int], None]) -> None:
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext, PythonResolver

    def progress(filename: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        return nullcontext(advance)

    context = MavenContext(
        resolver=PythonResolver(progress_callback=progress), repo_cache=cache / "maven", timeout=30
    )
    own = GlobalSettings.load().repositories
    context.remote_repos = own | {name: url for name, url in context.remote_repos.items() if name not in own}

    def one(artefact: Artefact) -> None:
        path = artefact.path(cache)
        path.unlink(missing_ok=True)  # the rest of a download that was interrupted
        group, name, packaging, version = artefact.coordinate.split(":")
        try:
            context.project(group, name).at_version(version).artifact(packaging=packaging).resolve()
        except (OSError, RuntimeError) as error:  # requests' errors are OSErrors; jgo's own are RuntimeErrors
            raise UserError(
                Code.LOCAL_DOWNLOAD,
                f"cannot fetch {artefact.coordinate}: {_reason(error)}",
                hint="check the network (a proxy is taken from HTTPS_PROXY), then: newswire up",
            ) from error
        if not _is_good(artefact, cache):
            path.unlink(missing_ok=True)
            raise UserError(
                Code.LOCAL_DOWNLOAD,
                f"{artefact.coordinate}: what came is not the file whose SHA-256 we know, so it was deleted",
                hint="try again: newswire up; if it stays so, ask who runs your Maven mirror or proxy",
            )
        path.chmod(0o644)

    with ThreadPoolExecutor(_FETCHERS) as threads:
        try:
            list(threads.map(one, missing))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    for folder in (cache / "maven").rglob("*"):
        if folder.is_dir():
            folder.chmod(0o755)  # a strict umask must not close them to the unprivileged account


def _reason(error: Exception) -> str:
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    return f"{type(cause).__name__}: {cause}"[:300]


def unpack(archive: Path, target: Path) -> None:
    """Unpack a zip whose content is one folder as `target`, keeping which files are executable. All or nothing."""
    partial = target.with_name(f"{target.name}.partial-{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as content:
            for entry in content.infolist():
                path = Path(content.extract(entry, partial))
                executable = bool((entry.external_attr >> 16) & 0o100)
                path.chmod(0o755 if entry.is_dir() or executable else 0o644)
        (inner,) = partial.iterdir()
        for folder in (partial, inner, *(path for path in inner.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        inner.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
