"""Parsing speed of every wire format, beside a bare parse of the same bytes in the same run.

    python -m tests.benchmarks.wire_speed [FOLDER] [--seconds 1.0] [--json]

Without a folder: the fixtures of the tests. The bare parse is what any reader must do at least: lxml's for XML, the
standard library's `json` and `email` for theirs, and decoding UTF-8 for text. Seconds are those of the processor, the
best of five runs, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import email
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from pipeline.article import WireArticle
from pipeline.wire import parse_each

FIXTURES = Path(__file__).parents[1] / "fixtures" / "wire"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
RUNS = 5


def bare(data: bytes, format: str) -> Callable[[], object]:
    """The least that reading the format takes."""
    if format in ("newsml-g2", "newsml-1", "nitf", "rss", "atom", "ritzau"):
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return lambda: etree.fromstring(data, parser)
    if format == "ninjs":
        return lambda: json.loads(data)
    if format == "email":
        return lambda: email.message_from_bytes(data)
    return lambda: data.decode("utf-8", "replace")


def seconds_each(work: Callable[[], object], least: float) -> float:
    """Processor seconds of one call, the best of five runs of at least `least` seconds together."""
    count = 1
    while True:
        begin = time.process_time()
        for _ in range(count):
            work()
        spent = time.process_time() - begin
        if spent > least / RUNS / 4:
            break
        count *= 2
    count = max(1, int(count * least / RUNS / max(spent, 1e-9)))
    best = float("inf")
    for _ in range(RUNS):
        begin = time.process_time()
        for _ in range(count):
            work()
        best = min(best, (time.process_time() - begin) / count)
    return best


def measure(name: str, data: bytes, least: float) -> dict[str, object] | None:
    """One row: articles/s, MB/s, and how many times the bare parse it takes."""
    found = [each for each in parse_each(data, now=NOW) if isinstance(each, WireArticle)]
    if not found or found[0].wireFormat is None:
        return None
    ours = seconds_each(lambda: list(parse_each(data, now=NOW)), least)
    theirs = seconds_each(bare(data, found[0].wireFormat), least)
    return {
        "file": name,
        "format": found[0].wireFormat,
        "bytes": len(data),
        "articles": len(found),
        "articles_per_second": round(len(found) / ours),
        "megabytes_per_second": round(len(data) / ours / 1e6, 1),
        "bare_megabytes_per_second": round(len(data) / theirs / 1e6, 1),
        "times_bare": round(ours / theirs, 1),
    }


def deliveries(folder: Path | None) -> list[tuple[str, bytes]]:
    """Names and bytes to measure."""
    if folder is not None:
        return [(file.name, file.read_bytes()) for file in sorted(folder.rglob("*")) if file.is_file()]
    from tests.unit.wire.test_fuzz import SEEDS

    return [(name, data) for name, data in SEEDS.items() if name not in ("zip", "gzip", "jsonl")]


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("folder", nargs="?", type=Path)
    arguments.add_argument("--seconds", type=float, default=1.0, help="for each measurement")
    arguments.add_argument("--json", action="store_true")
    options = arguments.parse_args()
    rows = [row for name, data in deliveries(options.folder) if (row := measure(name, data, options.seconds))]
    if options.json:
        print(json.dumps(rows))
        return
    print(f"{'delivery':44} {'format':10} {'KB':>6} {'articles/s':>11} {'MB/s':>7} {'bare MB/s':>10} {'times':>6}")
    for row in rows:
        print(
            f"{row['file']!s:44.44} {row['format']!s:10} {int(str(row['bytes'])) / 1000:6.1f} "
            f"{row['articles_per_second']!s:>11} {row['megabytes_per_second']!s:>7} "
            f"{row['bare_megabytes_per_second']!s:>10} {row['times_bare']!s:>6}"
        )


if __name__ == "__main__":
    main()
