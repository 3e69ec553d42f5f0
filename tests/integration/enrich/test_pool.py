"""The pool on real processes: what dies, hangs or fails is told apart from what does not; nothing stays behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from pipeline import codec
from pipeline.article import EnrichedArticle, WireArticle
from pipeline.enrich.pool import EnrichPool, Result, WireRecord
from pipeline.errors import Code, Poison, UserError
from pipeline.settings import Enrichment, Settings
from tests.support import steps
from tests.support.ledger import wait_for

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


GUARD = 240.0  # seconds: against hanging, not a measurement
HANGS_AFTER = 6.0  # seconds, where an article hangs; what does not takes milliseconds


def settings(folder: Path, *, timeout: float = GUARD) -> Settings:
    return Settings(
        enrichment=Enrichment(config=str(steps.config(folder)), timeout=timeout, timeout_per_megabyte=0, batch_size=4)
    )


class Running:
    """A pool with an event loop of its own, for tests that share it."""

    def __init__(self, folder: Path, *, processes: int = 2, timeout: float = GUARD) -> None:
        self.folder = folder
        self.pool = EnrichPool(settings(folder, timeout=timeout), processes=processes, clock=lambda: NOW)
        self.runner = asyncio.Runner()
        self.runner.run(self.pool.start())

    def enrich(self, *records: WireRecord) -> list[Result]:
        return self.runner.run(self.pool.enrich(records))

    def close(self) -> None:
        pids = self.pool.pids
        self.runner.run(self.pool.close())
        self.runner.close()
        assert not any(psutil.pid_exists(pid) for pid in pids)


@contextmanager
def own_pool(folder: Path, *, processes: int = 1, timeout: float = GUARD) -> Iterator[Running]:
    made = Running(folder, processes=processes, timeout=timeout)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with own_pool(tmp_path_factory.mktemp("pool"), processes=2) as made:
        yield made


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # it was being replaced
        os.kill(pid, signal.SIGKILL)


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def all_live(running: Running) -> bool:
    return len(running.pool.pids) == 2 and all(map(lives, running.pool.pids))


def record(body: str, uri: str = "urn:test") -> WireRecord:
    return WireRecord(codec.encode(WireArticle(uri=uri, versionCreated="2022-02-26", body=body)))


def article(result: Result) -> EnrichedArticle:
    assert not isinstance(result, Poison), result
    (only,) = result
    assert only.uri == codec.decode_enriched(only.value).uri
    return codec.decode_enriched(only.value)


def code(result: Result) -> Code:
    assert isinstance(result, Poison), result
    return result.code


def test_order_is_kept_over_processes_lengths_and_calls(running: Running) -> None:
    async def scenario() -> None:
        bodies = [["word " * (number * 7 % 90) + str(number) for number in range(40)] for _ in range(3)]
        calls = await asyncio.gather(*(running.pool.enrich([record(body) for body in call]) for call in bodies))
        for call, sent in zip(calls, bodies, strict=True):
            assert [article(result).body for result in call] == sent

    running.runner.run(scenario())
    assert running.enrich() == []


def test_a_record_is_what_the_enriched_topic_takes(running: Running) -> None:
    (result,) = running.enrich(record("Text", "urn:é"))
    assert not isinstance(result, Poison)
    assert codec.header(result[0].headers, "content-type") == codec.ENRICHED_CONTENT_TYPE
    assert codec.header(result[0].headers, "ce_subject") == "urn:é"
    assert codec.header(result[0].headers, "ce_time") == NOW.isoformat()
    assert codec.decode_enriched(result[0].value).dates[0].text == "Text"


def test_what_cannot_be_read_or_enriched_is_poison_with_its_reason(running: Running) -> None:
    future = WireArticle(uri="f", versionCreated="2026-01-03", body="x")
    results = running.enrich(
        record("first"),
        WireRecord(b"{"),
        WireRecord(b'{"uri":"a"}', codec.WIRE_CONTENT_TYPE),
        WireRecord(b"", None),
        WireRecord(codec.encode(future)),
        WireRecord(b"x", "image/png"),
        record("RAISE it"),
        WireRecord(b" date 2022-02-26 A text as it stands.", "text/plain; charset=utf-8"),
        record("last"),
    )
    assert [article(results[index]).body for index in (0, -1)] == ["first", "last"]
    assert [code(result) for result in results[1:7]] == [
        Code.RECORD_UNREADABLE,
        Code.RECORD_SCHEMA,
        Code.RECORD_UNREADABLE,
        Code.WIRE_DATE_RANGE,
        Code.WIRE_FORMAT_UNKNOWN,
        Code.ENRICH_FAILED,
    ]
    assert str(results[6]) == "misbehave: ValueError: as the article wished"
    assert article(results[7]).body == "A text as it stands."


@pytest.mark.parametrize("command", ["KILL", "SEGFAULT", "EXIT"])
def test_an_article_that_ends_its_process_is_poison_and_the_others_succeed(running: Running, command: str) -> None:
    bodies = [str(number) for number in range(12)]
    bodies[5] = f"{command} the process"
    results = running.enrich(*map(record, bodies))
    assert code(results.pop(5)) is Code.ENRICH_CRASHED
    bodies.pop(5)
    assert [article(result).body for result in results] == bodies


def test_an_article_that_hangs_is_poison_after_its_time_and_the_others_succeed(tmp_path: Path) -> None:
    with own_pool(tmp_path, processes=2, timeout=HANGS_AFTER) as own:
        before = set(own.pool.pids)
        bodies = [str(number) for number in range(8)] + ["HANG"]
        results = own.enrich(*map(record, bodies))
        assert code(results.pop()) is Code.ENRICH_TIMEOUT
        assert [article(result).body for result in results] == bodies[:-1]
        assert not all(psutil.pid_exists(pid) for pid in before), "the process that hung still runs"


def test_an_article_whose_process_died_by_chance_is_no_poison(running: Running) -> None:
    results = running.enrich(record("ONCE mark"), record("other"))
    assert [article(result).body for result in results] == ["ONCE mark", "other"]


def test_processes_killed_at_work_and_at_rest_are_replaced(running: Running) -> None:
    bodies = [f"SLEEP 0.05 {number}" for number in range(20)]
    sleeping = running.folder / "sleeping"

    async def scenario() -> None:
        sleeping.unlink(missing_ok=True)
        work = asyncio.create_task(running.pool.enrich([record(body) for body in bodies]))
        await asyncio.to_thread(wait_for, sleeping.exists, timeout=GUARD, what="work going on", every=0.05)
        for pid in running.pool.pids[:1]:
            kill(pid)
        assert [article(result).body for result in await work] == bodies

    for _ in range(3):  # one kill an article: the second, with nothing else in its process, would make it poison
        running.runner.run(scenario())
    for pid in running.pool.pids:
        kill(pid)
    assert article(running.enrich(record("after"))[0]).body == "after"


def test_signals_for_the_worker_leave_its_processes_alone(running: Running) -> None:
    # those that another test has killed are replaced when there is work for them
    wait_for(lambda: running.enrich(record("x"), record("y")) and all_live(running), timeout=GUARD, what="both")
    before = running.pool.pids
    for pid in before:
        os.kill(pid, signal.SIGINT)
        os.kill(pid, signal.SIGTERM)
    assert article(running.enrich(record("x"))[0]).body == "x"
    assert running.pool.pids == before


def test_closing_ends_work_under_way_at_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        work = asyncio.create_task(own.pool.enrich([record("SLEEP 500")]))
        await asyncio.to_thread(wait_for, (tmp_path / "sleeping").exists, timeout=GUARD, what="work going on")
        began = time.monotonic()
        await own.pool.close()
        assert time.monotonic() - began < GUARD / 2  # nobody waited for the article
        with pytest.raises(asyncio.CancelledError):
            await work

    with own_pool(tmp_path) as own:
        own.runner.run(scenario())


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('factory = "misbehave"', 'factory = "no_such_step"'), "no_such_step"),
        (('"tests.support.steps"', '"no.such.module"'), "no.such.module"),
        (("package = null", 'package = "no_such_model"'), "no_such_model"),
        (('folder = "', 'fodler = "'), "fodler"),
        (("[nlp]", "[nlp"), "misbehave.cfg"),
    ],
)
def test_a_config_that_cannot_work_is_told_once_and_nothing_is_left(
    tmp_path: Path, change: tuple[str, str], named: str
) -> None:
    before = set(psutil.Process().children(recursive=True))
    wrong = settings(tmp_path)
    path = Path(wrong.enrichment.config)
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")

    async def scenario() -> None:
        with pytest.raises(UserError) as caught:
            await EnrichPool(wrong, processes=1).start()
        assert named in caught.value.message
        assert str(path) in caught.value.message

    asyncio.run(scenario())
    assert set(psutil.Process().children(recursive=True)) <= before


def test_a_pool_that_can_no_longer_start_processes_says_so_instead_of_trying_for_ever(tmp_path: Path) -> None:
    with own_pool(tmp_path) as own:
        steps.config(tmp_path).write_text("[nlp]\nlang = 'zz'\n", encoding="utf-8")
        for body in ("KILL", "x"):
            with pytest.raises(UserError, match=r"misbehave\.cfg"):
                own.enrich(record(body))


OWNER = """
import sys
from pathlib import Path
from tests.integration.enrich.test_pool import own_pool, record

with own_pool(Path(sys.argv[1]), processes=2) as own:
    print(*own.pool.pids, flush=True)
    own.enrich(record("SLEEP 600"), record("SLEEP 600"))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_its_owner(tmp_path: Path, how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE) as owner:
        try:
            assert owner.stdout is not None
            pids = [int(pid) for pid in owner.stdout.readline().split()]
            assert len(pids) == 2
            wait_for((tmp_path / "sleeping").exists, timeout=GUARD, what="processes at work")
            owner.send_signal(how)
            owner.wait(GUARD)
            wait_for(lambda: not any(map(lives, pids)), timeout=GUARD, what=f"the end of {pids}")
        finally:
            owner.kill()
