"""Clients of Elasticsearch, and what its failures mean to whoever called.

Retries are off in the client: the bulk writer retries the items that need it, commands tell the user at once. There
is no `info()` and no sniffing, since the local server lacks `GET /`.
"""

from __future__ import annotations

import ssl
from typing import Any

from elastic_transport import (
    ApiError,
    ConnectionError,
    ConnectionTimeout,
    SerializationError,
    TlsError,
    TransportError,
)
from elasticsearch import AsyncElasticsearch, Elasticsearch

from pipeline.addresses import elasticsearch_hosts
from pipeline.errors import Code, Fatal, NewswireError, Transient, UserError
from pipeline.settings import Settings

BUSY = frozenset({408, 429, 500, 502, 503, 504})
REFUSED = frozenset({401, 403})
REASON_CHARACTERS = 500  # the most of Elasticsearch's own words that we repeat


def connect(settings: Settings) -> AsyncElasticsearch:
    """A client for the event loop; close it with `await client.close()`. It opens no connection yet.

    Raises:
        UserError: `settings`, where a certificate file cannot be used; `local.missing` where hosts is "local" and
            no local server is known.
    """
    return AsyncElasticsearch(elasticsearch_hosts(settings), **_options(settings))


def connect_sync(settings: Settings) -> Elasticsearch:
    """A client that blocks; raises as `connect`."""
    return Elasticsearch(elasticsearch_hosts(settings), **_options(settings))


def _options(settings: Settings) -> dict[str, Any]:
    section = settings.elasticsearch
    options: dict[str, Any] = {
        "request_timeout": section.request_timeout,
        "max_retries": 0,
        "retry_on_timeout": False,
        "connections_per_node": 16,
        # a node that was away is tried again soon: whoever calls has a back-off of its own
        "max_dead_node_backoff": 2.0,
    }
    if section.api_key.get_secret_value():
        options["api_key"] = section.api_key.get_secret_value()
    elif section.username:
        options["basic_auth"] = (section.username, section.password.get_secret_value())
    if any(host.startswith("https://") for host in elasticsearch_hosts(settings)):
        options["ssl_context"] = _tls_context(section.tls_ca_file)
    return options


def _tls_context(ca_file: str) -> ssl.SSLContext:
    # certificates and host names are always checked; there is no setting that turns this off
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise UserError(Code.SETTINGS, f"elasticsearch.tls_ca_file: cannot use {ca_file}: {error}") from error


def explain(error: ApiError | TransportError, *, doing: str) -> NewswireError:
    """What a failed request means: Transient, Fatal or UserError with its code; `doing` says what was tried.

    Pure: it raises nothing, so that `raise explain(error, doing=...) from error` keeps the cause.
    """
    if isinstance(error, ApiError):
        return _explain_answer(error, doing=doing)
    if isinstance(error, TlsError):
        return Fatal(
            Code.ELASTICSEARCH_REFUSED,
            f"cannot {doing}: TLS: {short(str(error.message))}",
            hint="check elasticsearch.hosts and elasticsearch.tls_ca_file",
        )
    if isinstance(error, ConnectionError | ConnectionTimeout):
        return Transient(
            Code.ELASTICSEARCH_UNREACHABLE,
            f"cannot {doing}: Elasticsearch does not answer: {short(str(error.message))}",
            hint="newswire up, or check elasticsearch.hosts",
        )
    if _is_cut(error):
        return Transient(
            Code.ELASTICSEARCH_UNREACHABLE,
            f"cannot {doing}: what answers is cut short, or not Elasticsearch: {short(str(error.message))}",
            hint="try again, or check elasticsearch.hosts and the proxy before it",
        )
    return Fatal(Code.ELASTICSEARCH_BAD_REQUEST, f"cannot {doing}: {short(str(error.message))}")


def _is_cut(error: TransportError) -> bool:
    """Whether an answer could not be read; a request of ours that cannot be written is no matter of trying again."""
    return isinstance(error, SerializationError) and str(error.message).startswith("Unable to deserialize")


def _explain_answer(error: ApiError, *, doing: str) -> NewswireError:
    status = error.meta.status
    kind, reason = cause(error.body)
    why = ": ".join(part for part in (kind, reason or short(str(error.body or ""))) if part)
    message = f"cannot {doing}: Elasticsearch answered {status}{f' ({why})' if why else ''}"
    if status == 401 or (status == 403 and kind != "cluster_block_exception"):
        return Fatal(
            Code.ELASTICSEARCH_REFUSED,
            message,
            hint="check elasticsearch.api_key_file, or username and password_file",
        )
    if status in BUSY or kind == "cluster_block_exception":
        return Transient(Code.ELASTICSEARCH_BUSY, message, hint="newswire status")
    if status == 404:
        return Fatal(Code.ELASTICSEARCH_INDEX_MISSING, message, hint="newswire setup")
    return Fatal(Code.ELASTICSEARCH_BAD_REQUEST, message)


def cause(body: Any) -> tuple[str | None, str | None]:
    """Type and reason of an answer's `error`, with the reason of the innermost cause where it has one."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None, None if error is None else short(str(error))
    return error.get("type"), reason_of(error)


def reason_of(error: dict[str, Any]) -> str:
    """The reason of an error object, followed by that of its innermost cause, shortened."""
    words = [str(error.get("reason"))]
    inner = error
    while isinstance(inner.get("caused_by"), dict):
        inner = inner["caused_by"]
    if inner is not error and str(inner.get("reason")) not in words[0]:
        words.append(str(inner.get("reason")))
    return short(": ".join(words))


def short(text: str) -> str:
    """At most `REASON_CHARACTERS` of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= REASON_CHARACTERS else line[: REASON_CHARACTERS - 1] + "…"
