"""A fixed moment, and parsers called with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.article import WireArticle
from pipeline.wire import parse

NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2] / "fixtures" / "wire"

One = Callable[..., WireArticle]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def one() -> One:
    """Parse something that holds one article."""

    def parse_one(data: bytes | str, **options: str | None) -> WireArticle:
        raw = data.encode() if isinstance(data, str) else data
        (article,) = parse(raw, now=NOW, **options)  # type: ignore[arg-type]
        return article

    return parse_one
