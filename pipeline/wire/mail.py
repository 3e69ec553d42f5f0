"""E-mail (RFC 5322 and MIME) -> WireArticle: subject, sender, date and text; attachments are passed over.

The article id is the Message-ID as a `mid:` address (RFC 2392). The plain text counts, or the HTML as text where
there is none; of alternatives one, of other parts all. A signature under "-- " is cut off.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from typing import Final

from pipeline import identity
from pipeline.article import WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import fields, teletype
from pipeline.wire.context import Context
from pipeline.wire.fields import line
from pipeline.wire.html import to_text
from pipeline.wire.moments import moment

FORMAT: Final = "email"

_HEADER_LENGTH: Final = 4000
_PARTS: Final = 200
_LEVELS: Final = 30  # each makes the reading of every line slower
# codecs of Python's own: escapes, and names of hosts, which take a time that grows with the square of the length
_NO_CHARSETS: Final = fields.words("idna punycode unicode-escape raw-unicode-escape undefined")
_BOUNDARY = re.compile(rb"\bboundary(?:\*\d{0,2}\*?)?\s{0,3}=", re.I)
_META_CHARSET = re.compile(rb"<meta\b[^>]{0,100}?\bcharset\s?=\s?[\"']?([A-Za-z0-9_-]{3,30})", re.I)
_SOFT_BREAK = re.compile(r"(?<!\n--) \n")  # but not the mark of a signature
_SIGNATURE = re.compile(r"(?:\A|\n)-- ?\n")
_MANY_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_HEADER_LINE = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]?")
_USUAL: Final = fields.words(
    "from date subject message-id received mime-version return-path delivered-to to content-type sender reply-to "
    "x-received dkim-signature"
)


def looks_like(head: str) -> bool:
    """Whether a text begins as an e-mail does: header lines, at least two of them usual ones."""
    rows = head.lstrip().split("\n")
    if rows[0].startswith("From "):  # the first line of an mbox
        rows = rows[1:]
    usual: set[str] = set()
    for row in rows[:40]:
        found = _HEADER_LINE.match(row)
        if found is None:
            if row[:1] in (" ", "\t") and usual:
                continue
            break
        name = found[1].lower()
        if name in _USUAL:
            usual.add(name)
    return len(usual) >= 2


def read(data: bytes, context: Context) -> list[WireArticle]:
    """The article of a message.

    Raises:
        Poison: `wire.hostile` (NUL, too many lines or parts), `wire.field`, `wire.no-date`, `wire.empty`.
    """
    data = data.lstrip()
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
    fields.check_lines(data, "e-mail")
    if len(_BOUNDARY.findall(data)) > _LEVELS:
        raise Poison(Code.WIRE_HOSTILE, f"e-mail: more than {_LEVELS} levels of parts")
    try:
        message = message_from_bytes(data, policy=policy.compat32)
    except RecursionError as error:
        raise Poison(Code.WIRE_HOSTILE, "e-mail: parts nested too deeply") from error
    subject = _header(message, "Subject")
    body = _body(message)
    if not (body or subject):
        raise Poison(Code.WIRE_EMPTY, "e-mail: neither subject nor text")
    sender, address = parseaddr(_header(message, "From") or "")
    identifier = (_header(message, "Message-ID") or "").strip("<> ")
    keywords = (_header(message, "Keywords") or "").split(",")
    return [
        WireArticle(
            uri=f"mid:{identifier}" if identifier else identity.text_uri(f"{subject or ''}\n\n{body}".strip()),
            versionCreated=_created(message, context),
            body=body,
            headline=subject,
            language=fields.language(_header(message, "Content-Language")),
            by=line(sender) or line(address),
            source=line(_header(message, "Organization")) or line(address.rpartition("@")[2]),
            keywords=fields.unique(map(line, keywords)),
            wireFormat=FORMAT,
        )
    ]


def _header(message: Message, name: str) -> str | None:
    """A header's text, its encoded words decoded."""
    raw = message.get(name)
    if raw is None:
        return None
    written = str(raw)[:_HEADER_LENGTH]
    try:
        decoded = decode_header(written)
    except (HeaderParseError, ValueError):
        return line(written, name)
    found = []
    for part, charset in decoded:
        if isinstance(part, str):
            found.append(part)
            continue
        found.append(_characters(part, charset or "utf-8"))
    return line("".join(found).encode("utf-8", "replace").decode("utf-8"), name)


def _created(message: Message, context: Context) -> str:
    written = _header(message, "Date") or context.default_date
    if not written:
        raise Poison(Code.WIRE_NO_DATE, "Date: missing", hint="use --date")
    return moment(re.sub(r"\s*\([^()]{0,40}\)\s*\Z", "", written), field="Date")


def _body(message: Message) -> str:
    plain: dict[int, str] = {}
    markup: dict[int, str] = {}
    for number, (part, group) in enumerate(_parts(message)):
        if number > _PARTS:
            raise Poison(Code.WIRE_HOSTILE, f"e-mail: more than {_PARTS} parts")
        kind = part.get_content_type()
        if kind == "text/plain" and group not in plain:
            text = _without_signature(_unflowed(_decoded(part), part))
            if text:
                plain[group] = text
        elif kind == "text/html" and group not in markup:
            markup[group] = _decoded(part)
    if plain:
        return "\n\n".join(plain.values())
    return _without_signature("\n\n".join(filter(None, map(to_text, markup.values()))))


def _parts(message: Message) -> Iterator[tuple[Message, int]]:
    """The parts that are no attachments, in order; those that are alternatives of each other have the same number."""
    todo: list[tuple[Message, int]] = [(message, 0)]
    groups = 0
    while todo:
        part, group = todo.pop()
        if part is not message and part.get_content_disposition() == "attachment":
            continue
        if part.is_multipart():
            inner = [each for each in part.get_payload() if isinstance(each, Message)]
            if group == 0 and part.get_content_type() == "multipart/alternative":
                groups += 1
                group = groups
            todo.extend((each, group) for each in reversed(inner))
        elif group:
            yield part, group
        else:
            groups += 1
            yield part, groups


def _unflowed(text: str, part: Message) -> str:
    """The lines of `format=flowed` (RFC 3676) joined: one that ends in a space goes on in the next."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    joint = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
    return "\n".join(row[1:] if row.startswith(" ") else row for row in _SOFT_BREAK.sub(joint, text).split("\n"))


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset()
    if charset is None and part.get_content_type() == "text/html":
        found = _META_CHARSET.search(payload[:1024])
        charset = found[1].decode("ascii") if found else None
    return fields.checked(_characters(payload, charset or "utf-8"), "text")


def _characters(data: bytes, charset: str) -> str:
    try:
        if codecs.lookup(charset).name not in _NO_CHARSETS:
            return data.decode(charset)
    except (LookupError, ValueError):  # unknown, or these bytes are not in it
        pass
    return teletype.decode(data)


def _without_signature(text: str) -> str:
    found = _SIGNATURE.search(text)
    if found:
        text = text[: found.start()]
    return _MANY_BLANK_LINES.sub("\n\n", text).strip()
