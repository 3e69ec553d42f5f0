"""Plain text: the date line, what is kept to the letter, and what is refused."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.errors import Code, Poison
from pipeline.wire import parse
from tests.unit.wire.conftest import One

STORY = " date 2024-05-30 The mayor of Port Arden said late Wednesday she would resign.\n\n“I am tired,” she said.\n"
BODY = "The mayor of Port Arden said late Wednesday she would resign.\n\n“I am tired,” she said.\n"


def test_the_date_line_gives_the_date_and_the_rest_is_kept_exactly(one: One) -> None:
    article = one(STORY)
    assert article.body == BODY
    assert article.versionCreated == "2024-05-30"
    assert article.headline is None
    assert article.wireFormat == "text"


@pytest.mark.parametrize(
    "variant",
    [
        STORY.replace("\n", "\r\n").encode(),
        STORY.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + STORY.encode(),
        b"\xff\xfe" + STORY.encode("utf-16-le"),
        b"\xfe\xff" + STORY.encode("utf-16-be"),
        b"\xff\xfe\x00\x00" + STORY.encode("utf-32-le"),
        STORY.encode() + b"\n\n",
    ],
    ids=["crlf", "cr", "bom", "utf-16-le", "utf-16-be", "utf-32-le", "blank lines at the end"],
)
def test_line_ends_and_encoding_do_not_make_another_article(one: One, variant: bytes) -> None:
    article = one(variant)
    assert article.uri == one(STORY).uri
    assert article.body.rstrip("\n") == BODY.rstrip("\n")


def test_another_text_and_another_day_are_other_articles(one: One) -> None:
    uris = {one(STORY).uri, one(STORY + "More.").uri, one(STORY.replace("05-30", "05-31")).uri}
    assert len(uris) == 3


def test_a_date_alone_on_its_line_leaves_no_blank_lines_before_the_text(one: One) -> None:
    assert one("date 2024-05-30\n\nText.").body == "Text."


def test_without_a_date_line_the_default_date_counts_and_the_id_does_not_depend_on_it(one: One) -> None:
    first, second = one(BODY, default_date="2024-05-30"), one(BODY, default_date="2024-05-31")
    assert (first.body, first.versionCreated) == (BODY, "2024-05-30")
    assert first.uri == second.uri


def test_the_word_date_in_the_text_is_no_date_line(one: One) -> None:
    body = "Dates matter. date 2024-01-01 is one."
    assert one(body, default_date="2024-05-30").body == body


def test_controls_become_spaces_one_for_one(one: One) -> None:
    assert one("date 2024-05-30 a\x07b\tc\x1bd").body == "a b\tc d"


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (BODY.encode(), Code.WIRE_NO_DATE, "--date"),
        (b"date 2024-05-30 caf\xe9 closed", Code.WIRE_ENCODING, "0xe9 at offset 19"),
        (b"date 2024-05-30 a\0b", Code.WIRE_HOSTILE, "NUL"),
        (b"date 2024-02-30 Text.", Code.WIRE_FIELD, "2024-02-30"),
        (b"date 1969-12-31 Text.", Code.WIRE_DATE_RANGE, "1969-12-31"),
        (b"date 9999-12-31 Text.", Code.WIRE_DATE_RANGE, "9999-12-31"),
        (b"date 2024-05-30 \n \n", Code.WIRE_EMPTY, "besides the date"),
        (b"  \n", Code.WIRE_EMPTY, "empty"),
        (b"", Code.WIRE_EMPTY, "empty"),
    ],
)
def test_what_is_refused_names_the_file_and_the_value(now: datetime, data: bytes, code: Code, words: str) -> None:
    with pytest.raises(Poison) as refused:
        parse(data, name="story.txt", now=now)
    assert refused.value.code == code
    assert refused.value.message.startswith("story.txt: ")
    assert words in f"{refused.value.message} {refused.value.hint}"


def test_tomorrow_is_accepted_for_the_zones_that_are_ahead(one: One) -> None:
    assert one("date 2024-06-02 Text.").versionCreated == "2024-06-02"
