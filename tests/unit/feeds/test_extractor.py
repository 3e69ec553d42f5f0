"""The process that extracts text from pages: what it gives, and that no page can hold it up."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from pipeline.errors import Transient
from pipeline.feeds.pages import Extractor

GUARD = 120.0  # seconds: against hanging, not a measurement
PAGE = "<html><body><nav>Home</nav><article>{}</article></body></html>"
PARAGRAPHS = [
    f"<p>The ferry sailed again on Monday, the {who} said to those who waited.</p>" for who in ("mayor", "crew")
]


def test_texts_come_in_order_and_a_killed_process_is_replaced() -> None:
    async def run() -> None:
        extractor = Extractor(timeout=GUARD)
        page = PAGE.format("".join(PARAGRAPHS)).encode()
        text = await extractor.extract(page, "a")
        assert text.split("\n\n") == [paragraph[3:-4] for paragraph in PARAGRAPHS]
        assert await extractor.extract(b"", "b") == ""
        assert await extractor.extract(b"\xff\x00\x00<p>", "c") == ""
        assert (await extractor.extract(b"<div>" * 20_000 + page, "d")).count("ferry") in (0, 2)
        assert extractor._process is not None
        os.kill(extractor._process.pid, signal.SIGKILL)
        with pytest.raises(Transient, match="ended the process"):
            await extractor.extract(page, "e")
        assert await extractor.extract(page, "f") == text
        os.kill(extractor._process.pid, signal.SIGSTOP)  # stands for a page that never ends
        extractor._timeout = 0.3
        with pytest.raises(Transient, match=r"in 0\.3 s"):
            await extractor.extract(page, "g")
        extractor._timeout = GUARD
        assert await asyncio.gather(*(extractor.extract(page, "h") for _ in range(3))) == [text] * 3
        await extractor.close()

    asyncio.run(run())
