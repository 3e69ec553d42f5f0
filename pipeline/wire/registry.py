"""Every wire format by name, and the one way from bytes to articles: recognise, read, finish, check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

import msgspec

from pipeline import identity
from pipeline.article import WireArticle
from pipeline.codec import WIRE_CONTENT_TYPE
from pipeline.errors import Code, NewswireError, Poison, UserError
from pipeline.log import get_logger
from pipeline.wire import (
    anpa,
    archive,
    article_json,
    atom,
    dateline,
    iptc7901,
    mail,
    newsml_1,
    newsml_g2,
    ninjs,
    nitf,
    ritzau,
    rss,
    signals,
    text,
    xml_any,
)
from pipeline.wire.context import Context, Result
from pipeline.wire.sniff import sniff

AUTO: Final = "auto"
ARCHIVE_DEPTH: Final = 2  # a .zip of .gz files, and no deeper

log = get_logger(__name__)

READERS: Final[dict[str, Callable[[bytes, Context], Iterable[Result]]]] = {
    text.FORMAT: text.read,
    ninjs.FORMAT: ninjs.read,
    article_json.FORMAT: article_json.read,
    article_json.ANY_FORMAT: article_json.read_any,
    article_json.LINES_FORMAT: article_json.read_lines,
    newsml_g2.FORMAT: newsml_g2.read,
    newsml_1.FORMAT: newsml_1.read,
    nitf.FORMAT: nitf.read,
    rss.FORMAT: rss.read,
    atom.FORMAT: atom.read,
    ritzau.FORMAT: ritzau.read,
    xml_any.FORMAT: xml_any.read,
    iptc7901.FORMAT: iptc7901.read,
    anpa.FORMAT: anpa.read,
    mail.FORMAT: mail.read,
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
    "application/vnd.iptc.g2.newsitem+xml": newsml_g2.FORMAT,
    "application/vnd.iptc.g2.packageitem+xml": newsml_g2.FORMAT,
    "application/vnd.iptc.g2.newsmessage+xml": newsml_g2.FORMAT,
    "application/vnd.iptc.g2.planningitem+xml": newsml_g2.FORMAT,
    "application/vnd.iptc.g2.conceptitem+xml": newsml_g2.FORMAT,
    "application/newsml+xml": xml_any.FORMAT,
    "text/vnd.iptc.newsml": newsml_1.FORMAT,
    "text/vnd.iptc.nitf": nitf.FORMAT,
    "application/nitf+xml": nitf.FORMAT,
    "text/vnd.iptc.anpa": anpa.FORMAT,
    "application/rss+xml": rss.FORMAT,
    "application/rdf+xml": rss.FORMAT,
    "application/atom+xml": atom.FORMAT,
    "application/xml": xml_any.FORMAT,
    "text/xml": xml_any.FORMAT,
    "message/rfc822": mail.FORMAT,
    "text/plain": AUTO,  # plain text, IPTC 7901, ANPA 1312 and e-mail are all called so
    "application/gzip": AUTO,
    "application/x-gzip": AUTO,
    "application/zip": AUTO,
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
    """As `parse`, one by one: an item that is refused comes as its `Poison` and does not stop the others; nor does
    one at which a reader of ours fails, with `worker.bug`."""
    if format not in FORMATS:
        raise UserError(Code.USAGE, f"format: {format!r} is not one of {', '.join(FORMATS)}", hint="--format auto")
    yield from _read(data, format, Context(now=now, name=name, default_date=default_date), depth=0)


def _read(data: bytes, format: str, context: Context, *, depth: int) -> Iterator[Result]:
    try:
        if archive.is_archive(data):
            if depth >= ARCHIVE_DEPTH:
                raise Poison(Code.WIRE_HOSTILE, "archive: archives inside each other")
            for member, content in archive.members(data):
                name = "!".join(filter(None, (context.name, member))) or None
                yield from _read(content, format, replace(context, name=name), depth=depth + 1)
            return
        chosen = sniff(data) if format == AUTO else format
        for result in READERS[chosen](data, context):
            yield _named(result, context.name) if isinstance(result, Poison) else _finished(result, context)
    except Poison as refusal:
        yield _named(refusal, context.name)
    except (NewswireError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other files are still to be read
        yield _named(_bug(error), context.name)


def _bug(error: Exception) -> Poison:
    log.exception("a reader of wire formats failed: a bug of ours")
    return Poison(Code.WORKER_BUG, f"a bug of ours: {type(error).__name__}: {error}"[:300])


def _finished(article: WireArticle, context: Context) -> Result:
    """The article with what its words say, or its refusal."""
    try:
        if article.lifts is not None:  # nobody brings a killed item back by pushing it
            raise Poison(Code.WIRE_FIELD, "lifts: only newswire reinstate lifts a kill")
        if identity.REINSTATED in article.signals:  # what says it is no item to kill advisories
            raise Poison(Code.WIRE_FIELD, f"signals: only newswire reinstate says {identity.REINSTATED}")
        identity.check_version_created(article, now=context.now)  # what the words mean is counted from it
        article = signals.apply(_with_dateline(article))
    except Poison as refusal:
        return _named(
            Poison(refusal.code, f"{article.uri[:200]}: {refusal.message}", hint=refusal.hint), context.name
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - as in `_read`
        return _named(_bug(error), context.name)
    return article


def _with_dateline(article: WireArticle) -> WireArticle:
    """With the dateline at the head of the text, which says more than a field of metadata that lacks the agency."""
    if article.dateline is not None and article.located is None and article.dateline.place:
        article = msgspec.structs.replace(article, located=article.dateline.place)
    if article.dateline is not None and article.dateline.source:
        return article
    found = dateline.find(article.body, reference=identity.instant(article.versionCreated).date())
    if found is None:
        return article
    told = article.dateline.date if article.dateline else None
    line = found.dateline if found.dateline.date else msgspec.structs.replace(found.dateline, date=told)
    return msgspec.structs.replace(article, dateline=line, located=article.located or line.place)


def _named(refusal: Poison, name: str | None) -> Poison:
    return Poison(refusal.code, f"{name}: {refusal.message}", hint=refusal.hint) if name else refusal
