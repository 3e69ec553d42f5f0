"""E-mail."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.article import WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import parse
from tests.unit.wire.conftest import FIXTURES, One

MAIL = (FIXTURES / "mail.eml").read_bytes()


def test_every_field(one: One) -> None:
    assert one(MAIL) == WireArticle(
        uri="mid:77.ferry@exa.example",
        versionCreated="2024-05-30T18:20:00+02:00",
        body="Die Fähre fährt wieder.\n\nAm Freitag geht es los.",
        headline="Fähre nach Arden fährt wieder",
        language="de",
        by="Ana Pinto",
        source="exa.example",
        keywords=("ferry", "sea"),
        wireFormat="email",
    )


def test_html_counts_where_there_is_no_plain_text(one: One) -> None:
    assert one(MAIL.replace(b"text/plain; charset=iso-8859-1", b"text/x-other")).body == "Die andere Fassung."


def test_crlf_and_no_mbox_line(one: One) -> None:
    assert one(MAIL.partition(b"\n")[2].replace(b"\n", b"\r\n")) == one(MAIL)


def test_a_text_with_a_colon_is_no_mail(one: One) -> None:
    article = one("Note: this is text.\nDate: unknown.\n\nMore.", default_date="2024-05-30")
    assert article.wireFormat == "text"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (b"Date: Thu, 30 May 2024", b"X-Date: Thu, 30 May 2024", Code.WIRE_NO_DATE),
        (b"Date: Thu, 30 May 2024", b"Date: someday", Code.WIRE_FIELD),
        (b"30 May 2024 18:20:00 +0200 (CEST)", b"30 May 2099 18:20:00 +0200", Code.WIRE_DATE_RANGE),
        (b"=FChrt", b"=00", Code.WIRE_HOSTILE),
    ],
)
def test_refusals(now: datetime, before: bytes, after: bytes, code: Code) -> None:
    changed = MAIL.replace(before, after) if before in MAIL else MAIL.replace(b"f=E4hrt", b"f=00hrt")
    with pytest.raises(Poison) as refused:
        parse(changed, name="desk.eml", now=now)
    assert refused.value.code == code


def test_too_many_lines_and_parts(now: datetime) -> None:
    head = b"From: a@b.example\nDate: Thu, 30 May 2024 10:00:00 GMT\nSubject: s\n"
    with pytest.raises(Poison, match="lines"):
        parse(head + b"\n" + b"a\n" * 3_000_000, now=now)
    parts = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n\n" * 500 + b"--b--\n"
    with pytest.raises(Poison, match="parts"):
        parse(head + parts, now=now)


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "undefined", "zip", "x-nonsense", "utf\u00ad8"]
)
def test_what_is_no_charset_is_read_as_the_usual_ones(one: One, charset: str) -> None:
    mail = f"From: a@b.example\nDate: Thu, 30 May 2024 10:00:00 GMT\nSubject: =?{charset}?q?caf=C3=A9?=\n"
    mail += f"Content-Type: text/plain; charset={charset}\n\ncaf\\u00e9 café"
    article = one(mail.encode(), format="email")
    assert article.body == "caf\\u00e9 café"
    assert "caf" in (article.headline or "")
