"""The programs of Elasticsearch: its archive unpacked, with our analysis plugin compiled into it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from pipeline.errors import Code, UserError
from pipeline.local.artefacts import Files, unpack
from pipeline.local.java import Java
from pipeline.local.lock import ELASTICSEARCH_VERSION
from pipeline.local.locking import held
from pipeline.local.report import Report

NAME = "newswire-analysis"
SOURCES = Path(__file__).with_name("plugin")
_BYTECODE = "21"  # the oldest Java that runs Elasticsearch 9

_DESCRIPTOR = f"""\
description=Lucene's analysis under the names of Elasticsearch's module analysis-common
version=1.0.0
name={NAME}
classname=org.newswire.analysis.NewsAnalysisPlugin
java.version={_BYTECODE}
elasticsearch.version={ELASTICSEARCH_VERSION}
"""


def elasticsearch_home(cache: Path, files: Files, *, java: Java, report: Report) -> Path:
    """The folder to run Elasticsearch from, made ready where it is not yet. It is shared and never written to again.

    Raises:
        UserError: `local.failed`, where the plugin does not compile.
    """
    home = cache / f"elasticsearch-{ELASTICSEARCH_VERSION}-{_digest()}"
    if home.exists():
        return home
    with held(cache / "cache.lock", report=report, waiting=f"waiting for another process to fill {cache}"):
        if home.exists():
            return home
        report.step("unpacking Elasticsearch and compiling its analysis plugin")
        building = home.with_name(f"{home.name}.building-{os.getpid()}")
        try:
            unpack(files.elasticsearch_zip, building)
            _compile(building, files.compiler_jar, java)
            building.rename(home)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return home


def _digest() -> str:
    digest = hashlib.sha256(_DESCRIPTOR.encode())
    for source in sorted(SOURCES.rglob("*.java")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def _compile(home: Path, compiler: Path, java: Java) -> None:
    target = home / "plugins" / NAME
    classes = target / "classes"
    classes.mkdir(parents=True)
    libraries = os.pathsep.join(str(jar) for jar in sorted((home / "lib").glob("*.jar")))
    options = ["-source", _BYTECODE, "-target", _BYTECODE, "-proc:none", "-nowarn", "-encoding", "UTF-8"]
    places: list[str | Path] = ["-cp", libraries, "-d", classes, SOURCES]
    command = [java.executable, "-jar", compiler, *options, *places]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UserError(
            Code.LOCAL_FAILED,
            f"the analysis plugin does not compile:\n{done.stderr[-2000:]}",
            hint="report this; it compiles with a JDK 21 or 25",
        )
    with_archive = shutil.make_archive(str(target / NAME), "zip", classes)
    Path(with_archive).rename(target / f"{NAME}.jar")
    shutil.rmtree(classes)
    (target / "plugin-descriptor.properties").write_text(_DESCRIPTOR, encoding="utf-8")
    target.chmod(0o755)
    for file in target.iterdir():
        file.chmod(0o644)
