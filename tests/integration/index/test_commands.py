"""`newswire setup` and `newswire search` as users and scripts run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.integration.index.conftest import Index

pytestmark = pytest.mark.servers

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"


def run(stack: Any, index: Index, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs it; a search that says that its second was not enough is asked again, as a reader would."""
    for _ in range(20):
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", *arguments],
            env=os.environ | stack.environment(index.settings) | environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=200,
        )
        if "not everything was searched" not in done.stderr and '"complete": false' not in done.stdout:
            break
    return done


def test_search_shows_what_matched(stack: Any, index: Index) -> None:
    index.write(index.article(1))
    done = run(
        stack, index, "search", "negotiating", "--person", "poldmaa", "--about", "2022-03-08", "--speaker", "poldmaa"
    )
    assert done.returncode == 0, done.stderr
    for shown in (
        "Ferry to sail again, minister says",
        "2022-03-09T08:30:00+02:00 · NWT · Tallinn",
        "“We have negotiated for weeks,”",
        "speaks of late on Tuesday = 2022-03-08TEV",
        "Jüri Põldmaa, 2022-03-08:",
        f"{index.name}:1",
    ):
        assert shown in done.stdout
    assert done.stdout.count(f"{index.name}:") == 1


def test_search_for_scripts_is_one_json_object(stack: Any, index: Index) -> None:
    index.write(index.article(1))
    done = run(stack, index, "search", f'id:"{index.name}:1"', "--json")
    answer = json.loads(done.stdout)
    assert answer["total"] == 1
    assert answer["hits"][0]["uri"] == f"{index.name}:1"
    assert done.stderr == ""


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_no_article_gets_at_the_terminal(stack: Any, index: Index, form: list[str]) -> None:
    index.write(index.article(1, headline=f"Ferry {ESCAPES}", body=f"harbour {ESCAPES}", source=ESCAPES, by=ESCAPES))
    done = run(stack, index, "search", "harbour", f'id:"{index.name}:1"', *form, FORCE_COLOR="1", TERM="xterm")
    assert done.returncode == 0, done.stderr
    assert "Ferry" in done.stdout
    for sign in ("\x1b]", "\x1b[2J", "\x07", "\x9b", "\u202e"):
        assert sign not in done.stdout


def test_what_cannot_be_read_is_a_message_and_not_a_trace(stack: Any, index: Index) -> None:
    for arguments in (["ferry AND"], ["--about", "yesterday"], ["*sky"], ["--page", "2000"]):
        done = run(stack, index, "search", *arguments)
        assert done.returncode == 2, arguments
        assert "error (usage)" in done.stderr
        assert "Traceback" not in done.stderr
    nothing = run(stack, index, "search", "submarine", "--person", "Nobody Atall")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "nothing found" in nothing.stderr


def test_setup_tells_what_it_did_and_can_be_run_again(stack: Any, index: Index) -> None:
    first = json.loads(run(stack, index, "setup", "--json").stdout)
    assert [topic["created"] for topic in first["topics"]] == [True] * 3
    again = run(stack, index, "setup")
    assert again.returncode == 0, again.stderr
    assert {line.split()[0] for line in again.stdout.splitlines()} == {"unchanged"}


def test_setup_waits_for_servers_that_start_and_says_so_when_they_do_not(stack: Any, index: Index) -> None:
    for seconds in ("1", "5", "25", "100"):  # on a slow machine the first try may take all of it
        away = run(stack, index, "setup", "--wait", seconds, NEWSWIRE__ELASTICSEARCH__HOSTS="http://127.0.0.1:9")
        assert away.returncode == 75
        assert "elasticsearch.unreachable" in away.stderr
        if "waiting:" in away.stderr:
            return
    pytest.fail(away.stderr)
