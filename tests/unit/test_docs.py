"""The documentation says what is there: commands, make targets, settings, files, links, tests and error codes."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pipeline import settings
from pipeline.cli import app
from pipeline.errors import Code

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(ROOT.glob("docs/*.md"))
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text("utf-8") for page in PAGES}
FOLDERS = {"pipeline", "config", "schemas", "tests", "docs"}


def _blocks(text: str) -> list[str]:
    """The lines of indented code."""
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


def _spans(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def _all(kind: str) -> list[tuple[str, str]]:
    found = []
    for name, text in TEXTS.items():
        for piece in [*_blocks(text), *_spans(text)]:
            words = piece.split("#")[0].strip() if kind == "make" else piece
            if re.match(rf"(\.venv/bin/)?{kind} ", words):
                found.append((name, words))
    return found


COMMANDS = sorted({command for _, command in _all("newswire")})


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_can_be_typed(line: str) -> None:
    line = re.sub(r"\b(FILE|FOLDER|NAME|URI)\b(\|\w+)*", "x", line.partition(" -> ")[0])
    words = shlex.split(line)[1:]
    if "|" in words:  # `newswire dead-letters list | show | replay`
        words = words[: words.index("|")]
    if words[:1] == ["--config"]:
        words = ["config", "show"]
    shown = CliRunner().invoke(app, [*words, "--help"])
    assert shown.exit_code == 0, f"{line}\n{shown.output}"


def test_every_command_is_in_the_readme() -> None:
    table = "\n".join(line for line in TEXTS["README.md"].splitlines() if line.startswith("| `"))
    for name in get_command(app).commands:  # type: ignore[attr-defined]
        assert re.search(rf"`(newswire )?{name}`", table), name


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {command.split()[1] for _, command in _all("make")}
    assert {"demo", "test", "lint"} <= named <= targets


def test_settings_exist() -> None:
    for name, text in TEXTS.items():
        for variable in re.findall(r"NEWSWIRE__(\w+?)__(\w+)", text):
            section, key = (part.lower() for part in variable)
            assert key in settings.sections()[section].model_fields, f"{name}: {variable}"
        for section, key in re.findall(r"`(\w+)\.(\w+)`", text):
            if section in settings.sections() and f"{section}.{key}" not in set(Code):
                assert key in settings.sections()[section].model_fields, f"{name}: {section}.{key}"


def test_files_and_tests_exist() -> None:
    for name, text in TEXTS.items():
        for span in _spans(text):
            path, _, test = span.partition("::")
            if path.split("/")[0] not in FOLDERS or "/" not in path or "<" in path or " " in path:
                continue
            assert (ROOT / path).exists(), f"{name}: {path}"
            if test:
                tree = ast.parse((ROOT / path).read_text("utf-8"))
                functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
                assert test in functions, f"{name}: {span}"


def test_links_lead_somewhere() -> None:
    for name, text in TEXTS.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if target.startswith(("http://", "https://")):
                continue
            assert ((ROOT / name).parent / target.partition("#")[0]).exists(), f"{name}: {target}"


def test_every_page_can_be_found_from_the_readme() -> None:
    for name in TEXTS:
        assert name == "README.md" or f"({name})" in TEXTS["README.md"], name


def test_error_codes_exist() -> None:
    codes = {str(code) for code in Code}
    prefixes = {code.partition(".")[0] for code in codes if "." in code}
    table = [line for line in TEXTS["docs/architecture.md"].splitlines() if line.startswith("|")]
    named = {span for line in table for span in _spans(line.rsplit("|", 2)[1])}
    assert named
    for span in named:
        assert span.partition(".")[0] in prefixes
        assert span in codes, span


def test_the_delivery_contract_names_a_test_for_every_line() -> None:
    contract = TEXTS["README.md"].partition("## What you can rely on")[2].partition("\n## ")[0]
    lines = re.split(r"\n(?=\d\. )", contract)[1:]
    assert len(lines) == 6
    for line in lines:
        assert re.search(r"`tests/integration/\S+::test_\w+`", line), line


def test_figures_of_the_demo_are_right() -> None:
    files = list((ROOT / "config/demo/articles").iterdir())
    slugs = {re.sub(r"^\d+-|-v\d$", "", path.stem) for path in files}
    assert f"{len(slugs)}\ninvented stories in {len(files)} versions" in TEXTS["README.md"]


def test_nothing_of_the_machine_is_told() -> None:
    for name, text in TEXTS.items():
        assert not re.search(r"/(work|home|root|tmp)/", text), name
