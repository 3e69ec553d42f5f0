"""The process that extracts text from web pages: `python -m pipeline.feeds.extract_process SECONDS`.

Pages come on standard input, texts go to standard output, each as four bytes of length and then its bytes. A page of
others may make an extractor slow or greedy: the process has bounds of its own, and can be killed.
"""

from __future__ import annotations

import os
import resource
import signal
import struct
import sys
from typing import BinaryIO, Final

MEMORY_BYTES: Final = 2_000_000_000  # of address space, libraries included
LENGTH: Final = struct.Struct(">I")
GRACE: Final = 5  # seconds after which the process ends itself, if nobody else has ended it


def main(seconds: int) -> None:
    """Extract until standard input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between
    import trafilatura

    while (page := _read(sys.stdin.buffer)) is not None:
        signal.alarm(seconds + GRACE)
        text = _text(trafilatura, page)
        signal.alarm(0)
        answers.write(LENGTH.pack(len(text)) + text)
        answers.flush()


def _text(trafilatura: object, page: bytes) -> bytes:
    extract = trafilatura.extract  # type: ignore[attr-defined]
    try:
        found = extract(page, include_comments=False, include_tables=False, with_metadata=False)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError) as error:
        print(f"extraction: {type(error).__name__}: {error}", file=sys.stderr)
        return b""
    paragraphs = [" ".join(line.split()) for line in (found or "").splitlines()]
    return "\n\n".join(filter(None, paragraphs)).encode("utf-8", "replace")


def _read(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    page = stream.read(size)
    return page if len(page) == size else None


if __name__ == "__main__":
    main(int(sys.argv[1]))
