"""The questions that the page asks, answered as JSON; an error is JSON, too, with its code and what to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from aiohttp import web
from elasticsearch import AsyncElasticsearch

from pipeline.errors import Code, NewswireError, Transient, UserError
from pipeline.index.lookup import lookup_async
from pipeline.log import get_logger
from pipeline.settings import Settings
from pipeline.web import coverage, parameters, views
from pipeline.web.arrivals import Arrivals
from pipeline.web.guard import COOKIE, VALID_FOR, Token
from pipeline.web.hits_first import HitsFirst
from pipeline.web.versions import Histories

Question = Callable[[web.Request], Awaitable[Any]]

LONGEST_URI: Final = 8_192  # characters
LARGEST_LOGIN: Final = 4_096  # bytes

log = get_logger(__name__)
_encoder = msgspec.json.Encoder()


class Api:
    """The answers. Everything is read through the alias `news`."""

    def __init__(self, settings: Settings, client: AsyncElasticsearch, token: Token) -> None:
        self._histories = Histories(settings)
        self._client = client
        self._token = token
        self._arrivals = Arrivals(client)
        self._hits_first = HitsFirst()

    def routes(self) -> list[web.RouteDef]:
        """The addresses below `/api/`."""
        answers: dict[str, Question] = {
            "search": self._search,
            "alike": self._alike,
            "counts": self._counts,
            "article": self._article,
            "versions": self._versions,
            "arrivals": self._new,
        }
        return [
            *(web.get(f"/api/{name}", self._answering(question)) for name, question in answers.items()),
            web.post("/api/login", self._login),
            web.post("/api/logout", self._logout),
        ]

    def _answering(self, question: Question) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            if not self._token.accepts(request.cookies.get(COOKIE)):
                return _json({"error": {"code": "login", "message": "This page asks for a token."}}, status=401)
            try:
                return _json(await question(request))
            except NewswireError as error:
                return _failed(error)

        return answer

    async def _search(self, request: web.Request) -> Any:
        asked = parameters.read(request.query.items())
        with self._hits_first.hits():
            cursor = await self._arrivals.cursor()
            found = await coverage.hits(self._client, asked)
        return {"cursor": cursor, "answer": found.answer, "further": found.further}

    async def _alike(self, request: web.Request) -> Any:
        """What says the same as the articles of a page, by their uris: asked for where `further` said so."""
        return {"alike": await coverage.alike(self._client, parameters.read(request.query.items()))}

    async def _counts(self, request: web.Request) -> Any:
        by = parameters.timeline(request.query.get("timeline"))
        asked = parameters.read(request.query.items())
        await self._hits_first.after_hits()
        return await coverage.counts(self._client, asked, by=by, of_map=request.query.get("map") == "1")

    async def _article(self, request: web.Request) -> Any:
        return views.article(await lookup_async(self._client, _uri(request)))

    async def _versions(self, request: web.Request) -> Any:
        shown = await lookup_async(self._client, _uri(request))  # what cannot be seen has no history here
        return {"versions": await self._histories.of(shown, now=datetime.now(UTC))}

    async def _new(self, request: web.Request) -> Any:
        """The uris of articles that came after the cursor, and that the search finds.

        With `uri`, whether that article is gone: killed, withheld or embargoed while somebody reads it.
        """
        asked = parameters.read(request.query.items())
        cursor = request.query.get("cursor", "")
        known = self._arrivals.knows(cursor)
        uris = await self._arrivals.after(cursor) if known else []
        told: dict[str, Any] = {"uris": await coverage.matching(self._client, asked, uris) if uris else []}
        if not known:  # from now on: none was given, or the server was started anew
            told["cursor"] = await self._arrivals.cursor()
        if "uri" in request.query:
            told["gone"] = not await coverage.matching(self._client, parameters.read(()), [_uri(request)])
        return told

    async def _login(self, request: web.Request) -> web.Response:
        if (request.content_length or 0) > LARGEST_LOGIN:
            return _json({"error": {"code": "login", "message": "That is no token."}}, status=413)
        given = (await request.content.read(LARGEST_LOGIN)).decode("utf-8", "replace")
        cookie = await self._token.try_token(given) if self._token.wanted else None
        if cookie is None:
            return _json({"error": {"code": "login", "message": "That is not the token."}}, status=403)
        answer = _json({})
        answer.set_cookie(
            COOKIE, cookie, max_age=VALID_FOR, httponly=True, samesite="Strict", path="/", secure=request.secure
        )
        return answer

    async def _logout(self, request: web.Request) -> web.Response:
        answer = _json({})
        answer.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
        return answer


def _uri(request: web.Request) -> str:
    uri = request.query.get("uri", "").encode("utf-8", "replace").decode()
    if not uri or len(uri) > LONGEST_URI:
        raise UserError(Code.USAGE, "uri: the id of an article is missing, or too long")
    return uri


def _json(value: Any, *, status: int = 200) -> web.Response:
    return web.Response(
        body=_encoder.encode(value),
        status=status,
        content_type="application/json",
        charset="utf-8",
        headers={"Cache-Control": "no-store"},
    )


def _failed(error: NewswireError) -> web.Response:
    if isinstance(error, UserError):
        status = 404 if error.code == Code.NOT_FOUND else 400
        return _json({"error": {"code": error.code, "message": error.message, "hint": error.hint}}, status=status)
    # addresses of servers and their own words are for the log, not for readers
    log.warning("a question could not be answered: %s: %s", error.code, error.message)
    away = isinstance(error, Transient)
    kafka = error.code.startswith("kafka.")
    server = "Kafka" if kafka else "The search server"
    message = f"{server} does not answer." if away else f"{server} cannot answer: see the log."
    return _json({"error": {"code": error.code, "message": message, "hint": None}}, status=503)
