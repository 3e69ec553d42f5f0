"""ninjs of all generations: the same story in 1.x, 2.x and 3.x is the same article."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec
import pytest

from pipeline.errors import Code, Poison
from pipeline.wire import parse, parse_each
from tests.unit.wire.conftest import One

ONE: dict[str, Any] = {
    "uri": "urn:newsml:example.org:20240530:ferry",
    "version": 3,
    "versioncreated": "2024-05-30T18:20:00+0200",
    "firstcreated": "2024-05-30T16:00:00Z",
    "pubstatus": "usable",
    "type": "text",
    "urgency": 4,
    "language": "en_GB",
    "headline": "Ferry  service resumes",
    "slugline": "ferry-arden",
    "byline": "By Ana Pinto",
    "located": "Port Arden",
    "ednote": "Updates throughout",
    "description_text": "Ferries run again.",
    "body_html": "<p>PORT ARDEN, May 30 (Exa) - Ferries run again&nbsp;on Friday.</p>\n<p>“At last,” she said.</p>",
    "usageterms": "None",
    "copyrightholder": "Exa",
    "copyrightnotice": "(c) Exa",
    "infosource": [{"name": "Exa"}],
    "subject": [{"code": "20000337", "name": "ferry transport", "scheme": "medtop"}],
    "genre": [{"name": "Article", "code": "article"}],
    "keywords": ["ferry", "sea", "ferry"],
    "person": [{"name": "Ana Pinto", "rel": "about"}],
    "organisation": [{"name": "Arden Lines", "uri": "https://example.org/lines"}],
    "place": [{"name": "Port Arden"}],
    "altids": {"desk": "EX-77"},
    "associations": {
        "featuremedia": {
            "type": "picture",
            "headline": "A ferry",
            "mimetype": "image/jpeg",
            "renditions": {
                "thumbnail": {"href": "https://example.org/t.jpg"},
                "original": {"href": "https://example.org/o.jpg"},
            },
        }
    },
}
TWO: dict[str, Any] = {
    **{key: value for key, value in ONE.items() if key not in (
        "headline", "byline", "description_text", "body_html", "infosource", "subject", "genre", "person",
        "organisation", "place", "altids", "associations")},
    "by": ONE["byline"],
    "headlines": [{"role": "short", "value": "Ferries back"}, {"role": "main", "value": ONE["headline"]}],
    "descriptions": [{"role": "summary", "contenttype": "text/plain", "value": "Ferries run again."}],
    "bodies": [{"role": "teaser", "contenttype": "text/html", "value": "<p>Short.</p>"},
               {"role": "main", "contenttype": "text/plain", "value": "All in one paragraph."},
               {"role": "main", "contenttype": "text/html", "value": ONE["body_html"]}],
    "infosources": ONE["infosource"],
    "subjects": [{"literal": "20000337", "name": "ferry transport", "scheme": "medtop"}],
    "genres": [{"name": "Article", "literal": "article"}],
    "people": ONE["person"], "organisations": ONE["organisation"], "places": ONE["place"],
    "altids": [{"role": "desk", "value": "EX-77"}],
    "associations": [{"name": "featuremedia", "type": "picture", "mimetype": "image/jpeg",
                      "headlines": [{"value": "A ferry"}],
                      "renditions": [{"name": "original", "href": "https://example.org/o.jpg"}]}],
}  # fmt: skip
CAMEL = {
    "versioncreated": "versionCreated", "firstcreated": "firstCreated", "pubstatus": "pubStatus", "ednote": "edNote",
    "usageterms": "usageTerms", "copyrightholder": "copyrightHolder", "copyrightnotice": "copyrightNotice",
    "infosources": "infoSources", "altids": "altIds", "contenttype": "contentType", "mimetype": "mimeType",
}  # fmt: skip


def camel(value: Any) -> Any:
    """The same with the keys of ninjs 3."""
    if isinstance(value, dict):
        return {CAMEL.get(key, key): camel(each) for key, each in value.items()}
    return [camel(each) for each in value] if isinstance(value, list) else value


def test_every_field_of_ninjs_1(one: One) -> None:
    article = msgspec.to_builtins(one(json.dumps(ONE)))
    assert article == {
        "uri": "urn:newsml:example.org:20240530:ferry",
        "version": "3",
        "versionCreated": "2024-05-30T18:20:00+02:00",
        "firstCreated": "2024-05-30T16:00:00Z",
        "type": "text",
        "urgency": 4,
        "language": "en-GB",
        "headline": "Ferry service resumes",
        "slugline": "ferry-arden",
        "by": "By Ana Pinto",
        "located": "Port Arden",
        "edNote": "Updates throughout",
        "description": "Ferries run again.",
        "body": "PORT ARDEN, May 30 (Exa) - Ferries run again on Friday.\n\n“At last,” she said.",
        "dateline": {
            "text": "PORT ARDEN, May 30 (Exa) -",
            "place": "PORT ARDEN",
            "date": "2024-05-30",
            "source": "Exa",
        },
        "usageTerms": "None",
        "copyrightHolder": "Exa",
        "copyrightNotice": "(c) Exa",
        "source": "Exa",
        "subjects": ({"code": "20000337", "name": "ferry transport", "scheme": "medtop", "uri": None},),
        "genres": ({"name": "Article", "code": "article", "scheme": None, "uri": None},),
        "signals": ("update",),
        "keywords": ("ferry", "sea"),
        "markedPeople": ({"name": "Ana Pinto", "code": None, "scheme": None, "uri": None},),
        "markedOrganisations": (
            {"name": "Arden Lines", "uri": "https://example.org/lines", "code": None, "scheme": None},
        ),
        "markedPlaces": ({"name": "Port Arden", "code": None, "scheme": None, "uri": None},),
        "altIds": ("EX-77",),
        "links": (
            {
                "rel": "featuremedia",
                "href": "https://example.org/o.jpg",
                "title": "A ferry",
                "type": "image/jpeg",
            },
        ),
        "wireFormat": "ninjs",
    }


@pytest.mark.parametrize("item", [TWO, camel(TWO)], ids=["2.x", "3.x"])
def test_the_later_generations_give_the_same_article(one: One, item: Any) -> None:
    assert one(json.dumps(item)) == one(json.dumps(ONE))


def test_what_we_do_not_know_is_passed_over(one: One) -> None:
    more = {
        **ONE,
        "extra": {"doi": "10/1"},
        "priority": 5,
        "annotations": [1, [2]],
        "rightsinfo": None,
        "profile": {},
    }
    assert one(json.dumps(more)) == one(json.dumps(ONE))


def test_a_guid_is_the_id_where_there_is_no_uri(one: One) -> None:
    article = one(
        '{"guid": "tag:example.org,2024:1", "versioncreated": "2024-05-30T10:00:00Z", "body_text": "Text."}'
    )
    assert article.uri == "tag:example.org,2024:1"
    assert article.altIds == ()


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("embargoed", "2024-05-31T06:00:00+02:00", "2024-05-31T06:00:00+02:00"),
        ("embargoed", "2024-05-31T06:00:00", "2024-05-31T06:00:00-12:00"),
        ("embargoed", "2024-05-31", "2024-05-31T00:00:00-12:00"),
        ("embargoed", "2024-05-31T24:00:00Z", "2024-06-01T00:00:00Z"),
        ("embargoed", "", None),
        ("embargoed", None, None),
        ("version", "2b", "2b"),
        ("version", 2.0, "2"),
        ("urgency", "3", 3),
        ("urgency", 3.0, 3),
        ("urgency", 0, None),
        ("headline", "Q&amp;A: ferries", "Q&A: ferries"),
        ("language", "English!", None),
        ("headline", "<b>Bold</b> & new", "Bold & new"),
    ],
)
def test_values(one: One, key: str, value: object, expected: object) -> None:
    assert getattr(one(json.dumps({**ONE, key: value})), key) == expected


@pytest.mark.parametrize(
    ("said", "status", "embargoed"),
    [
        ({"embargoedUntil": "2024-06-03T06:00:00+02:00"}, "usable", "2024-06-03T06:00:00+02:00"),  # ninjs 3.1
        ({"embargoed": "2024-06-03", "embargo": "2024-06-02T08:00:00Z"}, "usable", "2024-06-03T00:00:00-12:00"),
        ({"embargoed": True}, "withheld", None),
        ({"embargoed": True, "pubStatus": "canceled"}, "canceled", None),
        ({"embargoed": False}, "usable", None),
    ],
)
def test_an_embargo_under_any_of_its_names(
    one: One, said: dict[str, object], status: str, embargoed: str | None
) -> None:
    item = {key: value for key, value in ONE.items() if key not in ("pubstatus", "embargoed")}
    article = one(json.dumps({**item, **said}))
    assert (article.pubStatus, article.embargoed) == (status, embargoed)


def test_a_month_is_no_moment(one: One) -> None:
    assert one(json.dumps({**ONE, "contentcreated": "2024-05"})).contentCreated is None


def test_events_and_objects_are_subjects(one: One) -> None:
    marked = {
        "events": [{"name": "Pier opening", "uri": "https://exa.example/e/1"}],
        "objects": [{"name": "MV Arden"}],
    }
    subjects = one(json.dumps({**ONE, **marked})).subjects
    assert [concept.name for concept in subjects][-2:] == ["Pier opening", "MV Arden"]


@pytest.mark.parametrize(
    ("written", "status"),
    [("usable", "usable"), ("withheld", "withheld"), ("canceled", "canceled"), ("Cancelled", "canceled")],
)
def test_statuses(one: One, written: str, status: str) -> None:
    assert one(json.dumps({**ONE, "pubstatus": written})).pubStatus == status


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ((), "2024-05-30T18:20:00+02:00"),
        (("versioncreated",), "2024-05-30T17:00:00Z"),
        (("versioncreated", "contentcreated"), "2024-05-30T16:00:00Z"),
    ],
)
def test_where_the_date_comes_from(one: One, missing: tuple[str, ...], expected: str) -> None:
    item = {
        key: value for key, value in {**ONE, "contentcreated": "2024-05-30T17:00:00Z"}.items() if key not in missing
    }
    assert one(json.dumps(item)).versionCreated == expected


def test_a_kill_needs_neither_date_nor_text(one: One) -> None:
    article = one('{"uri": "urn:x", "pubstatus": "canceled"}')
    assert (article.pubStatus, article.versionCreated, article.body) == ("canceled", "2024-06-01T12:00:00+00:00", "")


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"uri": None}, Code.WIRE_NO_ID, "uri"),
        ({"uri": " "}, Code.WIRE_NO_ID, "uri"),
        ({"uri": "a\nb"}, Code.WIRE_FIELD, "control character"),
        ({"uri": "x" * 3000}, Code.WIRE_FIELD, "longer than"),
        ({"uri": 5}, Code.WIRE_FIELD, "uri: 5"),
        ({"headline": ["a"]}, Code.WIRE_FIELD, "headline: ['a']"),
        ({"urgency": "high"}, Code.WIRE_FIELD, "urgency: 'high'"),
        ({"urgency": True}, Code.WIRE_FIELD, "urgency: True"),
        ({"version": {}}, Code.WIRE_FIELD, "version: {}"),
        ({"pubstatus": "draft"}, Code.WIRE_FIELD, "'draft'"),
        ({"embargoed": "tomorrow at noon"}, Code.WIRE_FIELD, "embargoed: 'tomorrow at noon'"),
        ({"versioncreated": "30/05/2024"}, Code.WIRE_FIELD, "versioncreated: '30/05/2024'"),
        ({"versioncreated": "2024-13-01T00:00:00Z"}, Code.WIRE_FIELD, "calendar"),
        ({"versioncreated": "1969-01-01T00:00:00Z"}, Code.WIRE_DATE_RANGE, "1969"),
        ({"versioncreated": "9999-01-01T00:00:00Z"}, Code.WIRE_DATE_RANGE, "9999"),
        ({"versioncreated": None, "firstcreated": None}, Code.WIRE_NO_DATE, "versionCreated"),
        ({"body_html": "", "headline": "", "description_text": None}, Code.WIRE_EMPTY, "body"),
        ({"body_html": "a\0b"}, Code.WIRE_HOSTILE, "NUL"),
        ({"subject": [7]}, Code.WIRE_FIELD, "subject: 7"),
        ({"associations": [7]}, Code.WIRE_FIELD, "associations: 7"),
    ],
)
def test_refusals_name_field_and_value(now: datetime, changes: dict[str, Any], code: Code, words: str) -> None:
    with pytest.raises(Poison) as refused:
        parse(json.dumps({**ONE, **changes}).encode(), name="item.json", now=now)
    assert refused.value.code == code
    assert words in refused.value.message
    assert refused.value.message.startswith("item.json: ")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"uri": ', Code.WIRE_UNREADABLE),
        (b"[1]", Code.WIRE_FIELD),
        (b"[" * 100_000, Code.WIRE_HOSTILE),
        (b'{"a":' * 100_000, Code.WIRE_HOSTILE),
        (b'{"uri": "\xff"}', Code.WIRE_ENCODING),
        (b"[" + b"{}," * 3_000_000 + b"{}]", Code.WIRE_HOSTILE),
    ],
)
def test_hostile_json(now: datetime, data: bytes, code: Code) -> None:
    with pytest.raises(Poison) as refused:
        parse(data, now=now)
    assert refused.value.code == code


def test_a_bad_item_of_a_list_does_not_stop_the_others(now: datetime) -> None:
    data = json.dumps([ONE, {**ONE, "uri": 7}, {**ONE, "uri": "urn:b"}]).encode()
    results = list(parse_each(data, now=now))
    assert [isinstance(each, Poison) for each in results] == [False, True, False]
    with pytest.raises(Poison):
        parse(data, now=now)


@pytest.mark.parametrize(
    "wrapped",
    [{"items": [ONE]}, {"_items": [ONE]}, {"data": {"item": ONE}}, {"data": {"items": [{"item": ONE, "meta": {}}]}}],
)
def test_the_envelopes_of_interfaces(one: One, wrapped: Any) -> None:
    assert one(json.dumps(wrapped)) == one(json.dumps(ONE))


def test_bylines_and_authors_where_there_is_no_byline(one: One) -> None:
    item = {key: value for key, value in ONE.items() if key != "byline"}
    assert one(json.dumps({**item, "bylines": [{"by": "By Ana Pinto"}]})).by == "By Ana Pinto"
    assert one(json.dumps({**item, "authors": [{"name": "Ana"}, {"name": "Bo"}]})).by == "Ana, Bo"
    assert one(json.dumps(item)).by is None


def test_rights_in_a_list_and_associations_with_roles(one: One) -> None:
    article = one(
        json.dumps(
            {
                "uri": "urn:x:1",
                "versioncreated": "2024-05-30T10:00:00Z",
                "body_text": "Text.",
                "usageterms": ["Editorial use.", "Not in Arden.", "Editorial use."],
                "copyrightnotice": "(c) Exa",
                "associations": [
                    {"role": "picture", "renditions": [{"name": "hires", "href": "https://exa.example/1.jpg"}]},
                    {"uri": "urn:x:2"},
                ],
            }
        ).encode()
    )
    assert article.usageTerms == "Editorial use.; Not in Arden."
    assert article.copyrightNotice == "(c) Exa"
    assert [(link.rel, link.href) for link in article.links] == [
        ("picture", "https://exa.example/1.jpg"),
        ("association", "urn:x:2"),
    ]


@pytest.mark.parametrize("value", [[1], [["a"]], [{}], {"a": "b"}])
def test_rights_that_are_no_text_are_refused(one: One, value: object) -> None:
    item = {"uri": "urn:x:1", "versioncreated": "2024-05-30", "body_text": "x", "usageterms": value}
    with pytest.raises(Poison) as refusal:
        one(json.dumps(item).encode())
    assert refusal.value.code == Code.WIRE_FIELD


def test_an_item_that_is_withheld_needs_no_text(one: One) -> None:
    article = one('{"uri": "tag:example.org,2024:1", "pubstatus": "withheld"}')
    assert (article.pubStatus, article.body) == ("withheld", "")


def test_an_embargo_in_words_of_rfc_822_without_a_zone_holds_until_the_last_place_on_earth(one: One) -> None:
    item = {**ONE, "embargoed": "Mon, 03 Jun 2024 06:00:00"}
    assert one(json.dumps(item)).embargoed == "2024-06-03T06:00:00-12:00"


def test_what_agencies_add_to_ninjs(one: One) -> None:
    """AP's place of the dateline, TT's by-lines, signals and sections, dpa's names for id and text."""
    made = {"versioncreated": "2024-05-30T10:00:00Z", "headline": "H"}
    ap = {**made, "uri": "u:1", "body_text": "T", "datelinelocation": {"city": "Arden", "countrycode": "USA"}}
    assert one(json.dumps(ap)).located == "Arden"
    tt = {
        **made,
        "uri": "u:2",
        "body_html5": "<p>One.</p><p>Two.</p>",
        "body_sections": [{"x": 1}],
        "headline_parts": ["a"],
        "bylines": [{"byline": "Jo Writer/TT", "firstname": "Jo"}],
        "signals": {"updatetype": "KORR", "pageproduct": "x"},
    }
    article = one(json.dumps(tt))
    assert (article.body, article.by, article.signals) == ("One.\n\nTwo.", "Jo Writer/TT", ("correction",))
    dpa = {
        **made,
        "urn": "urn:newsml:dpa:1",
        "article_html": "<p>One.</p>",
        "version_created": "2024-05-30T10:00:00Z",
    }
    article = one(json.dumps(dpa))
    assert (article.uri, article.body) == ("urn:newsml:dpa:1", "One.")
