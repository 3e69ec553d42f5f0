"""An HTTP server that answers as Kibana's documentation of its import says: no Kibana runs where this is tested.

It checks what Kibana checks (the header against forged requests, the user, the file's name, that every reference
leads somewhere), keeps what is imported, and records each request.
"""

from __future__ import annotations

import base64
import email
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

NOT_READY = "Kibana server is not ready yet"
SUGGESTIONS = "autocomplete:valueSuggestionMethod"


@dataclass
class Kibana:
    """What it is told to be, and what it has seen."""

    url: str = ""
    user: str | None = None  # "name:password"
    starting: int = 0  # requests that are answered by 503 before it is up
    space: str = ""
    overridden: dict[str, str] = field(default_factory=dict)  # advanced settings that its kibana.yml holds
    answer: tuple[int, bytes] | None = None  # to every import, instead of a real one
    redirect: str = ""
    unknown_types: frozenset[str] = frozenset()
    settings: dict[str, str] = field(default_factory=dict)
    objects: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str, Message]] = field(default_factory=list)

    def imported(self, lines: bytes, *, overwrite: bool) -> dict[str, Any]:
        """The answer to an import, as the API reference has it."""
        read = [json.loads(line) for line in lines.splitlines() if line.strip()]
        known = {(each["type"], each["id"]) for each in read} | set(self.objects)
        errors, results = [], []
        for each in read:
            name = (each["type"], each["id"])
            missing = [
                {"type": ref["type"], "id": ref["id"]}
                for ref in each["references"]
                if (ref["type"], ref["id"]) not in known
            ]
            error: dict[str, Any] | None = None
            if each["type"] in self.unknown_types:
                error = {"type": "unsupported_type"}
            elif missing:
                error = {"type": "missing_references", "references": missing}
            elif name in self.objects and not overwrite:
                error = {"type": "conflict"}
            if error:
                errors.append({"type": name[0], "id": name[1], "meta": {}, "error": error})
                continue
            results.append(
                {"type": name[0], "id": name[1], "meta": {}} | ({"overwrite": True} if name in self.objects else {})
            )
            self.objects[name] = each
        found: dict[str, Any] = {"successCount": len(results), "success": not errors, "warnings": []}
        return found | ({"errors": errors} if errors else {}) | ({"successResults": results} if results else {})

    def paths(self) -> list[str]:
        return [f"{method} {path}" for method, path, _ in self.requests]


def _handler(kibana: Kibana) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            kibana.requests.append((self.command, self.path, self.headers))
            if kibana.redirect:
                self._send(302, b"", location=kibana.redirect)
            elif kibana.starting:
                kibana.starting -= 1
                self._send(503, NOT_READY.encode(), kind="text/plain")
            elif kibana.user is not None and self.headers.get("Authorization") != _basic(kibana.user):
                self._error(401, "Unauthorized", "[security_exception]: unable to authenticate user")
            elif self.command == "POST" and not self.headers.get("kbn-xsrf"):
                self._error(400, "Bad Request", "Request must contain a kbn-xsrf header.")
            else:
                self._route(body)

        def _route(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            prefix = f"/s/{kibana.space}" if kibana.space else ""
            if not parts.path.startswith(f"{prefix}/"):
                self._error(404, "Not Found", "Not Found")
            elif parts.path == f"{prefix}/api/saved_objects/_import" and self.command == "POST":
                self._import(body, overwrite=parse_qs(parts.query).get("overwrite") == ["true"])
            elif parts.path == f"{prefix}/internal/kibana/settings":
                self._settings(body)
            else:
                self._error(404, "Not Found", "Not Found")

        def _import(self, body: bytes, *, overwrite: bool) -> None:
            if kibana.answer is not None:
                self._send(*kibana.answer)
                return
            head = b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n"
            part: Any = email.message_from_bytes(head + body).get_payload(0)
            assert part.get_param("name", header="Content-Disposition") == "file"
            if not str(part.get_filename()).endswith(".ndjson"):
                self._error(400, "Bad Request", f"Invalid file extension {part.get_filename()}")
                return
            self._send(200, json.dumps(kibana.imported(part.get_payload(decode=True), overwrite=overwrite)).encode())

        def _settings(self, body: bytes) -> None:
            if not self.headers.get("x-elastic-internal-origin"):
                self._error(
                    400, "Bad Request", f"uri [{self.path}] with method [{self.command}] exists but is not available"
                )
                return
            changes = json.loads(body)["changes"] if body else {}
            for name in changes:
                if name in kibana.overridden:
                    self._error(400, "Bad Request", f'Unable to update "{name}" because it is overridden')
                    return
            kibana.settings |= changes
            found: dict[str, Any] = {name: {"userValue": value} for name, value in kibana.settings.items()}
            found |= {name: {"userValue": value, "isOverridden": True} for name, value in kibana.overridden.items()}
            self._send(200, json.dumps({"settings": found}).encode())

        def _error(self, status: int, error: str, message: str) -> None:
            self._send(status, json.dumps({"statusCode": status, "error": error, "message": message}).encode())

        def _send(self, status: int, body: bytes, *, kind: str = "application/json", location: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


def _basic(user: str) -> str:
    return f"Basic {base64.b64encode(user.encode()).decode()}"


@contextmanager
def serving(**options: Any) -> Iterator[Kibana]:
    """A server on a free port of loopback, ended afterwards."""
    kibana = Kibana(**options)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(kibana)) as server:
        kibana.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield kibana
        finally:
            server.shutdown()
            thread.join()
