"""The bulk writer on the real server: every document answered for, whatever happens to the others."""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import Any

import msgspec
import pytest

from pipeline import identity
from pipeline.errors import Code, Fatal, Poison
from pipeline.index.bulk import SUSPECT_TRIES, BulkWriter, Outcome, Written
from pipeline.index.client import connect
from pipeline.index.document import Action, action
from tests.integration.index.conftest import Index
from tests.support.http_proxy import LOST, Request, Response, http_proxy

pytestmark = pytest.mark.servers

INDEXED, UNCHANGED = Written.INDEXED, Written.UNCHANGED


def written_without_a_pause(index: Index, *actions: Action) -> list[Outcome]:
    """What became of them; written again where the server had no memory for a moment, which is no fault of theirs."""
    for _ in range(5):
        index.retries.clear()
        outcomes = index.write(*actions)
        if not index.retries:
            return outcomes
    raise AssertionError(index.retries)


def rejected(index: Index, number: int) -> Action:
    """A document that Elasticsearch refuses: its embargo is no date."""
    good = action(index.article(number))
    bad = good.source.replace(b'"pubStatus":"usable"', b'"pubStatus":"usable","embargoed":"soon"')
    return msgspec.structs.replace(good, source=bad)


def test_an_older_version_changes_nothing_and_the_same_again_is_harmless(index: Index) -> None:
    new = index.article(1, version="2", headline="The newer ferry")
    old = index.article(1, version="1", headline="The older ferry")
    assert index.write(new) == [INDEXED]
    assert index.write(old) == [UNCHANGED]
    assert index.write(new) == [INDEXED]
    assert index.numbers("newer") == [1]
    assert index.numbers("older") == []


def test_a_kill_outranks_every_version_that_comes_after_it(index: Index) -> None:
    assert index.write(index.article(1)) == [INDEXED]
    killed = index.article(1, pubStatus="canceled")
    assert index.write(killed) == [INDEXED]
    later = index.article(1, versionCreated="2024-01-01T00:00:00Z", version="99")
    assert index.write(later) == [UNCHANGED]
    assert index.numbers() == []


def test_several_versions_in_one_call_leave_the_highest(index: Index) -> None:
    versions = [index.article(1, version=str(number), headline=f"Edition{number}") for number in (2, 4, 1, 3)]
    assert index.write(*versions) == [UNCHANGED, INDEXED, UNCHANGED, UNCHANGED]
    assert index.numbers("Edition4") == [1]
    # of two that rank alike, the later one stays
    twins = [index.article(2, headline="Twinone"), index.article(2, headline="Twintwo")]
    assert index.write(*twins) == [UNCHANGED, INDEXED]
    assert index.numbers("Twintwo") == [2]


def test_where_the_highest_version_is_poison_the_next_is_shown(index: Index) -> None:
    poison = msgspec.structs.replace(rejected(index, 1), version=action(index.article(1)).version + 100)
    outcomes = index.write(index.article(1, headline="Edition1"), poison)
    assert outcomes[0] == INDEXED
    assert isinstance(outcomes[1], Poison)
    assert index.numbers("Edition1") == [1]


def test_poison_is_named_and_the_others_are_indexed(index: Index) -> None:
    actions = [action(index.article(number)) for number in range(30)]
    for number in (0, 7, 29):
        actions[number] = rejected(index, number)
    outcomes = written_without_a_pause(index, *actions)
    refused = {number for number, outcome in enumerate(outcomes) if isinstance(outcome, Poison)}
    assert refused == {0, 7, 29}
    assert sorted(index.numbers()) == [number for number in range(30) if number not in refused]
    poison = outcomes[7]
    assert isinstance(poison, Poison)
    assert poison.code is Code.INDEX_REJECTED
    assert "embargoed" in poison.message
    assert "harbour" not in poison.message.lower()  # the reason, not the article


def test_many_documents_go_in_chunks_and_keep_their_order(index: Index) -> None:
    settings = index.settings.model_copy(
        update={"index": index.settings.index.model_copy(update={"bulk_documents": 7, "bulk_bytes": 100_000})}
    )
    index.settings = settings
    actions = [action(index.article(number)) for number in range(100)]
    actions[50] = rejected(index, 50)
    outcomes = index.write(*actions)
    assert [number for number, outcome in enumerate(outcomes) if outcome is not INDEXED] == [50]
    assert index.count() == 99


def test_five_megabytes_are_indexed_and_found(index: Index) -> None:
    words = "The ferry left the harbour at dawn and came back at night. " * 85_000
    body = f"{words}\n\nThe captain was called Zwanziger."
    assert len(body) > 5_000_000
    assert index.write(index.article(1, body=body, headline="A long story")) == [INDEXED]
    assert index.numbers("Zwanziger") == [1]
    (hit,) = index.found('"called Zwanziger" captain').hits
    assert hit.uri == f"{index.name}:1"


def test_what_no_field_can_hold_does_not_cost_the_article(index: Index) -> None:
    long = "x" * 40_000  # beyond Lucene's 32,766 bytes a term
    article = index.article(
        1,
        headline=f"Ferry {long}",
        slugline=long,
        keywords=(long, "ferry"),
        altIds=(long,),
        by=long,
        urgency=10**30,
        firstCreated="some day",
        contentCreated="",
        version="9" * 3_000,
        body=f"{long} harbour \x00 \x07 \ufffe",
    )
    assert index.write(article) == [INDEXED]
    assert index.numbers("harbour") == [1]


@pytest.mark.parametrize("size", [40_000_000, 105_000_000])
def test_a_document_that_can_never_fit_is_poison_at_once(index: Index, size: int) -> None:
    # beyond the memory that Elasticsearch gives one operation; beyond http.max_content_length (100 MiB)
    huge = msgspec.structs.replace(action(index.article(0)), source=b'{"uri":"%b"}' % (b"x" * size))
    outcomes = written_without_a_pause(index, huge, action(index.article(1)), action(index.article(2)))
    assert isinstance(outcomes[0], Poison)
    assert outcomes[0].code is Code.INDEX_TOO_LARGE
    assert outcomes[1:] == [INDEXED, INDEXED]


def test_a_request_over_a_gateways_limit_is_split_down_to_the_document_that_is_too_large(index: Index) -> None:
    actions = [action(index.article(number)) for number in range(64)]
    actions[40] = action(index.article(40, body="The ferry sails. " * 3_000))

    def limited(request: Request) -> Response | None:
        page = Response(status=413, text="<h1>413</h1>", headers={"Content-Type": "text/html"})
        return page if len(request.body) > 30_000 else None

    with http_proxy(index.url, before=limited) as proxy:
        index.at(proxy.url)
        outcomes = written_without_a_pause(index, *actions)
    assert [number for number, outcome in enumerate(outcomes) if isinstance(outcome, Poison)] == [40]
    assert index.count() == 63


def test_only_the_documents_that_were_refused_are_sent_again(index: Index) -> None:
    sent: list[int] = []
    chance = random.Random(1)

    def thirty_percent(request: Request, response: Response) -> Response | None:
        """As a busy node answers; the documents are in fact indexed, so sending them again must do no harm."""
        answer = json.loads(response.body)
        sent.append(len(answer["items"]))
        for item in answer["items"]:
            if chance.random() < 0.3:
                item["index"] = {
                    "status": 429,
                    "error": {"type": "es_rejected_execution_exception", "reason": "busy"},
                }
        return Response(status=200, body=json.dumps(answer).encode(), headers=response.headers)

    with http_proxy(index.url, after=thirty_percent) as proxy:
        index.at(proxy.url)
        assert index.write(*(action(index.article(number)) for number in range(300))) == [INDEXED] * 300
    assert index.count() == 300
    assert sent[0] == 300
    assert sent == sorted(sent, reverse=True)
    assert sum(sent) < 300 / (1 - 0.3) * 1.2


def test_answers_that_are_lost_after_being_applied_do_no_harm(index: Index) -> None:
    lost = 0

    def lose_three(request: Request, response: Response) -> Response | None:
        nonlocal lost
        lost += 1
        return LOST if lost <= 3 else None

    with http_proxy(index.url, after=lose_three) as proxy:
        index.at(proxy.url)
        assert index.write(*(action(index.article(number)) for number in range(50))) == [INDEXED] * 50
    assert lost > 3
    # aiohttp itself asks again where a connection that it had used before breaks
    assert {code for code, _, _ in index.retries} == {Code.ELASTICSEARCH_UNREACHABLE}
    assert index.count() == 50


def test_a_server_error_over_one_document_is_poison_only_while_others_succeed(index: Index) -> None:
    lonely = False
    waning = {":1": 1, ":2": SUSPECT_TRIES - 1}  # how often these fail once more when the server is well again

    def fails(document_id: str, *, everything: bool) -> bool:
        if everything or document_id.endswith(":3"):
            return True
        left = waning.get(document_id[-2:], 0)
        waning[document_id[-2:]] = left - 1
        return left > 0

    def broken(request: Request, response: Response) -> Response | None:
        answer, everything = json.loads(response.body), lonely
        ids = [json.loads(line)["index"]["_id"] for line in request.body.splitlines()[::2]]
        for document_id, item in zip(ids, answer["items"], strict=True):
            if fails(document_id, everything=everything):
                item["index"] = {"status": 500, "error": {"type": "null_pointer_exception", "reason": "a bug"}}
        return Response(status=200, body=json.dumps(answer).encode(), headers=response.headers)

    async def scenario() -> None:
        nonlocal lonely
        client = connect(index.settings)
        writer = BulkWriter(client, index.settings, on_retry=lambda *told: index.retries.append(told))
        actions = [action(index.article(number)) for number in range(5)]
        index.written |= {each.document_id for each in actions}
        lonely = True
        writing = asyncio.create_task(writer.write(actions))
        await _until(lambda: len(index.retries) > 3 * SUSPECT_TRIES)
        assert not writing.done()  # nothing else succeeds: it is the server
        lonely = False
        while not writing.done():
            await writer.write(actions[:1])
        assert [isinstance(outcome, Poison) for outcome in await writing] == [False, False, False, True, False]
        await client.close()

    with http_proxy(index.url, after=broken) as proxy:
        index.at(proxy.url, retry_backoff_max=0.02)
        asyncio.run(scenario())


def test_without_its_alias_nothing_is_written_anywhere(index: Index) -> None:
    index.client.indices.delete_alias(index=identity.index_name(), name=identity.WRITE_ALIAS)
    with pytest.raises(Fatal) as fatal:
        index.write(index.article(1))
    assert fatal.value.code is Code.ELASTICSEARCH_INDEX_MISSING
    assert fatal.value.hint == "newswire setup"
    assert not index.client.indices.exists(index=identity.WRITE_ALIAS)


def test_an_alias_that_cannot_be_written_to_is_no_fault_of_the_articles(index: Index) -> None:
    index.client.indices.put_alias(index=identity.index_name(), name=identity.WRITE_ALIAS, is_write_index=False)
    with pytest.raises(Fatal) as fatal:
        index.write(index.article(1))
    assert fatal.value.code is Code.ELASTICSEARCH_INDEX_MISSING


def test_an_unknown_field_means_that_the_template_is_old(index: Index) -> None:
    newer = action(index.article(1))
    newer = msgspec.structs.replace(newer, source=newer.source[:-1] + b',"of_a_later_release":[1,2]}')
    with pytest.raises(Fatal) as fatal:
        index.write(index.article(2), newer)
    assert fatal.value.code is Code.ELASTICSEARCH_MAPPING
    assert "of_a_later_release" in fatal.value.message
    assert "newswire setup" in str(fatal.value.hint)


def test_a_write_block_only_delays(index: Index) -> None:
    async def scenario() -> list[Any]:
        index.client.indices.put_settings(index=identity.index_name(), settings={"index.blocks.write": True})
        try:
            writing = asyncio.create_task(index.writing([action(index.article(n)) for n in range(5)]))
            await _until(lambda: len(index.retries) >= 3)
            assert not writing.done()
        finally:
            index.client.indices.put_settings(index=identity.index_name(), settings={"index.blocks.write": None})
        return await writing

    assert asyncio.run(scenario()) == [INDEXED] * 5
    assert {(code, count) for code, count, _ in index.retries} == {(Code.ELASTICSEARCH_BUSY, 5)}


def test_a_server_that_dies_while_writing_only_delays(index: Index) -> None:
    async def scenario() -> list[Any]:
        await asyncio.to_thread(index.server.kill)
        try:
            writing = asyncio.create_task(index.writing([action(index.article(n)) for n in range(1200)]))
            await _until(lambda: len(index.retries) >= 6)
            assert not writing.done()
        finally:
            await asyncio.to_thread(index.server.start)
        return await writing

    assert asyncio.run(scenario()) == [INDEXED] * 1200
    assert index.retries[0][0] is Code.ELASTICSEARCH_UNREACHABLE
    assert max(seconds for _, _, seconds in index.retries) <= 0.5


def test_writing_can_be_cancelled_while_the_server_is_away(index: Index) -> None:
    async def scenario() -> None:
        settings = index.settings.model_copy(
            update={"elasticsearch": index.settings.elasticsearch.model_copy(update={"hosts": "http://127.0.0.1:9"})}
        )
        client = connect(settings)
        writer = BulkWriter(client, settings, on_retry=lambda *told: index.retries.append(told))
        writing = asyncio.create_task(writer.write([action(index.article(n)) for n in range(2000)]))
        await _until(lambda: bool(index.retries))
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        await client.close()

    asyncio.run(scenario())


async def _until(true: Any, *, seconds: float = 200.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        await asyncio.sleep(0.02)
