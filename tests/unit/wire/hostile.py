"""Deliveries made to harm: each a name and the bytes, of about the size that is asked for.

Run as a program (`python -m tests.unit.wire.hostile BYTES NAME...`) it parses each case in a process of its own and
prints, a line of JSON a case, the outcome, the bytes, the seconds of the processor, the growth of the peak memory in
bytes, and what was opened, looked up or connected to meanwhile.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import stat
import sys
import tempfile
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
WORDS = b'"headline": "EMBARGOED UNTIL MONDAY 5 p.m. ET", "body_text": "x"}'
OURS = b'{"uri": "urn:x", "versionCreated": "2024-05-30T10:00:00Z", "body": "x", '
KILLED = OURS + b'"pubStatus": "canceled", '
MAIL = b"From: a@b.example\nDate: Thu, 30 May 2024 10:00:00 GMT\nSubject: s\n"
NITF_BEGIN = (
    b"<nitf><head><docdata><doc-id id-string='u:1'/><date.issue norm='20240530T100000Z'/></docdata></head>"
    b"<body><body.content><p>"
)
NITF_END = b"</p></body.content></body></nitf>"
NITF = NITF_BEGIN + b"%s" + NITF_END
ANPA_HEAD = b"\x16\x16\x01a0077\x1fx\nu i\x13\x11 Ferry 05-30 0120\n\x02^Ferry<\n"
RSS_ITEM = b"<item><title>t</title><guid>u:1</guid></item></channel></rss>"
RSS = b"<rss version='2.0'><channel><title>t</title><pubDate>2024-05-30</pubDate>"


def fill(begin: bytes, unit: bytes, end: bytes, size: int) -> bytes:
    return begin + unit * (max(size - len(begin) - len(end), 0) // len(unit)) + end


def laughs(levels: int = 12) -> bytes:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(levels))
    return XML + b"<!DOCTYPE nitf [" + entities + b"]><nitf><body>&l%d;</body></nitf>" % (levels - 1)


def zipped(content: bytes, name: str = "a.txt", *, mode: int = stat.S_IFREG | 0o644) -> bytes:
    out = io.BytesIO()
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = mode << 16
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry, content)
    return out.getvalue()


def overlapping(count: int = 500) -> bytes:
    """Many entries of the directory that all stand for one and the same compressed file."""
    one = zipped(b"0" * 1_000_000)
    start = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    directory = one[start:end] * count
    tail = bytearray(one[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = len(directory).to_bytes(4, "little")
    return one[:start] + directory + bytes(tail)


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
    "zip absolute path": lambda size: zipped(b"date 2024-05-30 x", "/etc/cron.d/x"),
    "zip windows path": lambda size: zipped(b"date 2024-05-30 x", "..\\..\\x.txt"),
    "zip symbolic link": lambda size: zipped(b"/etc/hostname", "link.txt", mode=stat.S_IFLNK | 0o777),
    "zip files on one another": lambda size: overlapping(),
    "zip says too little": lambda size: zipped(b" " * 100_000).replace((100_000).to_bytes(4, "little"), b"\1\0\0\0"),
    "zip cut off": lambda size: zipped(b"words " * 1000)[:-30],
    "zip in zip in zip": lambda size: zipped(zipped(zipped(b"date 2024-05-30 x"))),
    "xml entity in attribute": lambda size: (
        XML + b'<!DOCTYPE nitf [<!ATTLIST p a CDATA "&x;"><!ENTITY x "y">]><nitf><body><p/></body></nitf>'
    ),
    "xml external DTD": lambda size: (
        XML + b'<!DOCTYPE nitf SYSTEM "http://127.0.0.1:9/nitf.dtd">' + NITF % b"Text."
    ),
    "xml external DTD file": lambda size: XML + b'<!DOCTYPE nitf SYSTEM "file:///etc/hostname">' + NITF % b"Text.",
    "xml include": lambda size: (
        XML + NITF % b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname" parse="text"/>x'
    ),
    "xml stylesheet and schema": lambda size: (
        XML + b'<?xml-stylesheet href="http://127.0.0.1:9/x.xsl" type="text/xsl"?>' + NITF.replace(
            b"<nitf>",
            b'<nitf xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            b'xsi:noNamespaceSchemaLocation="http://127.0.0.1:9/x.xsd">',
        ) % b"Text."
    ),
    "xml picture": lambda size: XML + NITF % b'Text.<media><media-reference source="http://127.0.0.1:9/x"/></media>',
    "xml says UTF-8": lambda size: b'<?xml version="1.0" encoding="UTF-8"?>' + NITF % b"caf\xe9",
    "xml says UTF-16": lambda size: b'<?xml version="1.0" encoding="UTF-16"?>' + NITF % b"Text.",
    "xml says nonsense": lambda size: b'<?xml version="1.0" encoding="x-nonsense"?>' + NITF % b"Text.",
    "xml UTF-7": lambda size: b'<?xml version="1.0" encoding="UTF-7"?>' + NITF % b"+ADw-script+AD4-",
    "xml UTF-16 cut off": lambda size: (XML.decode() + (NITF % b"Text.").decode()).encode("utf-16")[:-1],
    "xml namespaces": lambda size: fill(b"", b'<a xmlns:b="c">', b"", size),
    "xml one name": lambda size: fill(b"<nitf><", b"a", b"/></nitf>", size),
    "xml one attribute": lambda size: fill(b"<nitf a='", b"a", b"'/>", size),
    "xml comment": lambda size: fill(XML + b"<!--", b"- ", b"-->" + NITF % b"Text.", size),
    "xml CDATA": lambda size: fill(XML + NITF_BEGIN + b"<![CDATA[", b"<p>&", b"]]>" + NITF_END, size),
    "newsml-1 items": lambda size: fill(b"<NewsML>", b"<NewsItem/>" + b" " * 60, b"</NewsML>", size),
    "newsml-1 items with topics": lambda size: fill(
        b"<NewsML><TopicSet>" + b'<Topic Duid="t1"/>' * 5000 + b"</TopicSet>",
        b"<NewsItem><NewsComponent><DescriptiveMetadata>" + b'<TopicOccurrence Topic="#t1"/>' * 9
        + b"</DescriptiveMetadata></NewsComponent></NewsItem>", b"</NewsML>", size,
    ),
    "newsml-g2 items with catalogs": lambda size: fill(
        b"<newsMessage><header><catalog>"
        + b"".join(b'<scheme alias="a%d" uri="u:%d"/>' % (n, n) for n in range(5000))
        + b"</catalog></header><itemSet>",
        b'<newsItem guid="g"><catalog><scheme alias="b" uri="u:"/></catalog><contentMeta>'
        b'<subject qcode="b:1"/></contentMeta></newsItem>', b"</itemSet></newsMessage>", size,
    ),
    "newsml-g2 headlines": lambda size: fill(
        b'<newsItem guid="g"><contentMeta>', b"<headline role='hld:x'>abcdefgh</headline>",
        b"</contentMeta></newsItem>", size,
    ),
    "mail flowed": lambda size: fill(
        MAIL + b"Content-Type: text/plain; format=flowed\n\n", b"word word \n", b"", size
    ),
    "text orders": lambda size: fill(b" date 2024-05-30 ", b"bitte Meldung die Nachricht ", b"", size),
    "embargoes 9999": lambda size: NINJS
    + b'"body_text": "x", "embargoed": "9999-12-31T23:59:59-12:00", "embargo": "2024-05-30T00:00:00Z"}',
    "atom entries": lambda size: fill(
        b"<feed><updated>2024-05-30</updated>", b"<entry><id>u:1</id><title>t</title></entry>", b"</feed>", size
    ),
    "json number": lambda size: fill(NINJS + b'"body_text": "x", "urgency": ', b"9", b"}", size),
    "json slug of spaces": lambda size: fill(OURS + b'"slugline": "a', b" ", b'b"}', size),
    "json killed slug of lines": lambda size: fill(KILLED + b'"slugline": "a', b"\\n", b'b"}', size),
    "json exponent": lambda size: NINJS + b'"body_text": "x", "urgency": 1e999}',
    "json half a pair": lambda size: NINJS + b'"body_text": "\\ud83d x"}',
    "json one key": lambda size: fill(b'{"', b"a", b'": 1}', size),
    "json same key": lambda size: fill(b"{", b'"uri": "u:1", ', b'"uri": "u:2"}', size),
    "json UTF-16": lambda size: (NINJS + b'"body_text": "x"}').decode().encode("utf-16"),
    "json Latin-1": lambda size: NINJS + b'"body_text": "caf\xe9"}',
    "mail punycode": lambda size: fill(MAIL + b"Content-Type: text/plain; charset=punycode\n\n", b"a-b9", b"", size),
    "mail idna": lambda size: fill(MAIL + b"Content-Type: text/plain; charset=idna\n\n", b"xn--a.", b"", size),
    "mail charset zip": lambda size: MAIL + b"Content-Type: text/plain; charset=zip\n\n" + b"x" * 100,
    "mail subject of punycode": lambda size: fill(MAIL + b"Subject: =?punycode?q?", b"a-b9", b"?=\n\nx", size),
    "mail base64": lambda size: fill(
        MAIL + b"Content-Transfer-Encoding: base64\n\n", b"d29yZHMgYW5kIHdvcmRzIGFuZCB3b3Jkcw==\n", b"", size
    ),
    "text UTF-16": lambda size: " date 2024-05-30 Text.".encode("utf-16"),
    "text UTF-16 cut off": lambda size: " date 2024-05-30 Text.".encode("utf-16")[:-1],
    "text UTF-16 without mark": lambda size: " date 2024-05-30 Text.".encode("utf-16-le"),
    "text kills": lambda size: fill(b" date 2024-05-30 ", b"KILL ", b"", size),
    "text embargoes": lambda size: fill(b" date 2024-05-30 ", b"EMBARGOED UNTIL ", b"", size),
    "text embargo of nines": lambda size: fill(b" date 2024-05-30 EMBARGOED UNTIL ", b"9", b"", size),
    "text dateline": lambda size: fill(b" date 2024-05-30 ", b"PORT ARDEN, ", b"", size),
    "text dashes": lambda size: fill(b" date 2024-05-30 ", b"A - ", b"", size),
    "text parentheses": lambda size: fill(b" date 2024-05-30 A ", b"(a", b"", size),
    "iptc7901 one line": lambda size: fill(b"\x01abc012 3 i 20\n\x02", b"a ", b"\x03300920 GMT May 24\n\x04", size),
    "iptc7901 headline": lambda size: fill(b"\x01abc012 3 i 20\n\x02", b"a =", b"\x03300920 GMT May 24\n\x04", size),
    "iptc7901 date line": lambda size: fill(b"\x01abc012 3 i 20\n\x02a=\nb\x03", b"300920 GMT ", b"", size),
    "anpa slug": lambda size: fill(b"\x16\x01a0077\x1fx\nu i\x13\x11 ", b"1st Ld ", b" 05-30 0120\n\x02b", size),
    "anpa headlines": lambda size: fill(ANPA_HEAD, b"^Eds: a <\n", b"\ttext\n\x03", size),
    "year 1970 rss": lambda size: RSS.replace(b"2024-05-30", b"Thu, 01 Jan 1970 00:00:00 GMT") + RSS_ITEM,
    "year 9999 rss": lambda size: RSS.replace(b"2024-05-30", b"9999-12-31") + RSS_ITEM,
    "year 9999 nitf": lambda size: (NITF % b"Text.").replace(b"20240530T100000Z", b"99991231T235959Z"),
    "year 9999 mail": lambda size: MAIL.replace(b"30 May 2024", b"31 Dec 9999") + b"\nText.",
    "year 9999 iptc7901": lambda size: b"\x01abc012 3 i 20\n\x02Text.\x03312359 GMT Dec 9999\n\x04",
    "year 1900 json": lambda size: NINJS.replace(b"2024-05-30", b"1900-01-01") + b'"body_text": "x"}',
    "first after last": lambda size: NINJS + b'"firstcreated": "2030-01-01T00:00:00Z", "body_text": "x"}',
    "embargo before the article": lambda size: NINJS + b'"embargoed": "1999-01-01T00:00:00Z", "body_text": "x"}',
    "embargo of nonsense": lambda size: NINJS + b'"embargoed": "soon", "body_text": "x"}',
    "released before issued": lambda size: (NITF % b"Text.").replace(
        b"</docdata>", b'<date.release norm="19990101T000000Z"/></docdata>'
    ),
    "no date": lambda size: (NITF % b"Text.").replace(b"<date.issue norm='20240530T100000Z'/>", b""),
    "31 February": lambda size: b"date 2024-02-31 Text.",
    "year 1970": lambda size: b"date 1970-01-01 Text.",
    "year 0000": lambda size: b"date 0000-01-01 Text.",
    "year 0001 and an embargo": lambda size: NINJS.replace(b"2024-05-30", b"0001-01-01") + WORDS,
    "year 9999 and an embargo": lambda size: NINJS.replace(b"2024-05-30", b"9999-12-31") + WORDS,
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
    except Exception as error:  # noqa: BLE001 - what no delivery may lead to
        return f"{type(error).__name__}: {error}"[:200]


TOUCHED: list[str] = []  # files and hosts, by the interpreter's own audit events
WATCHED = ("open", "socket.", "subprocess.Popen", "os.", "urllib.", "shutil.", "tempfile.")


def measured(name: str, file: Path) -> dict[str, object]:
    data = file.read_bytes()
    TOUCHED.clear()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    result = outcome(data)
    seconds = time.process_time() - begin
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    return {
        "case": name,
        "outcome": result,
        "bytes": len(data),
        "seconds": seconds,
        "grown": grown,
        "touched": TOUCHED.copy(),
    }


def watch(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(WATCHED):
        TOUCHED.append(f"{event} {arguments[:1]}"[:200])


def main() -> None:
    size = int(sys.argv[1])
    for small in (
        *(b"<nitf/>", NITF % b"Text.", NINJS + b'"body_html": "<p>x</p>"}', MAIL + b"\nx", zipped(b"x")),
        *(gzip.compress(b"x"), b"date 2024-05-30 x", MAIL + b"Subject: =?idna?q?x?=\n\nx", b"EMBARGOED UNTIL 6 p.m."),
        *(CASES[name](100) for name in sys.argv[2:]),
    ):
        outcome(small)  # every module is loaded
    sys.addaudithook(watch)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "delivery"
        for name in sys.argv[2:]:
            file.write_bytes(CASES[name](size))
            child = os.fork()  # a peak of its own, without the start of an interpreter
            if child == 0:
                try:
                    print(json.dumps(measured(name, file)), flush=True)
                finally:
                    os._exit(0)
            os.waitpid(child, 0)


if __name__ == "__main__":
    main()
