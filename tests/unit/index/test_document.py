"""Documents: what a search needs, and nothing that Elasticsearch would refuse."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import identity, signature
from pipeline.article import Concept, EnrichedArticle, GeoPoint, Interval, Place, Quotation, Timex, WireArticle
from pipeline.enrich.near_duplicates import minhash
from pipeline.errors import Code, Poison
from pipeline.index.definitions import definition
from pipeline.index.document import NESTED_MOST, Action, Document, Stub, action
from tests.support.enriched import BODY, enriched


def source(article: EnrichedArticle, **times: Any) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(action(article, **times).source)
    return found


def test_the_article_is_kept_as_delivered() -> None:
    article = enriched()
    document = source(article, ingested="2022-03-09T06:31:00.000Z", created="2022-03-09T06:30:30Z")
    assert document["body"] == BODY
    assert document["versionCreated"] == article.versionCreated
    assert document["@timestamp"] == "2022-03-09T06:30:00.000Z"
    assert document["event"] == {"created": "2022-03-09T06:30:30Z", "ingested": "2022-03-09T06:31:00.000Z"}
    carried = msgspec.json.decode(msgspec.json.encode(article))
    assert document["enriched"] == {"entities": carried["entities"], "places": carried["places"]}
    assert document["quotations"] == carried["quotations"]


def test_what_the_alias_filters_by_is_always_written() -> None:
    assert source(enriched())["pubStatus"] == "usable"
    assert source(enriched(pubStatus="withheld"))["pubStatus"] == "withheld"
    assert source(enriched(embargoed="2022-03-09T12:00:00+02:00"))["embargoed"] == "2022-03-09T10:00:00.000Z"


def test_facets_have_each_name_once_and_names_every_variant() -> None:
    document = source(enriched())
    assert document["people"] == ["Jüri Põldmaa", "Else Brandt"]
    assert document["organizations"] == ["Baltic Ferry Union"]
    assert document["places"] == ["Tartu"]
    assert document["countries"] == ["EE"]
    assert document["speakers"] == ["Jüri Põldmaa"]
    assert document["names"]["people"] == ["Jüri Põldmaa", "Poldmaa", "Else Brandt"]
    assert document["names"]["speakers"] == ["Jüri Põldmaa", "Poldmaa"]
    assert document["locations"] == [{"lat": 58.38, "lon": 26.72}]


def test_times_are_local_and_the_facet_has_no_long_stretches() -> None:
    document = source(enriched())
    assert document["dates"][0]["interval"] == {"gte": "2022-03-08T18:00:00", "lt": "2022-03-09T00:00:00"}
    assert document["mentioned_dates"] == [
        {"gte": "2022-03-08T18:00:00", "lt": "2022-03-09T00:00:00"},
        {"gte": "2022-03-07T21:00:00", "lt": "2022-03-07T21:01:00"},
        {"gte": "2022-01-01", "lt": "2023-01-01"},
    ]
    century = Timex(
        text="century", start=0, end=7, type="DATE", value="19", interval=Interval(gte="1900-01-01", lt="2000-01-01")
    )
    long = source(enriched(dates=(century,)))
    assert long["dates"][0]["interval"] == {"gte": "1900-01-01", "lt": "2000-01-01"}
    assert "mentioned_dates" not in long


@pytest.mark.parametrize(
    ("gte", "lt"),
    [
        ("9999-12-31", "10000-01-01"),
        ("2022-02-25", "2022-02-25"),
        ("2022-02-26", "2022-02-25"),
        ("0000-01-01", "0001-01-01"),
        ("-0044-03-15", "-0044-03-16"),
        ("20220225", "20220226"),
        ("2022-W08", "2022-W09"),
        ("2022-02-25T24:00:00", "2022-02-26"),
        ("", ""),
    ],
)
def test_an_interval_off_the_calendar_is_left_out_not_the_expression(gte: str, lt: str) -> None:
    timex = Timex(text="t", start=0, end=1, type="DATE", value="v", interval=Interval(gte=gte, lt=lt))
    document = source(enriched(dates=(timex,)))
    assert document["dates"][0]["value"] == "v"
    assert document["dates"][0]["interval"] is None
    assert "mentioned_dates" not in document


@pytest.mark.parametrize("point", [GeoPoint(lat=91, lon=0), GeoPoint(lat=0, lon=-181), None])
def test_a_position_off_the_globe_is_left_out(point: GeoPoint | None) -> None:
    place = Place(entity="e", canonical="Tartu", country=None, geonames_id=None, location=point)
    document = source(enriched(places=(place,)))
    assert "locations" not in document
    assert "countries" not in document


def test_a_kill_leaves_nothing_of_what_was_said() -> None:
    killed = enriched(pubStatus="canceled", edNote="withdrawn: Brandt is not harbour master", signals=("kill",))
    written = action(killed)
    stub = msgspec.json.decode(written.source)
    assert set(stub) <= {field.encode_name for field in msgspec.structs.fields(Stub)}
    assert stub["pubStatus"] == "canceled"
    for word in ("ferry", "Brandt", "Tartu", "minister"):
        assert word not in written.source.decode().replace(killed.uri, "")
    assert written.version > identity.KILLED > action(enriched()).version


def test_more_nested_objects_than_elasticsearch_takes_are_cut_and_marked() -> None:
    date = Timex(text="2022", start=0, end=4, type="DATE", value="2022")
    quotation = Quotation(text="“q”", start=0, end=3, direct=True)

    def counts(dates: int, quotations: int) -> tuple[int, int, list[str]]:
        document = source(enriched(dates=(date,) * dates, quotations=(quotation,) * quotations))
        kept = len(document.get("dates", ())), len(document.get("quotations", ()))
        assert sum(kept) == min(NESTED_MOST, dates + quotations)
        return *kept, document.get("truncated", [])

    assert counts(NESTED_MOST, 0) == (NESTED_MOST, 0, [])
    assert counts(NESTED_MOST + 1, 0) == (NESTED_MOST, 0, ["dates"])
    assert counts(NESTED_MOST, 3) == (NESTED_MOST - 3, 3, ["dates"])
    assert counts(3, NESTED_MOST) == (3, NESTED_MOST - 3, ["quotations"])
    assert counts(20_000, 20_000) == (NESTED_MOST // 2, NESTED_MOST // 2, ["dates", "quotations"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"uri": ""}, Code.WIRE_NO_ID),
        ({"versionCreated": "yesterday"}, Code.WIRE_FIELD),
        ({"versionCreated": "1969-12-31"}, Code.WIRE_DATE_RANGE),
        ({"embargoed": "until noon"}, Code.WIRE_FIELD),
    ],
)
def test_what_decides_whether_it_is_shown_is_never_guessed(changes: dict[str, str], code: Code) -> None:
    with pytest.raises(Poison) as poison:
        action(enriched(**changes))
    assert poison.value.code is code


def test_in_other_languages_what_the_agency_marked_stands_for_the_names() -> None:
    marked: dict[str, Any] = {
        "markedPeople": (Concept(name="Jüri Põldmaa"), Concept(code="1")),
        "markedOrganisations": (Concept(name="Ardenfærgen A/S"),),
        "markedPlaces": (Concept(name="Tallinn", code="EST"),),
    }
    german = source(enriched(entities=(), language="de", stepsLeftOut=("ner",), **marked))
    assert (german["people"], german["organizations"]) == (["Jüri Põldmaa"], ["Ardenfærgen A/S"])
    assert german["names"]["people"] == ["Jüri Põldmaa"]
    assert "Tallinn" in german["places"]
    english = source(enriched(entities=(), **marked))
    assert "people" not in english


def test_the_bands_follow_from_the_signature() -> None:
    signed = minhash("word " * 5 + "and some others that tell of a ferry, a harbour and a very long night")
    document = source(enriched(minhash=signed))
    assert document["minhash"] == signed
    assert document["bands"] == list(signature.bands(signed))
    assert len(set(document["bands"])) == signature.BANDS
    assert "bands" not in source(enriched())


def test_the_version_counts_the_enrichment() -> None:
    assert action(enriched(enrichment=2)).version == action(enriched(enrichment=1)).version + 1


def test_every_field_of_an_article_reaches_its_document() -> None:
    fields = set(Document.__struct_fields__)
    assert set(WireArticle.__struct_fields__) <= fields
    found = set(EnrichedArticle.__struct_fields__) - set(WireArticle.__struct_fields__)
    assert found == {
        *("entities", "dates", "places", "quotations", "mainCountry", "enrichment"),
        *("languageDetected", "stepsLeftOut", "minhash"),
    }, "a new finding: index it?"


def test_every_field_of_a_document_is_in_the_mapping() -> None:
    properties = definition("fields")["template"]["mappings"]["properties"]
    for kind in (Document, Stub):
        _compare(kind, properties)
    assert set(properties) == {
        field.encode_name for kind in (Document, Stub) for field in msgspec.structs.fields(kind)
    }


def _compare(kind: Any, properties: dict[str, Any]) -> None:
    for field in msgspec.structs.fields(kind):
        assert field.encode_name in properties, f"{kind.__name__}.{field.name}"
        mapped = properties[field.encode_name]
        if mapped.get("enabled") is False or mapped.get("type") in ("date_range", "geo_point"):
            continue
        for inner in _structs(field.type):
            _compare(inner, mapped["properties"])


def _structs(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return [annotation]
    return [found for part in getattr(annotation, "__args__", ()) for found in _structs(part)]


@given(gte=st.text(max_size=25) | st.datetimes().map(lambda moment: moment.isoformat()), days=st.integers(0, 800))
def test_whatever_was_found_a_document_comes_out(gte: str, days: int) -> None:
    timex = Timex(
        text="t", start=0, end=1, type="TIME", value=gte, interval=Interval(gte=gte, lt=f"2022-03-0{days % 9}")
    )
    assert isinstance(action(enriched(dates=(timex,))), Action)
