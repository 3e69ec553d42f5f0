"""Which Java runs the servers: `local.java_home`, or the first good one of JAVA_HOME, PATH and the usual folders."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Code, UserError

MINIMUM = 21  # Elasticsearch 9
# what Elasticsearch's start-up names beyond java.se; runtimes cut down with jlink tend to lack them
MODULES = frozenset({"jdk.incubator.vector", "jdk.jdi", "jdk.management", "jdk.net", "jdk.unsupported", "jdk.zipfs"})
USUAL_FOLDERS = (
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/jdk*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
)


@dataclass(frozen=True)
class Java:
    """A Java installation."""

    home: Path
    version: int  # the feature release: 21, 25
    full_version: str
    modules: frozenset[str]  # empty where the installation does not list them

    @property
    def executable(self) -> Path:
        """The `java` of this installation."""
        return self.home / "bin" / "java"


def find_java(
    configured: str, *, environment: Mapping[str, str] | None = None, usual: tuple[str, ...] = USUAL_FOLDERS
) -> Java:
    """The Java to use.

    Args:
        configured: `local.java_home`; where it is set, no other is looked at.
        environment: variables instead of this process' own.
        usual: patterns of folders instead of the usual ones.

    Raises:
        UserError: `local.missing`, with every Java that was seen and why it will not do.
    """
    variables = os.environ if environment is None else environment
    if configured:
        return _checked_configured(Path(configured).expanduser())
    seen: list[str] = []
    for origin, home in _candidates(variables, usual):
        java = read(home)
        if java is None:
            seen.append(f"{home} ({origin}): no Java there")
        elif problem := _problem(java):
            seen.append(f"{home} ({origin}): {problem}")
        else:
            return java
    found = "".join(f"\n  {line}" for line in seen) or " none was found"
    raise UserError(
        Code.LOCAL_MISSING,
        f"the local servers need a JDK {MINIMUM} or newer; looked in JAVA_HOME, PATH and the usual folders:{found}",
        hint=_how_to_install(),
    )


def _checked_configured(home: Path) -> Java:
    java = read(home)
    problem = f"there is no Java in {home}" if java is None else _problem(java)
    if java is None or problem:
        raise UserError(
            Code.LOCAL_MISSING,
            f"local.java_home = {str(home)!r}: {problem}; a JDK {MINIMUM} or newer is needed",
            hint="set local.java_home to the folder that holds bin/java of such a JDK, or leave it empty to search",
        )
    return java


def _problem(java: Java) -> str | None:
    if java.version < MINIMUM:
        return f"is Java {java.full_version}, too old"
    if java.modules and (lacking := MODULES - java.modules):
        return f"is Java {java.full_version}, but lacks {', '.join(sorted(lacking))}"
    return None


def _candidates(variables: Mapping[str, str], usual: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    met: set[Path] = set()

    def new(home: Path) -> bool:
        real = home.resolve()
        return not (real in met or met.add(real))  # type: ignore[func-returns-value]

    if (named := variables.get("JAVA_HOME")) and new(Path(named)):
        yield "JAVA_HOME", Path(named)
    on_path = shutil.which("java", path=variables.get("PATH", ""))
    if on_path and new(home := Path(on_path).resolve().parent.parent):
        yield "PATH", home
    for pattern in usual:
        folder = Path(pattern).expanduser()
        for home in sorted(Path(folder.anchor).glob(str(folder.relative_to(folder.anchor))), reverse=True):
            if (home / "bin" / "java").exists() and new(home):
                yield "usual folder", home


def read(home: Path) -> Java | None:
    """What is installed in `home`; None where it is no Java, or one that cannot be run."""
    if not os.access(home / "bin" / "java", os.X_OK):
        return None
    facts: dict[str, str] = {}
    try:
        text = (home / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    for name, value in re.findall(r'^(\w+)="?(.*?)"?$', text, re.MULTILINE):
        facts[name] = value
    version = facts.get("JAVA_VERSION") or _ask(home / "bin" / "java")
    match = re.match(r"(?:1\.)?(\d+)", version or "")
    if version is None or match is None:
        return None
    return Java(home, int(match[1]), version, frozenset(facts.get("MODULES", "").split()))


def _ask(executable: Path) -> str | None:
    # a distribution's own build may come without the file `release`
    try:
        answer = subprocess.run([executable, "-version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r'version "([^"]+)"', answer.stderr)
    return match[1] if match else None


def _how_to_install() -> str:
    if sys.platform == "darwin":
        command = "brew install openjdk@21"
    elif shutil.which("apt-get"):
        command = "apt-get install openjdk-21-jdk-headless (or temurin-25-jdk)"
    elif shutil.which("dnf"):
        command = "dnf install java-21-openjdk-headless"
    else:
        command = f"install a JDK {MINIMUM} or newer"
    return f"{command}, or name one: NEWSWIRE__LOCAL__JAVA_HOME=/path/to/jdk newswire up"
