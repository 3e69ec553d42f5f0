"""Kibana's HTTP interface, as far as the import needs it, and what its answers mean.

Kibana answers 503 while it starts, with plain text or JSON; whoever calls tries again (`Transient`).
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import ssl
import urllib.error
import urllib.request
from typing import Any, Final
from urllib.parse import quote, urlsplit

from pipeline.errors import Code, Fatal, NewswireError, Transient, UserError
from pipeline.settings import Settings

STARTING: Final = frozenset({429, 502, 503, 504})
REFUSED: Final = frozenset({401, 403})
LONGEST_ANSWER: Final = 10_000_000  # bytes
REASON_CHARACTERS: Final = 500  # the most of Kibana's own words that we repeat


class KibanaClient:
    """Requests to one Kibana and one of its spaces. Each blocks until it is answered or the time-out is over."""

    def __init__(self, settings: Settings) -> None:
        """`kibana.url` must be set. Opens no connection yet.

        Raises:
            UserError: `settings`, where the address or the certificate file cannot be used.
        """
        section = settings.kibana
        parts = urlsplit(section.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise UserError(
                Code.SETTINGS,
                f"kibana.url: {section.url!r} is no address such as https://kibana:5601",
                hint="user and password are settings of their own",
            )
        self.url = section.url.rstrip("/") + (f"/s/{quote(section.space, safe='')}" if section.space else "")
        self._timeout = section.request_timeout
        self._authorization = _authorization(settings)
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),  # as the client of Elasticsearch: no proxy of the environment
            urllib.request.HTTPSHandler(context=_tls_context(section.tls_ca_file)),
            _NoRedirects,
        )

    def post(self, path: str, body: bytes, *, content_type: str, doing: str, internal: bool = False) -> Any:
        """The JSON that Kibana answers with.

        Raises:
            Transient: `kibana.unreachable`: it does not answer, or is starting.
            Fatal: `kibana.refused` for a wrong user, `kibana.rejected` for anything else that is not a success.
        """
        return self._send("POST", path, body, content_type=content_type, doing=doing, internal=internal)

    def get(self, path: str, *, doing: str, internal: bool = False) -> Any:
        """The same for a GET."""
        return self._send("GET", path, None, content_type=None, doing=doing, internal=internal)

    def _send(
        self, method: str, path: str, body: bytes | None, *, content_type: str | None, doing: str, internal: bool
    ) -> Any:
        headers = {"kbn-xsrf": "newswire"}
        if content_type:
            headers["Content-Type"] = content_type
        if internal:
            headers["x-elastic-internal-origin"] = "Kibana"  # else Kibana 9 answers 400 on its internal paths
        if self._authorization:
            headers["Authorization"] = self._authorization
        request = urllib.request.Request(f"{self.url}{path}", data=body, headers=headers, method=method)  # noqa: S310
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                answer = response.read(LONGEST_ANSWER)
        except urllib.error.HTTPError as error:
            with error:
                raise _explain(error.code, _said(error.read(LONGEST_ANSWER)), doing, self.url) from error
        except (OSError, http.client.HTTPException) as error:
            raise _unanswered(error, doing, self.url) from error
        try:
            return json.loads(answer)
        except ValueError as error:
            raise Fatal(
                Code.KIBANA_REJECTED,
                f"cannot {doing}: what answers at {self.url} is not Kibana: {_said(answer)!r}",
                hint="check kibana.url, with its base path where there is one",
            ) from error


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect (to a login, to https) is told, not followed: it would take our password along."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _authorization(settings: Settings) -> str | None:
    # Kibana's users are Elasticsearch's
    for section in (settings.kibana, settings.elasticsearch):
        if section.api_key.get_secret_value():
            return f"ApiKey {section.api_key.get_secret_value()}"
        if section.username:
            pair = f"{section.username}:{section.password.get_secret_value()}"
            return f"Basic {base64.b64encode(pair.encode()).decode()}"
    return None


def _tls_context(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise UserError(Code.SETTINGS, f"kibana.tls_ca_file: cannot use {ca_file}: {error}") from error


def _said(answer: bytes) -> str:
    """Kibana's own words: the message of its JSON, else the beginning of the text."""
    text = answer.decode("utf-8", "replace")
    with contextlib.suppress(ValueError, KeyError, TypeError):
        text = str(json.loads(text)["message"])
    return " ".join(text[:REASON_CHARACTERS].split())


def _unanswered(error: Exception, doing: str, url: str) -> NewswireError:
    cause = getattr(error, "reason", error)
    if isinstance(cause, ssl.SSLError):
        return Fatal(
            Code.KIBANA_REFUSED,
            f"cannot {doing}: TLS: {cause}",
            hint="check kibana.url and kibana.tls_ca_file",
        )
    return Transient(
        Code.KIBANA_UNREACHABLE, f"cannot {doing}: {url} does not answer: {cause}", hint="check kibana.url"
    )


def _explain(status: int, said: str, doing: str, url: str) -> NewswireError:
    message = f"cannot {doing}: {url} answered {status}{f' ({said})' if said else ''}"
    if status in STARTING:
        return Transient(Code.KIBANA_UNREACHABLE, message, hint="newswire setup --wait 300, once Kibana has started")
    if status in REFUSED:
        return Fatal(
            Code.KIBANA_REFUSED,
            message,
            hint="check kibana.api_key_file, or username and password_file; the user may need the role kibana_admin",
        )
    if status == 404 or 300 <= status < 400:
        return Fatal(Code.KIBANA_REJECTED, message, hint="check kibana.url (scheme, base path) and kibana.space")
    return Fatal(Code.KIBANA_REJECTED, message)
