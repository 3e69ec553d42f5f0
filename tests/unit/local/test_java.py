"""Which Java is taken, and what is said where none will do. The installations are folders made by the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import Code, UserError
from pipeline.local.java import MODULES, find_java, read


def install(home: Path, version: str, *, modules: frozenset[str] | None = MODULES, release: bool = True) -> Path:
    """A folder that looks like a JDK; its `java` answers -version as the real one does."""
    (home / "bin").mkdir(parents=True)
    java = home / "bin" / "java"
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\n")
    java.chmod(0o755)
    if release:
        listed = "" if modules is None else f'MODULES="java.base {" ".join(sorted(modules))}"\n'
        (home / "release").write_text(f'IMPLEMENTOR="Us"\nJAVA_VERSION="{version}"\n{listed}')
    return home


def found(tmp_path: Path, **environment: str) -> Path:
    return find_java("", environment=environment, usual=(f"{tmp_path}/jvm/*",)).home


def test_java_home_comes_before_path_and_usual_folders(tmp_path: Path) -> None:
    home = install(tmp_path / "named", "21.0.4")
    on_path = install(tmp_path / "on-path", "25.0.1")
    install(tmp_path / "jvm" / "jdk-25", "25.0.1")
    assert found(tmp_path, JAVA_HOME=str(home), PATH=str(on_path / "bin")) == home


def test_one_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    old = install(tmp_path / "old", "17.0.15")
    usual = install(tmp_path / "jvm" / "jdk-21", "21.0.4")
    assert found(tmp_path, JAVA_HOME=str(old), PATH=str(old / "bin")) == usual


def test_java_on_the_path_may_be_a_link(tmp_path: Path) -> None:
    home = install(tmp_path / "jdk", "21")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").symlink_to(home / "bin" / "java")
    assert found(tmp_path, PATH=str(tmp_path / "bin")) == home


def test_a_runtime_cut_down_too_far_is_passed_over(tmp_path: Path) -> None:
    install(tmp_path / "jvm" / "z-cut", "25", modules=MODULES - {"jdk.jdi"})
    whole = install(tmp_path / "jvm" / "a-whole", "21")
    assert found(tmp_path, PATH="") == whole


def test_without_a_release_file_java_is_asked(tmp_path: Path) -> None:
    home = install(tmp_path / "jvm" / "jdk", "21.0.4", release=False)
    java = read(home)
    assert java is not None
    assert (java.version, java.full_version, java.modules) == (21, "21.0.4", frozenset())


@pytest.mark.parametrize(("written", "feature"), [("1.8.0_402", 8), ("17", 17), ("21-ea", 21), ("25.0.3", 25)])
def test_version_numbers_of_all_times(tmp_path: Path, written: str, feature: int) -> None:
    java = read(install(tmp_path, written))
    assert java is not None
    assert java.version == feature


def test_where_none_will_do_all_that_was_seen_is_named(tmp_path: Path) -> None:
    install(tmp_path / "jvm" / "jdk-17", "17.0.15")
    cut = install(tmp_path / "jvm" / "cut", "25", modules=MODULES - {"jdk.jdi"})
    with pytest.raises(UserError) as caught:
        found(tmp_path, JAVA_HOME=str(tmp_path / "nothing"), PATH="")
    message = caught.value.message
    assert caught.value.code == Code.LOCAL_MISSING
    assert "JDK 21 or newer" in message
    assert f"{tmp_path}/nothing (JAVA_HOME): no Java there" in message
    assert "17.0.15, too old" in message
    assert f"{cut} (usual folder): is Java 25, but lacks jdk.jdi" in message
    assert caught.value.hint is not None
    assert "NEWSWIRE__LOCAL__JAVA_HOME" in caught.value.hint


@pytest.mark.parametrize("version", ["17.0.1", None])
def test_a_configured_one_that_will_not_do_is_refused(tmp_path: Path, version: str | None) -> None:
    good = install(tmp_path / "jvm" / "good", "25")
    wanted = tmp_path / "wanted"
    if version:
        install(wanted, version)
    with pytest.raises(UserError, match=r"local\.java_home"):
        find_java(str(wanted), environment={"JAVA_HOME": str(good)}, usual=())
