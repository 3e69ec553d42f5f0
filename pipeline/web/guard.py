"""Who may ask: the name by which the page is reached, the token, and the headers that every answer carries.

A page in a browser may be made to ask our server under a name of an attacker's (DNS rebinding), so names are accepted
only where they are known; addresses in digits need no name server and are accepted. Answers never load or run
anything but our own files.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import time
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from pipeline.errors import Code, UserError

COOKIE: Final = "newswire"
VALID_FOR: Final = 30 * 86_400  # seconds of a login
AFTER_A_WRONG_TOKEN: Final = 1.0  # seconds until its answer
MOST_WAITING: Final = 100  # wrong tokens; beyond these the answer comes at once, so that they cannot fill the memory
SHORTEST_TOKEN: Final = 16  # characters, where others than this machine can reach the page

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens at `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_reach(host: str, token: str) -> None:
    """Refuse to listen to others than this machine without a token that is worth it.

    Raises:
        UserError: `settings`.
    """
    if not is_loopback(host) and len(token) < SHORTEST_TOKEN:
        raise UserError(
            Code.SETTINGS,
            f"others could reach {host}, and web.token has {len(token)} characters: it needs {SHORTEST_TOKEN}",
            hint="name a file that holds a secret by web.token_file, or leave web.host at 127.0.0.1",
        )


def known_name(host_header: str | None, names: Iterable[str]) -> bool:
    """Whether a Host header names us: an address in digits, localhost, or one of `names`."""
    if not host_header:
        return False
    try:
        hostname = urlsplit(f"//{host_header}").hostname or ""
    except ValueError:
        return False
    if hostname == "localhost" or hostname in {name.lower() for name in names}:
        return True
    try:
        ipaddress.ip_address(hostname)
    except ValueError:
        return False
    return True


class Token:
    """The token of the settings: checks it, and makes and checks the cookie that stands for it."""

    def __init__(self, secret: str, *, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret.encode()
        self._clock = clock
        self._waiting = 0

    @property
    def wanted(self) -> bool:
        """Whether there is one at all."""
        return bool(self._secret)

    async def try_token(self, given: str) -> str | None:
        """The cookie's value for the right token; for a wrong one None, after a pause.

        Nobody waits for the wrong tokens of others. What keeps a token from being guessed is its length
        (`SHORTEST_TOKEN`); the pause makes trying tedious and keeps it from taking the processor.
        """
        if hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._secret):
            return self._signed(int(self._clock()) + VALID_FOR)
        if self._waiting < MOST_WAITING:
            self._waiting += 1
            try:
                await asyncio.sleep(AFTER_A_WRONG_TOKEN)
            finally:
                self._waiting -= 1
        return None

    def accepts(self, cookie: str | None) -> bool:
        """Whether a cookie was made here with this token, and is still good."""
        if not self.wanted:
            return True
        until, _, _ = (cookie or "").partition(".")
        if not (until.isascii() and until.isdecimal() and len(until) < 12):
            return False
        good = hmac.compare_digest((cookie or "").encode("utf-8", "replace"), self._signed(int(until)).encode())
        return good and int(until) > self._clock()

    def _signed(self, until: int) -> str:
        text = f"newswire web {until}".encode()
        return f"{until}.{hmac.new(self._secret, text, hashlib.sha256).hexdigest()}"


def middleware(names: Iterable[str]) -> Middleware:
    """Checks where a request comes from, and sets the headers of its answer."""
    known = tuple(names)

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not known_name(request.headers.get("Host"), known):
            answer: web.StreamResponse = web.Response(
                status=421, text="This page is not known by that name: see web.names in newswire.toml.\n"
            )
        elif request.headers.get("Sec-Fetch-Site", "none") == "cross-site" and request.path.startswith("/api/"):
            answer = web.Response(status=403, text="Other sites may not ask.\n")
        else:
            try:
                answer = await handler(request)
            except web.HTTPException as raised:  # 404, 405: of aiohttp's own
                answer = web.Response(status=raised.status, text=f"{raised.reason}\n", headers=_kept(raised))
        for name, value in HEADERS.items():
            answer.headers[name] = value
        return answer

    return guarded


def _kept(raised: web.HTTPException) -> dict[str, str]:
    return {name: raised.headers[name] for name in ("Allow", "Location") if name in raised.headers}
