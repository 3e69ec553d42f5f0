"""Only processes of ours are found and ended; ports are told apart by what answers there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from pipeline.local import ports, processes, state
from pipeline.local.layout import Account
from tests.support.ledger import wait_for

OURSELVES = Account(None, None)
GUARD = 120.0  # seconds: against hanging, not a measurement
SLEEP = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)"
)


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that are ended with the test."""
    all_of_them: list[subprocess.Popen[bytes]] = []
    yield all_of_them
    for process in all_of_them:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


def run(folder: Path, started: list[subprocess.Popen[bytes]], code: str = SLEEP, *, marked: bool = True) -> int:
    arguments = [processes.mark(folder)] if marked else []
    process = processes.start(
        [sys.executable, "-c", code, *arguments],
        environment=os.environ,
        folder=folder,
        log=folder / "output.log",
        account=OURSELVES,
    )
    started.append(process)
    return process.pid


def found(folder: Path, pid: int | None) -> int | None:
    process = processes.find(folder, pid)
    return None if process is None else process.pid


def test_a_server_is_found_by_its_pid_and_without_it(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    pid = run(tmp_path, started)
    wait_for(lambda: found(tmp_path, pid) == pid, timeout=GUARD, what="the process by its pid")
    assert found(tmp_path, None) == pid


def test_a_pid_that_the_system_gave_to_another_is_not_taken_for_ours(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    assert found(tmp_path, run(tmp_path, started, marked=False)) is None


def test_the_server_of_another_folder_is_not_taken_for_ours(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    (tmp_path / "a").mkdir()
    pid = run(tmp_path / "a", started)
    wait_for(lambda: found(tmp_path / "a", pid) == pid, timeout=GUARD, what="the process")
    (tmp_path / "a-2").mkdir()
    assert found(tmp_path / "a-2", pid) is None


def test_one_that_has_ended_is_not_running(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    pid = run(tmp_path, started, "pass")
    wait_for(lambda: found(tmp_path, pid) is None, timeout=GUARD, what="its end, though nobody has waited for it")


def test_it_lives_in_a_session_of_its_own(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    assert os.getsid(run(tmp_path, started)) != os.getsid(0)


def test_one_that_ignores_the_request_is_killed(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    pid = run(tmp_path, started, STUBBORN)
    wait_for(lambda: "ready" in (tmp_path / "output.log").read_text(), timeout=GUARD, what="its word")
    process = processes.find(tmp_path, pid)
    assert process is not None
    assert processes.end(process, timeout=0.5) is False
    assert found(tmp_path, pid) is None


def test_one_that_obeys_is_not_killed(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    pid = run(tmp_path, started)
    wait_for(lambda: found(tmp_path, pid) == pid, timeout=GUARD, what="the process")
    process = processes.find(tmp_path, pid)
    assert process is not None
    assert processes.end(process, timeout=GUARD) is True


def test_the_log_before_is_kept_once(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    for word in ("first", "second", "third"):
        run(tmp_path, started, f"print({word!r})")
        started[-1].wait()
    assert (tmp_path / "output.log").read_text() == "third\n"
    assert (tmp_path / "output.log.1").read_text() == "second\n"


def test_a_port_in_use_is_not_free() -> None:
    with closing(socket.socket()) as server:
        server.bind((ports.HOST, 0))
        server.listen()
        assert not ports.is_free(server.getsockname()[1])


def test_chosen_ports_are_free_and_avoid() -> None:
    first = ports.choose(avoid=set())
    assert ports.is_free(first)
    assert ports.choose(avoid=set(range(20_000, 32_000)) - {first}) == first


def test_a_port_that_another_process_has_chosen_is_not_chosen_again() -> None:
    code = "from pipeline.local import ports; print(ports.choose(avoid=set()), flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        theirs = int(other.stdout.readline())
        assert ports.is_free(theirs)
        ours = ports.choose(avoid={theirs})
        everything_else = set(range(20_000, 32_000)) - {ours, theirs}
        for _ in range(20):
            assert ports.choose(avoid=everything_else) == ours
        other.kill()
    assert ports.choose(avoid=everything_else | {ours}) == theirs, "with its process the claim has ended"


def test_a_silent_server_is_another_server() -> None:
    with closing(socket.socket()) as server:
        server.bind((ports.HOST, 0))
        server.listen()
        port = server.getsockname()[1]
        with pytest.raises((OSError, ValueError)):
            ports.kafka_cluster(port, timeout=0.3)
        with pytest.raises((OSError, ValueError)):
            ports.elasticsearch_get(port, "/", timeout=0.3)


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0\0\0\x0c" + b"\0\0\0\x02" + b"\0" * 8, b"\0\0\0\xff", b"\0" * 16],
)
def test_what_speaks_another_language_is_no_kafka(answer: bytes) -> None:
    with closing(socket.socket()) as server:
        server.bind((ports.HOST, 0))
        server.listen()
        # the answer lies ready before it is asked for
        take = f"c, _ = socket.socket(fileno={server.fileno()}).accept()"
        code = f"import socket; {take}; c.sendall({answer!r}); c.close()"
        with subprocess.Popen([sys.executable, "-c", code], pass_fds=[server.fileno()]) as other:
            with pytest.raises((OSError, ValueError)):
                ports.kafka_cluster(server.getsockname()[1])
            other.kill()


def test_the_state_survives_and_a_broken_file_is_none(tmp_path: Path) -> None:
    written = state.State(port=1, inner_port=2, cluster="c", pid=3)
    state.write(tmp_path, written)
    assert state.read(tmp_path) == written
    for text in ("", "{", "[]", "null", '"x"'):
        (tmp_path / "state.json").write_text(text)
        assert state.read(tmp_path) == state.State()
