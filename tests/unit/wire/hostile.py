"""Deliveries made to harm: each a name and the bytes, of about the size that is asked for.

Run as a program (`python -m tests.unit.wire.hostile FILE`) it parses a file in a process of its own and prints the
outcome, the seconds of the processor, and the growth of the peak memory in bytes.
"""

from __future__ import annotations

import gzip
import io
import json
import resource
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

XML = b'<?xml version="1.0"?>'
G2 = b'<newsItem guid="urn:x"><itemMeta><versionCreated>2024-05-30T10:00:00Z</versionCreated></itemMeta><contentMeta>'
G2_BODY = b"<headline>h</headline></contentMeta><contentSet><inlineXML>"
G2_END = b"</inlineXML></contentSet></newsItem>"
NINJS = b'{"uri": "urn:x", "versioncreated": "2024-05-30T10:00:00Z", '
MAIL = b"From: a@b.example\nDate: Thu, 30 May 2024 10:00:00 GMT\nSubject: s\n"
RSS = b"<rss version='2.0'><channel><title>t</title><pubDate>2024-05-30</pubDate>"


def fill(begin: bytes, unit: bytes, end: bytes, size: int) -> bytes:
    return begin + unit * (max(size - len(begin) - len(end), 0) // len(unit)) + end


def laughs(levels: int = 12) -> bytes:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(levels))
    return XML + b"<!DOCTYPE nitf [" + entities + b"]><nitf><body>&l%d;</body></nitf>" % (levels - 1)


def zipped(content: bytes, name: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def one_wide_character(size: int) -> bytes:
    # one character beyond the basic plane makes every character of a Python text four bytes wide
    return fill(" date 2024-05-30 \U0001f6a2 ".encode(), b"word ", b"", size)


CASES: dict[str, Callable[[int], bytes]] = {
    "xml bomb": lambda size: laughs(),
    "xml external entity": lambda size: (
        XML + b'<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/hostname">]><nitf><body>&x;</body></nitf>'
    ),
    "xml parameter entity": lambda size: (
        XML + b'<!DOCTYPE nitf [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><nitf/>'
    ),
    "xml deep": lambda size: fill(b"", b"<p>", b"", size),
    "xml empty elements": lambda size: fill(G2 + G2_BODY, b"<p/>", G2_END, size),
    "xml attributes": lambda size: fill(G2 + G2_BODY, b"<p a='' b=''/>", G2_END, size),
    "xml subjects": lambda size: fill(G2, b'<subject qcode="a:b"/>', G2_BODY + G2_END, size),
    "xml keywords": lambda size: fill(G2, b"<keyword>some keyword or other</keyword>", G2_BODY + G2_END, size),
    "xml paragraphs": lambda size: fill(G2 + G2_BODY, b"<p>" + b"Some words and more. " * 4 + b"</p>", G2_END, size),
    "xml one line": lambda size: fill(G2 + G2_BODY + b"<p>", b"words and ", b"</p>" + G2_END, size),
    "xml escaped html": lambda size: fill(G2 + G2_BODY, b"&lt;b&gt;", G2_END, size),
    "xml NUL": lambda size: fill(G2 + G2_BODY, b"words\0", G2_END, size),
    "xml unclosed": lambda size: fill(G2, b"<keyword>some keyword</keyword>", b"", size),
    "rss items": lambda size: fill(RSS, b"<item><title>t</title><guid>u:1</guid></item>", b"</channel></rss>", size),
    "json lists": lambda size: fill(b"[", b"[],", b"[]]", size),
    "json deep": lambda size: fill(b"", b"[", b"", size),
    "json keys": lambda size: b"{" + b",".join(b'"k%d":1' % n for n in range(size // 10)) + b"}",
    "json words": lambda size: fill(NINJS + b'"keywords": [', b'"ab",', b'"ab"]}', size),
    "json body": lambda size: fill(NINJS + b'"body_text": "', b"words and ", b'"}', size),
    "json html body": lambda size: fill(NINJS + b'"body_html": "', b"<b>ab", b'"}', size),
    "json html paragraphs": lambda size: fill(NINJS + b'"body_html": "', b"<p>a b c d e f g h</p>", b'"}', size),
    "json wide body": lambda size: fill(NINJS + b'"body_html": "\\ud83d\\udea2', b"<p>words and</p>", b'"}', size),
    "json escapes": lambda size: fill(NINJS + b'"body_text": "', b"\\u00e9", b'"}', size),
    "jsonl lines": lambda size: fill(b"", b'{"uri":1}\n', b"", size),
    "jsonl empty lines": lambda size: fill(b'{"uri":1}\n{"uri":2}', b"\n", b"", size),
    "text one line": lambda size: fill(b" date 2024-05-30 ", b"words and ", b"", size),
    "text no spaces": lambda size: fill(b" date 2024-05-30 ", b"(", b"", size),
    "text lines": lambda size: fill(b" date 2024-05-30 ", b"\n", b"x", size),
    "text crlf": lambda size: fill(b" date 2024-05-30 ", b"a\r\n", b"x", size),
    "text wide": one_wide_character,
    "text NUL": lambda size: fill(b" date 2024-05-30 ", b"a", b"\0", size),
    "text latin": lambda size: fill(b" date 2024-05-30 ", b"a", b"\xe9", size),
    "text dates": lambda size: fill(b" date ", b"2024-05-30 ", b"", size),
    "iptc7901 lines": lambda size: fill(b"\x01abc012 3 i 20\n\x02", b"a\n", b"\x03300920 GMT May 24\n\x04", size),
    "iptc7901 messages": lambda size: fill(b"", b"\x01", b"", size),
    "iptc7901 spaces": lambda size: fill(b"\x01abc012 3 i 20\n\x02", b"   x   y\n", b"\x03300920 GMT May 24", size),
    "anpa lines": lambda size: fill(b"\x16\x01a0077\x1fx\nu i\x13\x11 Ferry 05-30 0120\n\x02", b"^a<\n", b"", size),
    "mail lines": lambda size: fill(MAIL + b"\n", b"a\n", b"", size),
    "mail one header": lambda size: fill(MAIL + b"Keywords: ", b"=?utf-8?q?a", b"\n\nx", size),
    "mail headers": lambda size: fill(MAIL, b"X-A: b\n", b"\nx", size),
    "mail parts": lambda size: fill(MAIL + b"Content-Type: multipart/mixed; boundary=b\n\n", b"--b\nx\n", b"", size),
    "mail nested parts": lambda size: MAIL
    + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(min(size // 50, 3000))
    ),
    "gzip bomb": lambda size: gzip.compress(b"\0" * size * 20),
    "gzip of gzip of gzip": lambda size: gzip.compress(gzip.compress(gzip.compress(b"date 2024-05-30 x"))),
    "gzip cut off": lambda size: gzip.compress(b"words " * 1000)[:-20],
    "zip bomb": lambda size: zipped(b" " * size * 20),
    "zip path": lambda size: zipped(b"no date", "../../../../etc/passwd"),
    "zip many files": lambda size: b"PK\x03\x04" + b"PK\x01\x02" * 20_000,
    "zip in zip in zip": lambda size: zipped(zipped(zipped(b"date 2024-05-30 x"))),
    "year 1970": lambda size: b"date 1970-01-01 Text.",
    "year 0000": lambda size: b"date 0000-01-01 Text.",
    "year 9999": lambda size: b"date 9999-12-31 Text.",
    "embargo 9999": lambda size: NINJS + b'"body_text": "x", "embargoed": "9999-12-31T23:59:59-12:00"}',
}  # fmt: skip


def outcome(data: bytes) -> str:
    from pipeline.errors import Poison
    from pipeline.wire import parse

    try:
        return f"{len(parse(data, now=datetime(2024, 6, 1, tzinfo=UTC)))} articles"
    except Poison as refusal:
        return str(refusal.code)


def main() -> None:
    data = Path(sys.argv[1]).read_bytes()
    for small in (b"<nitf/>", NINJS + b'"body_html": "<p>x</p>"}', MAIL + b"\nx", zipped(b"x"), gzip.compress(b"x")):
        outcome(small)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    result = outcome(data)
    seconds = time.process_time() - begin
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print(json.dumps({"outcome": result, "seconds": seconds, "grown": grown}))


if __name__ == "__main__":
    main()
