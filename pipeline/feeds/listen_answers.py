"""What `newswire listen` answers: a status, and JSON that names each article and what became of it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import hdrs, web

from pipeline.article import WireArticle
from pipeline.errors import Code, NewswireError, Poison
from pipeline.wire.context import Result

ACCEPTED: Final = "accepted"  # Kafka has acknowledged it
REFUSED: Final = "refused"  # it can never be taken; the reason says what to change
UNACKNOWLEDGED: Final = "unacknowledged"  # it may be in Kafka or not: push it again

_LEAST_RETRY_AFTER: Final = 2  # seconds
_STATUS: Final = {
    Code.WIRE_TOO_LARGE: 413,
    Code.WIRE_FORMAT_UNKNOWN: 415,
    Code.WIRE_EMPTY: 400,
}


class Failure(Exception):
    """A request that is refused as a whole."""

    def __init__(
        self,
        status: int,
        code: Code,
        message: str,
        *,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers[hdrs.RETRY_AFTER] = str(max(1, math.ceil(retry_after)))
        if status == 401:
            self.headers[hdrs.WWW_AUTHENTICATE] = 'Bearer realm="newswire"'

    def response(self) -> web.Response:
        """The answer to the client."""
        return write(self.status, {"error": {"code": str(self.code), "message": self.message}}, self.headers)


def failure_of(error: NewswireError) -> Failure:
    """The failure of a request for an error of ours: by the client's doing, or because Kafka does not answer."""
    if isinstance(error, Poison):
        return Failure(_STATUS.get(error.code, 422), error.code, error.message)
    return Failure(503, error.code, error.message, retry_after=_LEAST_RETRY_AFTER)


def answer(
    results: Sequence[Result], outcomes: Mapping[int, NewswireError | None], *, retry_in: float
) -> web.Response:
    """The answer to a push that was read.

    202: Kafka has every article. 207: it has some, the others are refused, each with its reason. 400, 413, 415, 422:
    all are refused. 503: some were not acknowledged; the whole request may be sent again, what was accepted is not
    taken twice.

    Args:
        results: what the parser made of the request, in order.
        outcomes: by the index of the article in `results`: None where Kafka has it, else why not.
        retry_in: seconds after which Kafka is worth another try.
    """
    items = [_item(result, outcomes.get(number)) for number, result in enumerate(results)]
    counts = {name: sum(item["outcome"] == name for item in items) for name in (ACCEPTED, REFUSED, UNACKNOWLEDGED)}
    body: dict[str, Any] = {**counts, "articles": items}
    away = next((error for error in outcomes.values() if error is not None and not isinstance(error, Poison)), None)
    if away is not None:
        failure = Failure(503, away.code, away.message, retry_after=max(_LEAST_RETRY_AFTER, retry_in))
        return write(503, {"error": {"code": str(away.code), "message": away.message}, **body}, failure.headers)
    if not counts[REFUSED]:
        return write(202, body)
    if counts[ACCEPTED]:
        return write(207, body)
    first = next(item for item in items if item["outcome"] == REFUSED)
    body = {"error": {"code": first["code"], "message": first["message"]}, **body}
    return write(_STATUS.get(Code(first["code"]), 422), body)


def write(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer; never kept by a cache."""
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(
        status=status,
        body=text.encode("utf-8", "backslashreplace"),
        headers={hdrs.CACHE_CONTROL: "no-store", **(headers or {})},
        content_type="application/json",
        charset="utf-8",
    )


def _item(result: Result, error: NewswireError | None) -> dict[str, Any]:
    if isinstance(result, Poison):
        return {"outcome": REFUSED, "code": str(result.code), "message": result.message}
    assert isinstance(result, WireArticle)
    item: dict[str, Any] = {"uri": result.uri, "version": result.version, "versionCreated": result.versionCreated}
    if error is None:
        return item | {"outcome": ACCEPTED}
    outcome = REFUSED if isinstance(error, Poison) else UNACKNOWLEDGED
    return item | {"outcome": outcome, "code": str(error.code), "message": error.message}
