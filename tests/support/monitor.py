"""What a worker tells over HTTP, as tests ask for it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request

from tests.support.ledger import wait_for
from tests.support.workers import READY_WITHIN as GUARD
from tests.support.workers import Worker


def address(worker: Worker) -> str:
    found = wait_for(
        lambda: re.search(r"metrics and health at (http://127\.0\.0\.1:\d+)\W", worker.text()),
        timeout=GUARD,
        what="the address of the monitor in the log",
    )
    return str(found[1])


def get(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def wait_until_ready(where: str) -> None:
    wait_for(lambda: get(f"{where}/ready")[0] == 200, timeout=GUARD, what="a worker that is ready")
