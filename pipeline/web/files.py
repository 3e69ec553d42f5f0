"""The files of the page, read once and served from memory with a tag of their content."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

FOLDER: Final = Path(__file__).parent / "static"
PAGES: Final = ("/", "/article")  # addresses of the page; which of them, its script reads
TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class File:
    """A file of the page."""

    name: str
    content_type: str
    plain: bytes
    packed: bytes
    tag: str

    async def serve(self, request: web.Request) -> web.Response:
        """The file, or 304 where the browser has it already."""
        headers = {"ETag": self.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if request.headers.get("If-None-Match") == self.tag:
            return web.Response(status=304, headers=headers)
        body = self.plain
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = self.packed, "gzip"
        return web.Response(body=body, content_type=self.content_type, charset="utf-8", headers=headers)


def files() -> Iterator[File]:
    """Every file of the folder."""
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in TYPES:
            plain = path.read_bytes()
            tag = f'"{hashlib.sha256(plain).hexdigest()[:24]}"'
            yield File(path.name, TYPES[path.suffix], plain, gzip.compress(plain, mtime=0), tag)


def routes() -> list[web.RouteDef]:
    """The addresses of the page and of its files."""
    found = {file.name: file for file in files()}
    page = found["index.html"]
    return [
        *(web.get(path, page.serve) for path in PAGES),
        *(web.get(f"/static/{name}", file.serve) for name, file in found.items() if name != page.name),
    ]
