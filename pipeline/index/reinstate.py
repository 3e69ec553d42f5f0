"""Lifting a kill: the one way in which a killed article comes back.

A kill outranks every version, so an item that is reinstated gets a new life, whose versions stand above the kill
(`pipeline/identity.py`). It begins with an article that says nothing but which kill it lifts, and the highest version
says so, too. Both are on the wire topic like every other, so the kill stays lifted when topics are read again from
their beginning, or into another index. Kills of the life before change nothing any more; a newer one kills again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from pipeline import identity
from pipeline.article import EnrichedArticle, WireArticle
from pipeline.errors import Code, UserError
from pipeline.feeds.producer import ArticleProducer
from pipeline.index.client import explain
from pipeline.index.document import action
from pipeline.settings import Settings
from pipeline.stream.history import versions


class Reinstated(msgspec.Struct, frozen=True, kw_only=True):
    """What was done: `pushed` is what was pushed again, None where nothing was.

    That is the highest version; or a kill that came while the other was lifted, which then kills again.
    """

    uri: str
    pushed: WireArticle | None


def reinstate(settings: Settings, client: Elasticsearch, uri: str, *, push: bool = True) -> Reinstated:
    """Lift the kill of the article `uri`, and push its highest version that is no kill.

    Args:
        settings: of the servers.
        client: may write to the index.
        uri: the article id.
        push: without, only the kill is lifted, and the next version that is pushed will be shown.

    Raises:
        UserError: `not-found`, where it is not killed, or Kafka has no version to push; nothing is done then.
        Transient: a server does not answer: it can be called again.
        Fatal: a server refused.
    """
    try:
        kill = _kill(client, uri)
        if push and _highest(article.article for article in versions(settings, uri)) is None:
            raise UserError(
                Code.NOT_FOUND,
                f"{uri}: Kafka has no version of it any more but the kill (they are kept for "
                f"{settings.topics.retention_days} days)",
                hint=f"newswire reinstate --no-push {uri}, then push the article again",
            )
        lifting = lifted(uri, kill)
        _push(settings, lifting)  # first into Kafka, which is what lasts
        _index(client, lifting)
    except (ApiError, TransportError) as error:
        raise explain(error, doing="lift the kill") from error
    # read once more: whatever was outranked by the kill until this moment is there by now, what comes later is shown
    known = [version.article for version in versions(settings, uri)]
    article = _newer_kill(known, kill)
    if article is None and push and (article := _highest(known)) is not None:
        article = msgspec.structs.replace(article, lifts=str(kill))
    if article is not None:
        _push(settings, article)
    return Reinstated(uri=uri, pushed=article)


def lifted(uri: str, kill: int) -> WireArticle:
    """The article that lifts the kill whose external version is `kill`: hidden, and lower than every version."""
    return WireArticle(
        uri=uri,
        versionCreated="1970-01-01",
        body="",
        pubStatus="withheld",
        signals=(identity.REINSTATED,),
        lifts=str(kill),
    )


def _kill(client: Elasticsearch, uri: str) -> int:
    # by _id, past the alias' filter: this is for operators, and readers never see what it returns
    try:
        found = client.get(index=identity.WRITE_ALIAS, id=identity.document_id(uri), source_includes=["pubStatus"])
    except NotFoundError as error:
        if "found" not in error.body:  # the index is missing, not the article
            raise
        raise UserError(Code.NOT_FOUND, f"{uri}: no such article", hint="newswire search") from error
    version: int = found["_version"]
    if version == identity.FORGOTTEN:
        raise UserError(Code.NOT_FOUND, f"{uri} was forgotten (newswire forget): nothing brings it back")
    if not identity.is_kill(version):
        raise UserError(Code.NOT_FOUND, f"{uri} is not killed; there is nothing to lift")
    if identity.life_of(version) >= identity.MOST_LIVES:
        message = f"{uri} was reinstated {identity.MOST_LIVES} times, which is the most that is possible"
        raise UserError(Code.USAGE, message, hint="push it under another id")
    return version


def _index(client: Elasticsearch, article: WireArticle) -> None:
    """What the workers will do with it, at once: only then versions that come count."""
    fields: dict[str, Any] = {name: getattr(article, name) for name in WireArticle.__struct_fields__}
    written = action(EnrichedArticle(**fields))
    try:
        client.index(
            index=identity.WRITE_ALIAS,
            id=written.document_id,
            document=msgspec.json.decode(written.source),
            version=written.version,
            version_type="external_gte",
            require_alias=True,
        )
    except ConflictError:  # somebody else has lifted it in this moment
        return


def _highest(articles: Iterable[EnrichedArticle]) -> WireArticle | None:
    alive = [each for each in articles if each.pubStatus != "canceled" and identity.REINSTATED not in each.signals]
    return _wire(max(reversed(alive), key=_rank)) if alive else None


def _newer_kill(articles: Iterable[EnrichedArticle], kill: int) -> WireArticle | None:
    newer = [each for each in articles if each.pubStatus == "canceled" and identity.is_newer_kill(each, kill)]
    return _wire(max(newer, key=_rank)) if newer else None


def _rank(article: EnrichedArticle) -> int:
    return identity.rank(article, enrichment=article.enrichment)


def _wire(article: EnrichedArticle) -> WireArticle:
    return WireArticle(**{name: getattr(article, name) for name in WireArticle.__struct_fields__})


def _push(settings: Settings, article: WireArticle) -> None:
    failures: list[Exception] = []
    with ArticleProducer(settings, source="newswire/reinstate") as producer:
        producer.push(article, on_delivery=lambda failure: failures.append(failure) if failure else None)
    if failures:
        raise failures[0]
