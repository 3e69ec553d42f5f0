"""A rolling upgrade: an old release and a new one on the same topics and the same index, at work all the time.

The old release is this one with an earlier revision of the enrichment, as a copy of the package: history, from which
a real one could be taken, is not there in a shallow clone.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from elasticsearch import Elasticsearch

from pipeline import identity
from pipeline.article import WireArticle
from pipeline.index.reindex import reindex
from pipeline.index.reindex_plan import plan
from pipeline.index.setup import setup
from pipeline.stream.topics import create_topics
from tests.support.ledger import Ledger, push, shown, wait_for, wait_until_counted
from tests.support.monitor import address, wait_until_ready
from tests.support.news import article
from tests.support.stack import Stack, unique
from tests.support.workers import workers

pytestmark = [pytest.mark.servers, pytest.mark.chaos]

GUARD = 240.0  # seconds: against hanging, not a measurement
ROOT = Path(__file__).parents[3]
OLD_REVISION = 0
SAYS = re.compile(r"^ENRICHMENT_REVISION = \d+$", re.M)


@pytest.fixture
def old_release(tmp_path: Path) -> Path:
    """A folder with the package of an old release."""
    folder = tmp_path / "old"
    for part in ("pipeline", "config", "schemas"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "pipeline" / "identity.py"
    text, changes = SAYS.subn(f"ENRICHMENT_REVISION = {OLD_REVISION}", file.read_text("utf-8"))
    assert changes == 1
    file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def client(stack: Stack) -> Iterator[Elasticsearch]:
    """A client; afterwards the index is where the other tests want it."""
    with Elasticsearch(stack.url, request_timeout=60) as found:
        yield found
        for name in found.indices.get(index=f"{identity.INDEX_PREFIX}-v*"):
            found.indices.delete(index=name)
        setup(found, stack.settings())


def revisions(client: Elasticsearch, prefix: str) -> dict[int, int]:
    """How many articles, killed ones among them, each revision of the enrichment has written."""
    client.indices.refresh(index=identity.WRITE_ALIAS)
    answer = client.search(
        index=identity.WRITE_ALIAS,
        query={"prefix": {"uri": prefix}},
        size=0,
        aggs={"revisions": {"terms": {"field": "enrichment"}}},
    )
    return {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"]["revisions"]["buckets"]}


def test_old_and_new_workers_side_by_side_and_a_reindex_between_them(
    stack: Stack, client: Elasticsearch, old_release: Path, tmp_path: Path
) -> None:
    worker = {"name": "", "session_timeout": 6.0, "retry_backoff_max": 1.0}
    settings = stack.settings(worker=worker)
    create_topics(settings)
    setup(client, settings)
    ledger = Ledger(f"urn:newswire:test:{unique()}:")
    gone = Ledger(ledger.prefix)

    def pushing(first: int, count: int, version: int = 1) -> None:
        made = (article(n, prefix=ledger.prefix, version=version, sentences=1) for n in range(first, first + count))
        push(settings, made, ledger)

    def kill(number: int) -> None:
        killed = ledger.expected.pop(f"{ledger.prefix}{number}")
        kills = WireArticle(
            uri=killed.uri, versionCreated=killed.versionCreated, version="9", body="", pubStatus="canceled"
        )
        push(settings, [kills], gone)

    with workers(stack.environment(settings), tmp_path) as crew:
        # the folder in which the tests run is not to be looked in first
        environment = {"PYTHONPATH": str(old_release), "PYTHONSAFEPATH": "1"}
        old = crew.start("--name", "old", environment=environment, ready=False)
        new = crew.start("--name", "new", ready=False)
        for each in (old, new):
            wait_until_ready(address(each))  # it has its share of the partitions
        assert _package_of(old.process.pid) == old_release

        pushing(0, 120)
        assert wait_until_counted(client, ledger, timeout=GUARD).clean
        both = revisions(client, ledger.prefix)
        assert set(both) == {OLD_REVISION, identity.ENRICHMENT_REVISION}, both  # each has done its part

        # corrections, kills and new articles go on while all articles are enriched again into a new index
        pushing(0, 30, version=2)
        kill(31)
        pushing(200, 60)
        wait_for(lambda: len(shown(client, ledger.prefix)) > 125, timeout=GUARD, what="the next articles")
        planned = plan(client, origin="index", rebuild=False, enrich=True)
        done = asyncio.run(reindex(settings, planned, on_progress=lambda what, done, total: None))
        pushing(10, 10, version=3)
        kill(32)
        pushing(300, 10)
        assert wait_until_counted(client, ledger, timeout=GUARD).clean
        assert done.target in client.indices.get_alias(name=identity.READ_ALIAS)

        # the old worker ends, the new one takes over, and enriching again leaves nothing of the old revision
        assert old.stop() == 0
        pushing(400, 10)
        assert wait_until_counted(client, ledger, timeout=GUARD).clean
        again = plan(client, origin="index", rebuild=False, enrich=True)
        asyncio.run(reindex(settings, again, on_progress=lambda what, done, total: None))
        assert new.running
    assert wait_until_counted(client, ledger, timeout=GUARD).clean
    visible = {document["uri"] for document in shown(client, ledger.prefix)}
    assert f"{ledger.prefix}31" not in visible
    assert f"{ledger.prefix}32" not in visible
    killed = {"bool": {"filter": [{"prefix": {"uri": ledger.prefix}}, {"term": {"pubStatus": "usable"}}]}}
    old_ones = killed["bool"]["filter"] + [{"term": {"enrichment": OLD_REVISION}}]
    assert client.count(index=identity.WRITE_ALIAS, query={"bool": {"filter": old_ones}})["count"] == 0


def _package_of(pid: int) -> Path:
    """The folder where a worker has found its package: its NLP processes are told to look there first."""
    children = psutil.Process(pid).children(recursive=True)
    nlp = [child for child in children if "pipeline.enrich.process" in child.cmdline()]
    return Path(nlp[0].environ()["PYTHONPATH"].split(":")[0])
