"""Elasticsearch answers wrongly: a proxy refuses some of the items, loses answers, or takes small requests only."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from pipeline.article import WireArticle
from tests.chaos.scenario import Run
from tests.support.bench import GUARD
from tests.support.http_proxy import LOST, Request, Response, http_proxy
from tests.support.ledger import wait_for

JSON = {"content-type": "application/vnd.elasticsearch+json;compatible-with=9", "x-elastic-product": "Elasticsearch"}
REJECTED = {"type": "es_rejected_execution_exception", "reason": "rejected execution, as the test wishes"}
SHARE = 0.3  # of items or answers
SMALL = 20_000  # bytes of a request that the small server takes
LARGE_BODY = 40_000  # bytes of an article that it can never take


class Busy:
    """Answers a share of the items 429; those never reach the server."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.share = SHARE
        self.refused = 0

    def before(self, request: Request) -> Request | Response | None:
        if not _is_bulk(request):
            return None
        lines = request.body.splitlines(keepends=True)
        pairs = [lines[at : at + 2] for at in range(0, len(lines), 2)]
        passed = [self._chance.random() >= self.share for _ in pairs]
        if not any(passed):
            return Response(200, json.dumps({"items": self._merge(passed, [])}).encode(), JSON)
        changed = replace(request, body=b"".join(b"".join(p) for p, ok in zip(pairs, passed, strict=True) if ok))
        request.headers["x-passed"] = "".join("1" if ok else "0" for ok in passed)
        return changed

    def after(self, request: Request, response: Response) -> Response | None:
        mask = request.headers.get("x-passed")
        if mask is None or response.status != 200:
            return None
        answer = json.loads(response.body)
        answer["items"] = self._merge([sign == "1" for sign in mask], answer["items"])
        return Response(200, json.dumps(answer).encode(), response.headers)

    def _merge(self, passed: list[bool], answered: list[Any]) -> list[Any]:
        rest = iter(answered)
        self.refused += passed.count(False)
        return [next(rest) if ok else {"index": {"status": 429, "error": REJECTED}} for ok in passed]


def busy(run: Run) -> None:
    """30 % of the items are answered 429."""
    behaviour = Busy(random.Random(30))
    with http_proxy(run.bench.stack.url, before=behaviour.before, after=behaviour.after) as proxy:
        with _fault_all_the_while(run, proxy.url):
            run.wait_until_pushed()
            enough = run.size.articles * SHARE / 2
            wait_for(lambda: behaviour.refused > enough, timeout=GUARD, what="so many items answered 429")
            behaviour.share = 0.0
        run.finish()
        run.wait_until_found()
    run.faults = behaviour.refused


def answers_lost(run: Run) -> None:
    """Of 30 % of the requests the answer is lost after the server has applied them."""
    chance = random.Random(31)
    lost, share = 0, SHARE

    def after(request: Request, response: Response) -> Response | None:
        nonlocal lost
        if not _is_bulk(request) or chance.random() >= share:
            return None
        lost += 1
        return LOST

    with http_proxy(run.bench.stack.url, after=after) as proxy:
        with _fault_all_the_while(run, proxy.url):
            run.wait_until_pushed()
            wait_for(lambda: lost, timeout=GUARD, what="an answer that is lost")
            share = 0.0
        run.finish()
        run.wait_until_found()
    run.faults = lost


def too_large(run: Run) -> None:
    """Whatever stands before Elasticsearch takes 20 kB a request (413 otherwise); some articles never fit."""
    refused, small = 0, SMALL

    def before(request: Request) -> Response | None:
        nonlocal refused
        if len(request.body) <= small:
            return None
        refused += 1
        return Response(413, b"too large", {"content-type": "text/plain"})

    with http_proxy(run.bench.stack.url, before=before) as proxy:
        with _fault_all_the_while(run, proxy.url):
            run.push_unlisted(_large_ones(run))
            run.wait_for_dead_letters(_LARGE_ONES)
            run.wait_until_pushed()
            small = 10**9
        run.finish()
        run.wait_until_found()
    run.faults = refused
    assert refused > _LARGE_ONES, refused


_LARGE_ONES = 3


def large_ones_are_dead_letters(run: Run) -> None:
    """Those that can never fit, and nothing else."""
    reasons = run.reasons()
    assert reasons == {"index.too-large": _LARGE_ONES}, reasons


@contextmanager
def _fault_all_the_while(run: Run, url: str) -> Iterator[None]:
    """A worker that reaches Elasticsearch at `url`, where the fault is from the first article to the block's end.

    It must be over by then: the time to recovery counts from there.
    """
    run.bench.crew.start(environment={"NEWSWIRE__ELASTICSEARCH__HOSTS": url})
    with run.outage():
        run.wait_until_working()
        yield


def _large_ones(run: Run) -> Iterator[WireArticle]:
    for number in range(_LARGE_ONES):
        uri = f"{run.bench.ledger().prefix}large-{number}"
        yield WireArticle(uri=uri, versionCreated="2022-03-01", body="Too large. " * (LARGE_BODY // 11))


def _is_bulk(request: Request) -> bool:
    return request.path.partition("?")[0].endswith("/_bulk")
