"""Every wire format by name, and the one way from bytes to articles: recognise, read, finish, check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

import msgspec

from pipeline import identity
from pipeline.article import WireArticle
from pipeline.codec import WIRE_CONTENT_TYPE
from pipeline.errors import Code, Poison, UserError
from pipeline.wire import article_json, dateline, ninjs, text
from pipeline.wire.context import Context, Result
from pipeline.wire.sniff import sniff

AUTO: Final = "auto"

READERS: Final[dict[str, Callable[[bytes, Context], Iterable[Result]]]] = {
    text.FORMAT: text.read,
    ninjs.FORMAT: ninjs.read,
    article_json.FORMAT: article_json.read,
    article_json.ANY_FORMAT: article_json.read_any,
    article_json.LINES_FORMAT: article_json.read_lines,
}
FORMATS: Final = (AUTO, *READERS)

_CONTENT_TYPES: Final = {
    WIRE_CONTENT_TYPE: article_json.FORMAT,
    "application/json": article_json.ANY_FORMAT,
    "text/json": article_json.ANY_FORMAT,
    "application/x-ninjs+json": ninjs.FORMAT,
    "application/ninjs+json": ninjs.FORMAT,
    "application/vnd.iptc.ninjs+json": ninjs.FORMAT,
    "application/x-ndjson": article_json.LINES_FORMAT,
    "application/jsonl": article_json.LINES_FORMAT,
    "application/json-lines": article_json.LINES_FORMAT,
    "text/plain": text.FORMAT,
    "application/octet-stream": AUTO,
}


def format_of_content_type(content_type: str) -> str | None:
    """The format that a media type names (parameters are passed over), or None for one that we don't read."""
    return _CONTENT_TYPES.get(content_type.partition(";")[0].strip().lower())


def parse(
    data: bytes,
    *,
    format: str = AUTO,
    name: str | None = None,
    default_date: str | None = None,
    now: datetime,
) -> list[WireArticle]:
    """The articles of one file or record in any wire format; all of them, or the first refusal.

    Args:
        data: the bytes as delivered.
        format: one of FORMATS; `auto` recognises it by the content.
        name: of the file or record, for messages.
        default_date: ISO 8601, for articles that carry no date.
        now: with offset.

    Raises:
        Poison: with a `wire.*` or `record.*` code, naming the file, the field and its value.
        UserError: `usage` for a format that does not exist.
    """
    articles = []
    for result in parse_each(data, format=format, name=name, default_date=default_date, now=now):
        if isinstance(result, Poison):
            raise result
        articles.append(result)
    return articles


def parse_each(
    data: bytes,
    *,
    format: str = AUTO,
    name: str | None = None,
    default_date: str | None = None,
    now: datetime,
) -> Iterator[Result]:
    """As `parse`, one by one: an item that is refused comes as its `Poison` and does not stop the others."""
    if format not in FORMATS:
        raise UserError(Code.USAGE, f"format: {format!r} is not one of {', '.join(FORMATS)}", hint="--format auto")
    context = Context(now=now, name=name, default_date=default_date)
    try:
        chosen = sniff(data) if format == AUTO else format
        for result in READERS[chosen](data, context):
            yield _named(result, name) if isinstance(result, Poison) else _finished(result, context)
    except Poison as refusal:
        yield _named(refusal, name)


def _finished(article: WireArticle, context: Context) -> Result:
    """The article with what its words say, or its refusal."""
    try:
        article = _with_dateline(article)
        identity.check_version_created(article, now=context.now)
    except Poison as refusal:
        return _named(
            Poison(refusal.code, f"{article.uri[:200]}: {refusal.message}", hint=refusal.hint), context.name
        )
    return article


def _with_dateline(article: WireArticle) -> WireArticle:
    if article.dateline is not None:
        return article
    found = dateline.find(article.body, reference=identity.instant(article.versionCreated).date())
    if found is None:
        return article
    return msgspec.structs.replace(article, dateline=found.dateline, located=article.located or found.dateline.place)


def _named(refusal: Poison, name: str | None) -> Poison:
    return Poison(refusal.code, f"{name}: {refusal.message}", hint=refusal.hint) if name else refusal
