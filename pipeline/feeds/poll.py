"""One poll of one feed: ask whether there is anything new, take it, and only then remember having seen it."""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import replace
from typing import Final

from pipeline.errors import Code, Fatal, NewswireError, Poison, Transient
from pipeline.feeds.definition import Feed
from pipeline.feeds.hosts import max_age
from pipeline.feeds.http import Answer, Request, same_origin
from pipeline.feeds.intake import take
from pipeline.feeds.state import Source
from pipeline.feeds.tools import Outcome, Taken, Tools
from pipeline.log import get_logger

KIND: Final = "feed"
ACCEPT: Final = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"
REFUSALS_KEPT: Final = 20
KAFKA_PAUSE: Final = 5.0  # seconds until the next poll where Kafka was away; doubled each time
JITTER: Final = 0.1  # of an interval, so that many feeds do not stay in step
_TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>")
_HEAD: Final = 20_000  # bytes of a feed in which its ttl is looked for

log = get_logger("newswire.feeds")


class Poller:
    """Polls one feed, as often as it is called; what it knows is in the state."""

    def __init__(self, feed: Feed, tools: Tools) -> None:
        self.feed = feed
        self._tools = tools

    @property
    def source(self) -> Source:
        """The feed as the state has it."""
        return self._tools.state.source(self.feed.name, KIND, self.feed.url)

    def due_in(self) -> float | None:
        """Seconds until the next poll, None for a feed that is gone."""
        source = self.source
        host = self._tools.fetcher.hosts.of(source.moved_to or self.feed.url)
        return None if source.gone else max(0.0, (source.next_poll or 0.0) - self._now(), host.wait)

    async def poll(self) -> Outcome:
        """Poll it. What fails is in the outcome and in the state, not raised."""
        source = self.source
        if source.gone:
            return Outcome(self.feed.name, error=_gone(source))
        source = replace(source, last_poll=self._now(), status=None)
        try:
            return await self._poll(source)
        except NewswireError as error:
            return self._failed(source, error)
        except Exception as error:
            log.exception("%s: a bug of ours", self.feed.name)  # which must not end the other feeds
            return self._failed(source, Transient(Code.WORKER_BUG, f"{type(error).__name__}: {error}"))

    async def _poll(self, source: Source) -> Outcome:
        answer = await self._get(source)
        source = replace(source, status=answer.status)
        if answer.status in (200, 304):
            return await self._answered(source, answer)
        if answer.status in (404, 410) and source.moved_to is not None:
            # where it had moved to it is no more: next time where it was
            return self._failed(replace(source, moved_to=None, etag=None, last_modified=None), _refused(answer))
        if answer.status == 410:
            source = replace(source, gone=True)
            return self._failed(source, _gone(source))
        return self._failed(source, _refused(answer), at_least=answer.retry_after() or 0.0)

    async def _get(self, source: Source) -> Answer:
        url = source.moved_to or self.feed.url
        headers = {"Accept": ACCEPT}
        if source.etag:
            headers["If-None-Match"] = source.etag
        if source.last_modified:
            headers["If-Modified-Since"] = source.last_modified
        request = Request(
            url,
            timeout=self.feed.timeout,
            max_bytes=self.feed.max_bytes,
            private=self.feed.private_addresses,
            headers=headers,
            authorization=self.feed.authorization if same_origin(url, self.feed.url) else None,
            permit=self._tools.robots.permit(private=self.feed.private_addresses) if self.feed.robots else None,
        )
        return await self._tools.fetcher.get(request)

    async def _answered(self, source: Source, answer: Answer) -> Outcome:
        digest = hashlib.sha256(answer.body).digest()
        if answer.status == 304 or digest == source.body:
            self._succeeded(self._moved(source, answer), answer)
            return Outcome(self.feed.name, not_modified=True)
        try:
            taken = await take(answer.body, self.feed, self._tools)
        except Poison as error:  # a redirect to what is no feed is not remembered
            return self._failed(source, error)
        source = self._moved(source, answer)
        self._report(source, taken)
        source = replace(
            source,
            # what is not complete must be seen whole by the next poll
            etag=answer.headers.get("ETag") if taken.complete else None,
            last_modified=answer.headers.get("Last-Modified") if taken.complete else None,
            body=digest if taken.complete else None,
            pushed=source.pushed + taken.pushed,
            refused=len(taken.refusals),
            refusals=_kept(taken),
            summaries=taken.summaries,
        )
        if taken.error is not None:
            outcome = self._failed(source, taken.error, taken=taken)
        else:
            outcome = Outcome(self.feed.name)
            self._succeeded(source, answer, taken=taken)
        outcome.pushed, outcome.refused, outcome.summaries = taken.pushed, len(taken.refusals), taken.summaries
        return outcome

    def _moved(self, source: Source, answer: Answer) -> Source:
        if answer.moved_to is None or answer.moved_to in (source.moved_to, self.feed.url):
            return source
        log.warning("%s: has moved for good to %s; write that into its url", self.feed.name, answer.moved_to[:300])
        return replace(source, moved_to=answer.moved_to)

    def _succeeded(self, source: Source, answer: Answer, *, taken: Taken | None = None) -> None:
        wished = max(max_age(answer.headers), _ttl(answer.body))
        interval = max(self.feed.interval, min(wished, self._tools.http.longest_pause))
        source = replace(
            source,
            last_success=source.last_poll,
            next_poll=self._now() + interval * random.uniform(1, 1 + JITTER),  # noqa: S311
            failures=0,
            code=None,
            message=None,
        )
        self._tools.state.conclude(source, seen=taken.seen if taken else (), now=self._now())

    def _failed(
        self, source: Source, error: NewswireError, *, at_least: float = 0.0, taken: Taken | None = None
    ) -> Outcome:
        failures = source.failures + 1
        longest = max(self._tools.http.longest_pause, self.feed.interval)
        first = min(self.feed.interval, KAFKA_PAUSE) if taken is not None else self.feed.interval
        pause = min(longest, first * 2 ** min(failures - 1, 20)) * random.uniform(0.5, 1.0)  # noqa: S311
        host = self._tools.fetcher.hosts.of(source.moved_to or self.feed.url)
        pause = max(pause, min(at_least, longest), host.wait)
        log.warning("%s: %s", self.feed.name, error, extra={"error.code": str(error.code)})
        source = replace(
            source,
            next_poll=None if source.gone else self._now() + pause,
            failures=failures,
            code=str(error.code),
            message=error.message[:500],
        )
        self._tools.state.conclude(source, seen=taken.seen if taken else (), now=self._now())
        return Outcome(self.feed.name, error=error)

    def _report(self, before: Source, taken: Taken) -> None:
        known = {refusal["message"] for refusal in before.refusals}
        for refusal in taken.refusals[:REFUSALS_KEPT]:
            if refusal.message[:500] not in known:  # a bad item stays in its feed for days
                log.warning("%s: refused: %s", self.feed.name, refusal, extra={"error.code": str(refusal.code)})
        if taken.pushed:
            log.info("%s: %d articles pushed", self.feed.name, taken.pushed)

    def _now(self) -> float:
        return self._tools.clock().timestamp()


def _kept(taken: Taken) -> tuple[dict[str, str], ...]:
    some = taken.refusals[:REFUSALS_KEPT]
    return tuple({"code": str(refusal.code), "message": refusal.message[:500]} for refusal in some)


def _refused(answer: Answer) -> Transient:
    trouble = answer.status >= 500 or answer.status == 429
    code = Code.FEED_UNREACHABLE if trouble else Code.FEED_REFUSED
    return Transient(code, f"{answer.url[:200]}: HTTP {answer.status}")


def _gone(source: Source) -> Fatal:
    return Fatal(
        Code.FEED_GONE,
        f"{(source.url or '')[:200]}: HTTP 410: the feed was taken down for good, and is not polled any more",
        hint=f"take {source.name!r} out of the feeds file, or give it its new url",
    )


def _ttl(body: bytes) -> float:
    found = _TTL.search(body[:_HEAD])
    return float(found[1]) * 60 if found else 0.0
