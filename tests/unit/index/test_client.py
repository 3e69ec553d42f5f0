"""An answer that cannot be read is tried again; from a real HTTP server that cuts its first answer short."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from elastic_transport import JsonSerializer, SerializationError

from pipeline.errors import Code, Fatal, Transient
from pipeline.index.articles import ArticleWriter
from pipeline.index.bulk import BulkWriter
from pipeline.index.client import connect, explain
from pipeline.index.register import Register
from pipeline.settings import Settings

MISSING = '{"_index": "news", "_id": "a", "found": false}'


def test_an_answer_cut_short_is_tried_again_but_not_a_request_that_cannot_be_written() -> None:
    for broken in (b'{"took": 1, "hi', b"<html>Bad gateway</html>"):
        with pytest.raises(SerializationError) as cut:
            JsonSerializer().loads(broken)
        meant = explain(cut.value, doing="look")
        assert isinstance(meant, Transient)
        assert meant.code is Code.ELASTICSEARCH_UNREACHABLE
    with pytest.raises(SerializationError) as ours:
        JsonSerializer().dumps({"a": object()})
    assert isinstance(explain(ours.value, doing="look"), Fatal)


async def met(body: str, status: int, call: Callable[[Settings, list[Code]], Awaitable[object]]) -> list[Code]:
    """What a caller is told of pauses by a server that answers in whole the second time."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        whole = len(asked) > 1
        return web.Response(
            text=body if whole else body[:-5],
            status=status if whole else 200,
            content_type="application/vnd.elasticsearch+json",
            headers={"X-Elastic-Product": "Elasticsearch"},
        )

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        told: list[Code] = []
        settings = Settings.model_validate({"elasticsearch": {"hosts": f"http://{host}:{port}"}})
        await call(settings, told)
        assert len(asked) == 2
        return told
    finally:
        await runner.cleanup()


def test_the_register_asks_again() -> None:
    async def call(settings: Settings, told: list[Code]) -> None:
        client = connect(settings)
        try:
            register = Register(client, settings, on_retry=lambda code, count, seconds: told.append(code))
            assert await register.advisories_for([]) == []
        finally:
            await client.close()

    assert asyncio.run(met(MISSING, 404, call)) == [Code.ELASTICSEARCH_UNREACHABLE]


def test_the_writer_asks_again_what_the_index_holds() -> None:
    async def call(settings: Settings, told: list[Code]) -> None:
        client = connect(settings)
        try:
            writer = ArticleWriter(
                client,
                settings,
                writer=BulkWriter(client, settings),
                on_retry=lambda code, count, seconds: told.append(code),
            )
            assert await writer._states(["a"]) == {}
        finally:
            await client.close()

    assert asyncio.run(met(f'{{"docs": [{MISSING}]}}', 200, call)) == [Code.ELASTICSEARCH_UNREACHABLE]
