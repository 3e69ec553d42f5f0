"""The bytes of the topics: what goes in comes out, what does not fit is named."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import codec
from pipeline.article import EnrichedArticle, Mention, WireArticle
from pipeline.errors import Code, Poison

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(uri=TEXT, body=TEXT, headline=st.none() | TEXT)
def test_an_article_comes_back_as_it_was(uri: str, body: str, headline: str | None) -> None:
    article = WireArticle(uri=uri, versionCreated="2022-02-26", body=body, headline=headline)
    assert codec.decode_wire(codec.encode(article)) == article


def test_an_enriched_article_has_every_key() -> None:
    article = EnrichedArticle(uri="u", versionCreated="2022-02-26", body="b")
    written = json.loads(codec.encode(article))
    assert set(written) == set(EnrichedArticle.__struct_fields__)
    assert codec.decode_enriched(codec.encode(article)) == article


@given(st.binary(max_size=300))
def test_any_bytes_are_an_article_or_poison(value: bytes) -> None:
    try:
        codec.decode_wire(value)
    except Poison as poison:
        assert poison.code in {Code.RECORD_UNREADABLE, Code.RECORD_SCHEMA}


@pytest.mark.parametrize(
    ("value", "code", "named"),
    [
        (b"{", Code.RECORD_UNREADABLE, ""),
        (b"\xff\xfe", Code.RECORD_UNREADABLE, ""),
        (b"[" * 100_000, Code.RECORD_SCHEMA, ""),
        (b"{}", Code.RECORD_SCHEMA, "uri"),
        (b'{"uri":1,"versionCreated":"","body":""}', Code.RECORD_SCHEMA, "$.uri"),
        (b'{"uri":"","versionCreated":"","body":"","pubStatus":"killed"}', Code.RECORD_SCHEMA, "pubStatus"),
        (b'{"uri":"","versionCreated":"","body":"","bodi":""}', Code.RECORD_SCHEMA, "bodi"),
    ],
)
def test_what_does_not_fit_is_named(value: bytes, code: Code, named: str) -> None:
    with pytest.raises(Poison) as caught:
        codec.decode_wire(value)
    assert caught.value.code == code
    assert named in str(caught.value)


def test_headers_follow_the_cloudevents_binding() -> None:
    article = WireArticle(uri="urn:ü", versionCreated="2022-02-26", version="2", body="")
    headers = dict(codec.wire_headers(article, time="2022-02-26T10:00:00Z"))
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_subject"] == "urn:ü".encode()
    assert headers["content-type"] == codec.WIRE_CONTENT_TYPE.encode()
    assert {"ce_id", "ce_source", "ce_type", "ce_time"} <= set(headers)
    assert codec.header(list(headers.items()), "ce_type") == "newswire.wire-article.v1"
    assert codec.header(None, "ce_type") is None


def test_structs_are_frozen() -> None:
    mention = Mention(text="Kyiv", start=0, end=4, label="GPE")
    with pytest.raises(AttributeError):
        mention.start = 1  # type: ignore[misc]
