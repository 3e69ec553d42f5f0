"""The HTTP port of a worker: `/metrics` for Prometheus, `/live` and `/ready` for whoever watches over it.

It is a thread, so that it answers also while the event loop is blocked, which is when it matters. It listens on
loopback unless the settings say otherwise: it has no password. Several workers of a host take one port after another.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from pipeline.log import get_logger
from pipeline.metrics import CONTENT_TYPE
from pipeline.settings import Metrics

log = get_logger(__name__)

PORTS: Final = 100  # tried one after another, from the one in the settings


@dataclass(frozen=True)
class Answer:
    """What a health endpoint says: `checks` has a reason, empty where that check passed."""

    ok: bool
    checks: Mapping[str, str]


Probe = Callable[[], Answer]


class Monitor:
    """Serves until `close`."""

    def __init__(
        self,
        settings: Metrics,
        *,
        about: Mapping[str, Any],
        metrics: Callable[[], bytes],
        probes: Mapping[str, Probe],
    ) -> None:
        """Listen, and answer from now on.

        Args:
            settings: host and first port; port 0 is any free one.
            about: who answers, in `/live` and `/ready` besides the answer itself.
            metrics: gives Prometheus' text.
            probes: by path.

        Raises:
            OSError: no port is free, or the host is none of ours.
        """
        self._server = _listen(settings, _handler(about, metrics, probes))
        self.port: int = self._server.server_address[1]
        self.address = f"http://{settings.host}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="monitor", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True  # a successor may have the port at once; two at a time may not

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("a request to the monitor failed", exc_info=True)


def _listen(settings: Metrics, handler: type[BaseHTTPRequestHandler]) -> _Server:
    last = settings.port + PORTS if settings.port else 1
    for port in range(settings.port, min(last, 65536)):
        try:
            return _Server((settings.host, port), handler)
        except OSError as error:
            problem = error
    raise problem


def _handler(
    about: Mapping[str, Any], metrics: Callable[[], bytes], probes: Mapping[str, Probe]
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "newswire"
        sys_version = ""
        timeout = 10.0  # seconds; a client that says nothing does not hold a thread for ever

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/metrics":
                self._send(200, metrics(), CONTENT_TYPE)
            elif path in probes:
                answer = probes[path]()
                body = dict(about) | {"ok": answer.ok, "checks": dict(answer.checks)}
                self._send(200 if answer.ok else 503, json.dumps(body).encode(), "application/json")
            else:
                paths = ", ".join(["/metrics", *probes])
                self._send(404, json.dumps({"error": f"here are {paths}"}).encode(), "application/json")

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            log.debug(format, *args)

    return Handler
