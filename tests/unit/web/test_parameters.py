"""Addresses read into searches, and what cannot be read refused by its name."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Code, UserError
from pipeline.web import parameters
from pipeline.web.parameters import Area, filters


def asked(query: str) -> parameters.Asked:
    return parameters.read(parse_qsl(query))


def test_options_of_the_command_and_facets() -> None:
    found = asked(
        "q=ice&person=Lie&people=A%20B&people=C&speakers=D&speaker=E&about=2025-03&page=3&sort=oldest&widely=1"
    )
    request = found.request
    assert (request.query, request.people, request.speakers) == ("ice", ("Lie",), ("E", "D"))
    assert (request.offset, request.limit, request.sort, request.about_widely) == (40, 20, "oldest", True)
    assert str(request.about and request.about.lt) == "2025-04-01"
    assert found.chosen == {"people": ("A B", "C"), "speakers": ("D",)}
    assert filters(found) == [{"term": {"people": "A B"}}, {"term": {"people": "C"}}, {"term": {"speakers": "D"}}]


def test_what_says_the_same_is_folded_unless_told_otherwise() -> None:
    assert asked("").request.collapse
    assert not asked("fold=0").request.collapse


def test_the_area_of_the_map() -> None:
    found = asked("area=66.5,-22.5,40,0")
    assert found.area == Area(north=66.5, west=-22.5, south=40, east=0)
    (box,) = filters(found)
    assert box["geo_bounding_box"]["locations"]["top_left"] == {"lat": 66.5, "lon": -22.5}


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "page=²", "sort=best", "area=1", "area=1,2,3,nan", "area=10,0,20,1", "about=soon", "nix=1",
     "published=2025..2024", "&".join(["people=a"] * 41), f"people={'a' * 1025}"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(UserError) as raised:
        asked(query)
    assert raised.value.code == Code.USAGE


@given(
    st.lists(
        st.tuples(st.sampled_from([*parameters.FACETS, "q", "area", "page", "about", "x"]), st.text(max_size=40))
    )
)
def test_any_address_is_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    try:
        found = parameters.read(pairs)
    except UserError:
        return
    assert found.request.offset >= 0
    assert all(found.chosen.values())
