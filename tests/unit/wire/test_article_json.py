"""Our own JSON and JSON lines."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from pipeline import codec
from pipeline.article import WireArticle
from pipeline.errors import Code, Poison, UserError
from pipeline.wire import FORMATS, format_of_content_type, parse, parse_each
from tests.unit.wire.conftest import One

ARTICLE = WireArticle(uri="urn:a", versionCreated="2024-05-30", body=" Kept \r\n exactly.\n", version="2")


def test_our_own_json_is_taken_as_it_is(one: One) -> None:
    assert one(codec.encode(ARTICLE)) == ARTICLE
    assert one(codec.encode(ARTICLE), format="article") == ARTICLE


def test_three_keys_are_enough(one: One) -> None:
    assert one('{"uri": "urn:b", "versionCreated": "2024-05-30", "body": "Text."}').body == "Text."


def test_json_with_a_body_and_other_keys_is_ninjs(one: One) -> None:
    article = one('{"uri": "urn:b", "versionCreated": "2024-05-30", "body": "Text.", "priority": 4}')
    assert (article.body, article.wireFormat) == ("Text.", "ninjs")


def test_lines_of_both_kinds_each_answered_for(now: datetime) -> None:
    ninjs = json.dumps({"uri": "urn:n", "versioncreated": "2024-05-30T10:00:00Z", "body_text": "N."}).encode()
    data = b"\n".join([codec.encode(ARTICLE), b"", ninjs, b"{broken", b'{"uri": 1}', b""])
    results = list(parse_each(data, name="day.jsonl", now=now))
    assert [each.uri for each in results if isinstance(each, WireArticle)] == ["urn:a", "urn:n"]
    refusals = [each.message for each in results if isinstance(each, Poison)]
    assert [message[:18] for message in refusals] == ["day.jsonl: line 4:", "day.jsonl: line 5:"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"uri": "", "versionCreated": "2024-05-30", "body": "x"}', Code.WIRE_NO_ID),
        (b'{"uri": "a", "versionCreated": "soon", "body": "x"}', Code.WIRE_FIELD),
        (b'{"uri": "a", "versionCreated": "2024-05-30", "body": "x", "embargoed": "soon"}', Code.WIRE_FIELD),
        (b'{"uri": "a", "versionCreated": 7, "body": "x"}', Code.RECORD_SCHEMA),
        (b'{"uri": "a", "versionCreated": "9999-01-01", "body": "x"}', Code.WIRE_DATE_RANGE),
    ],
)
def test_refusals(now: datetime, data: bytes, code: Code) -> None:
    with pytest.raises(Poison) as refused:
        parse(data, now=now)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("content_type", "format"),
    [
        ("application/json; charset=utf-8", "json"),
        ("Text/Plain", "auto"),
        (codec.WIRE_CONTENT_TYPE, "article"),
        ("application/x-ndjson", "jsonl"),
        ("image/png", None),
        ("", None),
    ],
)
def test_content_types_name_formats(content_type: str, format: str | None) -> None:
    assert format_of_content_type(content_type) == format
    assert format is None or format in FORMATS


def test_a_format_that_does_not_exist(now: datetime) -> None:
    with pytest.raises(UserError, match=r"'nunjs' is not one of auto, text"):
        parse(b"x", format="nunjs", now=now)


def test_nobody_says_that_an_article_is_reinstated_by_pushing_it(now: datetime) -> None:
    hiding = WireArticle(uri="urn:a", versionCreated="2024-05-30", body="Text.", signals=("update", "reinstated"))
    with pytest.raises(Poison, match="only newswire reinstate says reinstated") as refused:
        parse(codec.encode(hiding), now=now)
    assert refused.value.code is Code.WIRE_FIELD


def test_nobody_lifts_a_kill_by_pushing_an_article(now: datetime) -> None:
    lifting = WireArticle(uri="urn:a", versionCreated="2024-05-30", body="Text.", lifts=str(1 << 62))
    with pytest.raises(Poison, match="only newswire reinstate lifts a kill") as refused:
        parse(codec.encode(lifting), now=now)
    assert refused.value.code is Code.WIRE_FIELD
