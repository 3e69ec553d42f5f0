"""Any bytes in any format: articles or a refusal, never another exception. What was read survives our own JSON."""

from __future__ import annotations

import gzip
import json
import random
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import codec
from pipeline.article import WireArticle
from pipeline.errors import Code, NewswireError, Poison
from pipeline.wire import FORMATS, dateline, embargo_words, parse_each, registry
from pipeline.wire.html import to_text
from pipeline.wire.moments import embargo, moment
from tests.unit.wire.conftest import FIXTURES, NOW
from tests.unit.wire.hostile import zipped
from tests.unit.wire.test_ninjs import ONE, TWO, camel
from tests.unit.wire.test_teletype import ANPA, IPTC

SEEDS = {
    "newsml-g2": (FIXTURES / "newsml-g2-message.xml").read_bytes(),
    "newsml-1": (FIXTURES / "newsml-1.xml").read_bytes(),
    "nitf": (FIXTURES / "nitf.xml").read_bytes(),
    "ritzau": (FIXTURES / "ritzau.xml").read_bytes(),
    "rss": (FIXTURES / "rss.xml").read_bytes(),
    "atom": (FIXTURES / "atom.xml").read_bytes(),
    "email": (FIXTURES / "mail.eml").read_bytes(),
    "iptc7901": IPTC,
    "anpa": ANPA,
    "ninjs": json.dumps(ONE).encode(),
    "ninjs 2": json.dumps(TWO).encode(),
    "ninjs 3": json.dumps(camel(TWO)).encode(),
    "jsonl": b'{"uri": "a", "versionCreated": "2024-05-30", "body": "x"}\n' + json.dumps(ONE).encode() + b"\n",
    "text": " date 2024-05-30 PORT ARDEN, May 30 (Exa) - “Text”.\n\nEMBARGOED UNTIL 6 p.m.".encode(),
    "zip": zipped(b" date 2024-05-30 Text.", "a.txt"),
    "gzip": gzip.compress(b" date 2024-05-30 Text."),
}
PIECES = [
    b"", b"\0", b"<", b">", b"&", b"]]>", b"<!--", b'"', b"{", b"[", b"\n", b"\r\n", b"\x01", b"\x02", b"\x03", b"=",
    b"\xff", b"\xe9", b"9999", b"-1", b"null", b"[[]]", b"{}", b"KILL", b"EMBARGOED UNTIL ", b"T25:61", b"&#x0;",
    b":", b"<p>", b"</p>", b"xmlns=''", b"\xf0\x9f\x9a\xa2", b"\\ud800", b"1e999", b"2024-05-30", b"stat:canceled",
    b"charset=idna", b"=?punycode?q?a?=",
]  # fmt: skip

PATIENT = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


SECONDS = 5.0  # of the processor, for a delivery of some kilobytes


def check(data: bytes, format: str) -> None:
    begin = time.thread_time()
    _check(data, format)
    assert time.thread_time() - begin < SECONDS


def _check(data: bytes, format: str) -> None:
    for result in parse_each(data, format=format, name="fuzz", now=NOW):
        if isinstance(result, Poison):
            assert result.message.startswith("fuzz")
            assert result.code != Code.WORKER_BUG
            continue
        assert codec.decode_wire(codec.encode(result)) == result
        assert result.uri.strip()
        assert "\0" not in result.body


@pytest.mark.parametrize("format", FORMATS)
@PATIENT
@given(data=st.binary(max_size=400))
def test_any_bytes(format: str, data: bytes) -> None:
    check(data, format)


@pytest.mark.parametrize("seed", SEEDS)
@PATIENT
@given(number=st.integers(min_value=0))
def test_damaged_deliveries(seed: str, number: int) -> None:
    """A delivery with pieces cut out, doubled, swapped or replaced by what is likely to hurt."""
    chance = random.Random(number)
    data = bytearray(SEEDS[seed])
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 2, 5, 20, 200)))
        other = chance.randrange(len(data) + 1)
        data[start:end] = chance.choice((chance.choice(PIECES), bytes(data[other : other + 30]), b""))
    check(bytes(data), "auto")
    check(bytes(data), chance.choice(FORMATS))


def test_a_bug_of_ours_costs_one_item_of_a_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the items beside it nor the files after it, whether a reader fails or what follows it."""
    good, bad = b'{"uri": "good", "versioncreated": "2024-05-30", "body_text": "x"}', b" date 2024-05-30 Text."
    monkeypatch.setitem(registry.READERS, "text", lambda data, context: [][0])
    (failed,) = parse_each(bad, name="fuzz", now=NOW)
    assert isinstance(failed, Poison)
    assert (failed.code, failed.message) == (
        Code.WORKER_BUG,
        "fuzz: a bug of ours: IndexError: list index out of range",
    )
    find = dateline.find
    monkeypatch.setattr(dateline, "find", lambda body, **rest: find(body, **rest) if body == "x" else 1 / 0)
    items = b"[" + good.replace(b'"x"', b'"y"') + b"," + good + b"]"
    refused, article = parse_each(items, name="fuzz", now=NOW)
    assert isinstance(refused, Poison)
    assert refused.code == Code.WORKER_BUG
    assert isinstance(article, WireArticle)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_undamaged_ones_give_articles(seed: str) -> None:
    results = list(parse_each(SEEDS[seed], now=NOW))
    assert any(isinstance(each, WireArticle) for each in results)


@pytest.mark.parametrize("seed", SEEDS)
def test_cut_off_anywhere(seed: str) -> None:
    data = SEEDS[seed]
    for end in range(0, len(data), max(1, len(data) // 200)):
        check(data[:end], "auto")


@PATIENT
@given(text=st.text(max_size=300))
def test_any_text(text: str) -> None:
    to_text(text.replace("\0", ""))
    dateline.parse(text)
    found = dateline.find(text, reference=NOW.date())
    assert found is None or (0 <= found.start < found.end <= len(text))
    for words in (text, "EMBARGOED UNTIL " + text, "EMBARGO: " + text):
        for created in ("2024-05-30", "2024-05-30T10:00:00Z", "2024-05-30T10:00:00+02:00"):
            said = embargo_words.find(words, created=created, anywhere=True)
            if said is not None and said.until is not None:
                datetime.fromisoformat(said.until).astimezone(UTC)
    for reader in (moment, embargo):
        try:
            datetime.fromisoformat(reader(text, field="x"))
        except NewswireError as refusal:
            assert refusal.message.startswith("x: ")


TIMES = st.from_regex(
    r"\d{1,4}[-/. ]?([A-Z][a-z]{2}|\d{1,2})[-/. ]\d{1,4}(T| )?\d{0,4}:?\d{0,2}(Z|[+-]\d{2}:?\d{2}|EST)?",
    fullmatch=True,
)


@PATIENT
@given(text=TIMES)
def test_anything_like_a_time(text: str) -> None:
    test_any_text.hypothesis.inner_test(text)  # type: ignore[attr-defined]
