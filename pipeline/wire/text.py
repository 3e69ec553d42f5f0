"""Plain text -> WireArticle.

The first line may give the date: ` date 2022-02-26 Text of the first paragraph ...`; the article then begins after
it. Otherwise the body is the text as delivered, with four exceptions: a byte-order mark is dropped, line ends become
LF, control characters other than tab become spaces (one for one; those from U+0080 to U+009F what they are in
Windows-1252), and a NUL is refused. A newline at the end stays.

The article id is a digest of the characters (date line included, white space around them not), so that the same
file pushed twice is one article, whatever its line ends or `--date` were.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from pipeline import identity
from pipeline.article import WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire.context import Context
from pipeline.wire.fields import checked
from pipeline.wire.moments import moment

FORMAT: Final = "text"

BYTE_ORDER_MARKS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WHITE_SPACE = re.compile(r"\s*")
DATE_LINE: Final = re.compile(
    r"\s{0,20}date[ \t]+(\d{4}-\d{2}-\d{2}(?:T[\d:.]{4,15}(?:Z|[+-]\d{2}:?\d{2}))?)(?=\s|\Z)", re.I
)


def decode(data: bytes) -> str:
    """The characters of a text: UTF-8, or what its byte-order mark says.

    Raises:
        Poison: `wire.encoding`, naming the offset of the first byte that does not fit.
    """
    encoding = "utf-8"
    start = 0
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            encoding, start = name, len(mark)
            break
    try:
        return str(memoryview(data)[start:], encoding)
    except UnicodeDecodeError as error:
        offset = start + error.start
        byte = data[offset : offset + 1].hex()
        raise Poison(
            Code.WIRE_ENCODING,
            f"text: byte 0x{byte} at offset {offset} is not {encoding.upper()}",
            hint="convert it first, e.g. iconv -f windows-1252 -t utf-8",
        ) from error


def read(data: bytes, context: Context) -> list[WireArticle]:
    """The one article of a plain text.

    Raises:
        Poison: `wire.encoding`, `wire.hostile` (NUL), `wire.no-date`, `wire.field` (no date of the
            calendar), `wire.empty`.
    """
    text = checked(decode(data), "text")
    uri = identity.text_uri(text.strip())
    begin = 0
    found = DATE_LINE.match(text)
    if found:
        created = moment(found[1], field="date")
        begin = _WHITE_SPACE.match(text, found.end()).end()  # type: ignore[union-attr]
    elif context.default_date is not None:
        created = moment(context.default_date, field="date")
    else:
        raise Poison(
            Code.WIRE_NO_DATE,
            "date: the first line has none; it would read ` date YYYY-MM-DD Text...`",
            hint="give one with --date YYYY-MM-DD",
        )
    body = text[begin:]  # one copy and no more: a text may be large, and four bytes a character
    if not body or body.isspace():
        raise Poison(Code.WIRE_EMPTY, "text: no text besides the date" if found else "text: empty")
    return [WireArticle(uri=uri, versionCreated=created, body=body, wireFormat=FORMAT)]
