"""Lifting a kill: the one way in which a killed article comes back.

A kill outranks every version, so the stub that it left must go before any version can win again. Elasticsearch
remembers the version of what was deleted for `index.gc_deletes`, and refuses lower ones for so long: the kill is only
lifted when that time is over. Versions that arrive in the meantime are refused like those before; so what is pushed
again is the highest that Kafka has by then.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from pipeline import identity
from pipeline.article import EnrichedArticle, WireArticle
from pipeline.errors import Code, Transient, UserError
from pipeline.feeds.producer import ArticleProducer
from pipeline.index.client import explain
from pipeline.settings import Settings
from pipeline.stream.history import versions

MARGIN: Final = 1.0  # seconds beyond gc_deletes, for a clock that ticks coarsely
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

Sleep = Callable[[float], None]


class Reinstated(msgspec.Struct, frozen=True, kw_only=True):
    """What was done: `pushed` is the version that was pushed again, None where there was none to push."""

    uri: str
    pushed: WireArticle | None


def reinstate(
    settings: Settings,
    client: Elasticsearch,
    uri: str,
    *,
    push: bool = True,
    sleep: Sleep = time.sleep,
    on_wait: Callable[[float], None] = lambda seconds: None,
) -> Reinstated:
    """Lift the kill of the article `uri`, and push its highest version that is no kill. Blocks for about a minute.

    Args:
        push: without, only the kill is lifted, and the next version that is pushed will be shown.
        sleep: waits out the memory of Elasticsearch.
        on_wait: is told how many seconds that takes.

    Raises:
        UserError: `not-found`, where it is not killed, or Kafka has no version to push; nothing is done then.
        Transient: a server does not answer, or the article changed in this moment: it can be called again.
        Fatal: a server refused.
    """
    try:
        stub = _stub(client, uri)
        if push and _highest(settings, uri) is None:
            raise UserError(
                Code.NOT_FOUND,
                f"{uri}: Kafka has no version of it any more but the kill (they are kept for "
                f"{settings.topics.retention_days} days)",
                hint=f"newswire reinstate --no-push {uri}, then push the article again",
            )
        _delete(client, uri, stub)
        seconds = _remembered(client) + MARGIN
        on_wait(seconds)
        sleep(seconds)
        client.indices.refresh(index=identity.WRITE_ALIAS)  # which is when Elasticsearch forgets
    except (ApiError, TransportError) as error:
        raise explain(error, doing="lift the kill") from error
    article = _highest(settings, uri) if push else None
    if article is not None:
        _push(settings, article)
    return Reinstated(uri=uri, pushed=article)


def _stub(client: Elasticsearch, uri: str) -> Any:
    # by _id, past the alias' filter: this is for operators, and readers never see what it returns
    try:
        found = client.get(index=identity.WRITE_ALIAS, id=identity.document_id(uri), source_includes=["pubStatus"])
    except NotFoundError as error:
        if "found" not in error.body:  # the index is missing, not the article
            raise
        raise UserError(Code.NOT_FOUND, f"{uri}: no such article", hint="newswire search") from error
    if found["_source"].get("pubStatus") != "canceled":
        raise UserError(Code.NOT_FOUND, f"{uri} is not killed; there is nothing to lift")
    return found


def _delete(client: Elasticsearch, uri: str, stub: Any) -> None:
    try:
        client.delete(
            index=identity.WRITE_ALIAS,
            id=identity.document_id(uri),
            if_seq_no=stub["_seq_no"],
            if_primary_term=stub["_primary_term"],
        )
    except ConflictError as error:
        message = f"{uri} was killed once more in this moment"
        raise Transient(Code.ELASTICSEARCH_BUSY, message, hint="try again, if it is still to be lifted") from error


def _remembered(client: Elasticsearch) -> float:
    """Seconds for which the index remembers the versions of what was deleted."""
    found = client.indices.get_settings(
        index=identity.WRITE_ALIAS, name="index.gc_deletes", flat_settings=True, include_defaults=True
    )
    longest = 0.0
    for index in found.values():
        text = index["settings"].get("index.gc_deletes") or index.get("defaults", {}).get("index.gc_deletes") or "60s"
        match = re.fullmatch(r"(\d+)(ms|s|m|h|d)", text)
        longest = max(longest, int(match[1]) * _UNITS[match[2]] if match else 60.0)
    return longest


def _highest(settings: Settings, uri: str) -> WireArticle | None:
    best: EnrichedArticle | None = None
    for version in versions(settings, uri):
        article = version.article
        if article.pubStatus == "canceled":
            continue
        if best is None or identity.external_version(article) >= identity.external_version(best):
            best = article
    if best is None:
        return None
    return WireArticle(**{name: getattr(best, name) for name in WireArticle.__struct_fields__})


def _push(settings: Settings, article: WireArticle) -> None:
    failures: list[Exception] = []
    with ArticleProducer(settings, source="newswire/reinstate") as producer:
        producer.push(article, on_delivery=lambda failure: failures.append(failure) if failure else None)
    if failures:
        raise failures[0]
