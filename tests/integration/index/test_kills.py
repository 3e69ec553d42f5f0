"""Kill advisories with an id of their own, on the real server: what they name is killed, in whatever order."""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
from typing import Any

import msgspec
import pytest

from pipeline.article import EnrichedArticle, Link
from pipeline.errors import Code
from pipeline.index import register
from tests.integration.index.conftest import Index

pytestmark = pytest.mark.servers

BEFORE, AFTER = "2022-03-09T08:30:00+02:00", "2022-03-09T12:00:00+02:00"


@pytest.fixture
def story(index: Index) -> EnrichedArticle:
    """A story with all by which it can be named."""
    return index.article(
        1,
        versionCreated=BEFORE,
        slugline=f"BC-{index.name[-6:]}--Ferry, 1st Ld",
        altIds=(f"V{index.name[-8:]}",),
        links=(Link(rel="alternate", href=f"https://nwt.example/{index.name[-8:]}/ferry"),),
    )


def advisory(index: Index, number: int = 9, /, *, title: str | None = None, **names: Any) -> EnrichedArticle:
    links = [Link(rel="kills", href=href) for href in names.pop("hrefs", ())]
    links += [Link(rel="kills", title=title)] if title else []
    return index.article(
        number, versionCreated=names.pop("created", AFTER), pubStatus="canceled", links=tuple(links), **names
    )


def ways(index: Index, story: EnrichedArticle) -> dict[str, dict[str, Any]]:
    return {
        "id": {"hrefs": [story.uri.upper()]},
        "number": {"hrefs": [story.altIds[0]]},
        "link": {"hrefs": [f"http://nwt.example/{index.name[-8:]}/ferry/#top"]},
        "slug": {"hrefs": [f"bc-{index.name[-6:]}--ferry"]},
        "headline": {"title": f" {(story.headline or '').upper()} "},
    }


@pytest.mark.parametrize("way", ["id", "number", "link", "slug", "headline"])
def test_in_every_order_the_item_is_killed_and_stays_killed(index: Index, story: EnrichedArticle, way: str) -> None:
    story = msgspec.structs.replace(story, headline=f"Ferry {index.name}")
    later = msgspec.structs.replace(story, version="5", headline="Another headline", slugline="another", altIds=())
    kill = advisory(index, **ways(index, story)[way])
    for number, order in enumerate(itertools.permutations([story, later, kill])):
        own = [
            msgspec.structs.replace(each, uri=f"{each.uri}-{number}") if each is not kill else each for each in order
        ]
        if way == "id":
            named = Link(rel="kills", href=f"{story.uri}-{number}")
            own = [msgspec.structs.replace(e, links=(named,)) if e.pubStatus == "canceled" else e for e in own]
        if number % 2:
            for each in own:
                index.say(each)
        else:
            index.say(*own)
        assert index.count() == 0, (way, order)
        # of things that come again one is meant: the next round has names of its own
        kill, story, later = (_renamed(each, number) for each in (kill, story, later))


def _renamed(article: EnrichedArticle, number: int) -> EnrichedArticle:
    mark = f"x{number}"
    links = tuple(
        msgspec.structs.replace(
            link,
            href=link.href and link.href.replace("#top", "").rstrip("/") + mark,
            title=link.title and link.title.strip() + mark,
        )
        for link in article.links
    )
    return msgspec.structs.replace(
        article,
        links=links,
        altIds=tuple(f"{each}{mark}" for each in article.altIds),
        slugline=article.slugline and article.slugline.split(",")[0] + mark,
        headline=article.headline and article.headline + mark,
    )


def test_items_and_advisories_of_the_same_moment_meet(index: Index) -> None:
    """Forty workers at once, each with a batch of its own; whoever is first."""
    chance = random.Random(1)
    stories = [index.article(n, versionCreated=BEFORE, altIds=(f"V{index.name[-6:]}{n}",)) for n in range(40)]
    killing = [advisory(index, 100 + n, hrefs=[stories[n].altIds[0]]) for n in range(0, 40, 2)]
    batches = [[each] for each in [*stories, *killing]]
    chance.shuffle(batches)
    asyncio.run(index.saying(batches))
    assert sorted(index.numbers()) == list(range(1, 40, 2))


def test_what_is_not_meant_stays(index: Index, story: EnrichedArticle) -> None:
    kill = advisory(index, hrefs=[f"BC-{index.name[-6:]}--Ferry"], source="NWT")
    index.say(
        msgspec.structs.replace(story, uri=f"{index.name}:2", versionCreated="2022-02-01T00:00:00Z"),  # long ago
        msgspec.structs.replace(
            story, uri=f"{index.name}:3", versionCreated="2022-03-09T13:00:00+02:00"
        ),  # a substitute
        msgspec.structs.replace(story, uri=f"{index.name}:4", source="Other"),
        msgspec.structs.replace(story, uri=f"{index.name}:5", slugline="BC-Other--Ferry"),
        kill,
    )
    assert sorted(index.numbers()) == [2, 3, 4, 5]
    index.say(story)
    assert sorted(index.numbers()) == [2, 3, 4, 5]
    index.say(msgspec.structs.replace(story, version="3", versionCreated="2022-03-10T00:00:00Z"))
    assert sorted(index.numbers()) == [2, 3, 4, 5]


def test_of_several_the_newest_is_meant_and_the_others_are_told(
    index: Index, story: EnrichedArticle, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    older = msgspec.structs.replace(story, uri=f"{index.name}:2", versionCreated="2022-03-08T08:00:00Z")
    index.say(older, story)
    index.say(advisory(index, hrefs=[f"BC-{index.name[-6:]}--Ferry"]))
    assert index.numbers() == [2]
    (told,) = [r for r in caplog.records if getattr(r, "error.code", None) == str(Code.KILL_AMBIGUOUS)]
    assert older.uri in told.getMessage()


def test_what_nothing_has_is_told_and_matched_later(
    index: Index, story: EnrichedArticle, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    index.say(advisory(index, hrefs=[story.altIds[0]]))
    (told,) = [r for r in caplog.records if getattr(r, "error.code", None) == str(Code.KILL_UNMATCHED)]
    assert story.altIds[0] in told.getMessage()
    caplog.clear()
    index.say(story)
    assert index.numbers() == []
    assert any(story.uri in r.getMessage() and "kills" in r.getMessage() for r in caplog.records)


def test_the_kill_of_one_item_does_not_kill_another_of_the_same_slug(index: Index, story: EnrichedArticle) -> None:
    index.say(
        story, msgspec.structs.replace(story, uri=f"{index.name}:2", versionCreated="2022-03-09T09:00:00+02:00")
    )
    own = msgspec.structs.replace(
        story, version="3", pubStatus="canceled", versionCreated=AFTER,
        links=(Link(rel="kills", href=f"BC-{index.name[-6:]}--Ferry"),),
    )  # fmt: skip
    index.say(own)
    assert index.numbers() == [2]


def test_more_names_than_one_search_takes(
    index: Index, story: EnrichedArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = index.article(2, versionCreated=BEFORE, altIds=(f"W{index.name[-8:]}",))
    nobody = [f"X{index.name[-8:]}{number}" for number in range(70_000)]  # Elasticsearch takes 65,536 terms
    monkeypatch.setattr(register, "NAMES_AT_ONCE", 2_000)
    index.say(story, other)
    index.say(advisory(index, hrefs=[story.altIds[0], *nobody[:500], other.altIds[0], *nobody]))
    assert index.count() == 0
