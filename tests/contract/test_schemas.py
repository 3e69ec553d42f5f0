"""The JSON Schemas of the topics say what the code does, and what was valid once stays valid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.article import EnrichedArticle, WireArticle
from pipeline.codec import decode_enriched, decode_wire, encode
from pipeline.errors import Code, Poison
from pipeline.resources import resource
from pipeline.stream.dead_letters import REPLAYED, dead_letter_headers
from tests.support.schema import breaking_changes, canonical, models

SAMPLES = Path(__file__).parents[1] / "fixtures" / "schemas"
STRUCTS: dict[str, type[WireArticle]] = {"wire-article": WireArticle, "enriched-article": EnrichedArticle}
DEAD_LETTER_STAGES = ("wire", "enrich", "record", "index")  # whose codes can be the reason of a dead letter


def schema(name: str) -> dict[str, Any]:
    text = resource(f"schemas/{name}.v1.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("name", ["wire-article", "enriched-article", "dead-letter"])
def test_schemas_are_valid_closed_and_described(name: str) -> None:
    document = schema(name)
    jsonschema_rs.meta.validate(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for title, model in models(document, root=document["title"]).items():
        assert model["additionalProperties"] is False, title
        assert model["description"].endswith("."), title
        for field, node in model["properties"].items():
            assert node["description"].endswith((".", ")", ">")), f"{title}.{field}"
        assert set(model.get("required", ())) <= set(model["properties"]), title


@pytest.mark.parametrize("name", STRUCTS)
def test_schema_and_struct_have_the_same_fields_types_and_defaults(name: str) -> None:
    struct = STRUCTS[name]
    ours = models(schema(name), root=struct.__name__)
    theirs = models(msgspec.json.schema(struct), root=struct.__name__)
    assert set(ours) == set(theirs)
    for title, generated in theirs.items():
        written = canonical(ours[title])
        expected = canonical(generated)
        assert list(written["properties"]) == list(expected["properties"]), title
        for field in expected["properties"]:
            assert written["properties"][field] == expected["properties"][field], f"{title}.{field}"
        assert written["additionalProperties"] == expected["additionalProperties"], title
        # what the struct requires is required; the enriched article promises more than it requires
        assert set(expected.get("required", ())) <= set(written.get("required", ())), title
        if struct is WireArticle:
            assert written.get("required", []) == expected.get("required", []), title


def test_every_key_of_an_enriched_article_is_always_there() -> None:
    bare = json.loads(encode(EnrichedArticle(uri="urn:x", versionCreated="2025-03-03", body="Text.")))
    assert list(bare) == list(schema("enriched-article")["properties"])
    assert bare["headline"] is None


# --- what was valid once ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("v*/samples/*.json")), ids=lambda path: path.stem)
def test_samples_of_every_version_stay_readable(path: Path) -> None:
    name = path.stem.split(".")[0]
    data = path.read_bytes()
    jsonschema_rs.validator_for(schema(name)).validate(json.loads(data))
    if name == "wire-article":
        assert json.loads(encode(decode_wire(data))) == json.loads(data)
    elif name == "enriched-article":
        written = json.loads(encode(decode_enriched(data)))
        assert {key: written[key] for key in json.loads(data)} == json.loads(data)


def test_there_are_samples_of_each_schema() -> None:
    names = {path.stem.split(".")[0] for path in SAMPLES.glob("v1/samples/*.json")}
    assert names == {"wire-article", "enriched-article", "dead-letter"}


@pytest.mark.parametrize("name", ["wire-article", "enriched-article", "dead-letter"])
def test_schema_only_ever_gained_optional_fields(name: str) -> None:
    first = json.loads((SAMPLES / "v1" / f"{name}.first.json").read_text("utf-8"))
    assert breaking_changes(first, schema(name), root=first["title"]) == []


def _without(field: str) -> dict[str, Any]:
    changed = schema("wire-article")
    del changed["properties"][field]
    return changed


def _with(field: str, node: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    changed = schema("wire-article")
    changed["properties"][field] = node
    if required:
        changed["required"] = [*changed["required"], field]
    return changed


NULL_TEXT = {"type": ["string", "null"], "default": None}


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (_without("by"), "WireArticle: by is gone"),
        (_with("sentiment", NULL_TEXT, required=True), "WireArticle: sentiment is required now"),
        (_with("urgency", {"type": "integer"}), "WireArticle: urgency was ['integer', 'null'], is ['integer']"),
        (_with("pubStatus", {"enum": ["usable"], "default": "usable"}), "WireArticle: pubStatus no longer takes"),
        (_with("type", {"type": "string", "default": "picture"}), "WireArticle: type: default changed"),
        (_with("language", {"enum": ["en"], "default": None}), "WireArticle: language is a closed list now"),
        (
            _with("keywords", {"type": "array", "items": {"type": "integer"}, "default": []}),
            "keywords: items changed",
        ),
    ],
)
def test_breaking_changes_are_noticed(changed: dict[str, Any], problem: str) -> None:
    assert any(problem in found for found in breaking_changes(schema("wire-article"), changed, root="WireArticle"))


def test_a_new_optional_field_breaks_nothing() -> None:
    changed = _with("sentiment", NULL_TEXT)
    assert breaking_changes(schema("wire-article"), changed, root="WireArticle") == []


# --- what the code writes --------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
COMMON = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])


def _structs(struct: type[Any]) -> st.SearchStrategy[Any]:
    """Any instance of a struct, from its own annotations, numbers within 64 bits."""
    st.register_type_strategy(str, TEXT)
    st.register_type_strategy(int, st.integers(-(2**53), 2**53))
    st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
    fields = {field.name: _of(field.type) for field in msgspec.structs.fields(struct)}
    return st.builds(struct, **fields)


def _of(annotation: Any) -> st.SearchStrategy[Any]:
    arguments = getattr(annotation, "__args__", ())
    if getattr(annotation, "__origin__", None) is tuple:
        return st.lists(_of(next(iter(arguments))), max_size=2).map(tuple)
    if type(None) in arguments:
        return st.one_of([_of(argument) for argument in arguments])
    if annotation is type(None):
        return st.none()
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return _structs(annotation)
    found: st.SearchStrategy[Any] = st.from_type(annotation)
    return found


@COMMON
@given(_structs(WireArticle))
def test_every_wire_article_is_valid_and_comes_back(article: WireArticle) -> None:
    data = encode(article)
    WIRE.validate(json.loads(data))
    assert decode_wire(data) == article


@COMMON
@given(_structs(EnrichedArticle))
def test_every_enriched_article_is_valid_and_comes_back(article: EnrichedArticle) -> None:
    data = encode(article)
    ENRICHED.validate(json.loads(data))
    assert decode_enriched(data) == article


WIRE = jsonschema_rs.validator_for(schema("wire-article"))
ENRICHED = jsonschema_rs.validator_for(schema("enriched-article"))
DEAD_LETTER = jsonschema_rs.validator_for(schema("dead-letter"))


@pytest.mark.parametrize(
    "value",
    [
        {"versionCreated": "2025-03-03", "body": "Text."},
        {"uri": "urn:x", "versionCreated": "2025-03-03", "body": "Text.", "sentiment": 1},
        {"uri": "urn:x", "versionCreated": "2025-03-03", "body": None},
        {"uri": "urn:x", "versionCreated": "2025-03-03", "body": "Text.", "pubStatus": "killed"},
        {"uri": "urn:x", "versionCreated": "2025-03-03", "body": "Text.", "subjects": [{"label": "x"}]},
        [],
    ],
)
def test_schema_and_decoder_refuse_the_same(value: Any) -> None:
    assert not WIRE.is_valid(value)
    with pytest.raises(Poison) as refused:
        decode_wire(json.dumps(value).encode())
    assert refused.value.code == Code.RECORD_SCHEMA


# --- dead letters ----------------------------------------------------------------------------------------------


def test_reasons_of_the_schema_are_the_codes_of_the_pipeline() -> None:
    expected = {str(code) for code in Code if code.split(".")[0] in DEAD_LETTER_STAGES}
    assert set(schema("dead-letter")["properties"]["dl_reason"]["enum"]) == expected


@given(
    code=st.sampled_from([code for code in Code if code.split(".")[0] in DEAD_LETTER_STAGES]),
    message=st.text(max_size=2000),
    stage=st.sampled_from(["enrich", "index"]),
    partition=st.integers(0, 1000),
    offset=st.integers(0, 2**62),
    timestamp_ms=st.none() | st.integers(-1, 2**53),
    worker=st.text(min_size=1, max_size=400),
    null_record=st.booleans(),
)
def test_every_dead_letter_is_valid(
    code: Code,
    message: str,
    stage: str,
    partition: int,
    offset: int,
    timestamp_ms: int | None,
    worker: str,
    null_record: bool,
) -> None:
    headers = dead_letter_headers(
        error=Poison(code, message),
        stage=stage,
        topic="news.wire.v1",
        partition=partition,
        offset=offset,
        timestamp_ms=timestamp_ms,
        worker=worker,
        time="2025-03-03T19:40:00.000+00:00",
        headers=[],
        null_record=null_record,
    )
    as_object = {name: (value or b"").decode("utf-8") for name, value in headers}
    DEAD_LETTER.validate(as_object)
    assert len(as_object) == len(headers)


def test_the_marker_of_a_replay_is_described() -> None:
    marker = schema("dead-letter")["$defs"]["ReplayMarker"]
    assert list(marker["properties"]) == [REPLAYED]
    assert jsonschema_rs.is_valid(marker, {REPLAYED: "3-1024"})
    assert not jsonschema_rs.is_valid(marker, {REPLAYED: "3"})
