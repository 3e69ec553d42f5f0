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


HEAD = "From: Desk <a@b.example>\nDate: Thu, 30 May 2024 10:00:00 CEST\nSubject: s\n"


def parts(kind: str, *inside: str) -> str:
    return f"Content-Type: multipart/{kind}; boundary={kind}\n\n" + "".join(
        f"--{kind}\n{part}\n" for part in (*inside, "")
    ).replace(f"--{kind}\n\n", f"--{kind}--\n")


PLAIN = "Content-Type: text/plain; charset=utf-8\n\n{}"
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>{}</p>"
PICTURE = "Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Disposition: inline\n\nAAAA"
ATTACHED = "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nAttached."


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (parts("alternative", PLAIN.format("Plain."), HTML.format("Html.")), "Plain."),
        (parts("alternative", PLAIN.format(" "), HTML.format("Html.")), "Html."),
        (parts("mixed", PLAIN.format("One."), PICTURE, PLAIN.format("Two."), ATTACHED), "One.\n\nTwo."),
        (parts("mixed", HTML.format("One."), PICTURE, HTML.format("Two.")), "One.\n\nTwo."),
        (parts("mixed", parts("alternative", PLAIN.format("One."), HTML.format("Html.")), ATTACHED), "One."),
        (
            "Content-Type: text/plain; format=flowed\n\nThe ferry \nsails.\n\n More \nboats.\n\n-- \nDesk",
            "The ferry sails.\n\nMore boats.",
        ),
        ("Content-Type: text/plain; format=flowed; delsp=yes\n\nFerry \nboat", "Ferryboat"),
    ],
)
def test_which_parts_are_the_text(one: One, content: str, body: str) -> None:
    article = one(HEAD + content)
    assert (article.body, article.versionCreated) == (body, "2024-05-30T10:00:00+02:00")


@pytest.mark.parametrize(
    ("charset", "text"),
    [("koi8-r", "Паром"), ("windows-1256", "العبارة"), ("gb2312", "渡轮"), ("iso-2022-jp", "フェリー"),
     ("iso-8859-15", "3 €"), ("utf-7", "Fähre"), ("mac-roman", "Fähre")],
)  # fmt: skip
def test_old_charsets(one: One, charset: str, text: str) -> None:
    raw = f"{HEAD}Content-Type: text/plain; charset={charset}\n\n".encode() + text.encode(charset)
    assert one(raw).body == text


def test_html_may_name_its_charset_itself(one: One) -> None:
    html = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head><p>Паром</p>'
    assert one(f"{HEAD}Content-Type: text/html\n\n".encode() + html.encode("cp1251")).body == "Паром"
