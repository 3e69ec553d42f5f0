"""The history that readers see: which versions, in which order, and what changed; pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pipeline.article import EnrichedArticle
from pipeline.web.versions import Part, changes, history
from tests.support.enriched import enriched

NOW = datetime(2025, 3, 4, tzinfo=UTC)


def version(number: int, /, **changed: Any) -> EnrichedArticle:
    return enriched(
        versionCreated=f"2022-03-09T0{number}:00:00Z", version=str(number), body=f"It was {number}.", **changed
    )


def test_versions_in_their_order_each_once_up_to_the_one_shown() -> None:
    found = [version(3), version(1), version(2), version(1), version(5)]
    told = history(found, version(3), now=NOW)
    assert [each.version for each in told] == ["1", "2", "3"]
    assert [each.current for each in told] == [False, False, True]
    assert told[0].bodyChanges == ()
    assert told[2].bodyChanges[1:] == (Part(kind="removed", text="2."), Part(kind="added", text="3."))


def test_what_readers_must_not_see_is_not_told_of() -> None:
    hidden = [
        version(1, pubStatus="withheld"),
        version(2, pubStatus="canceled"),
        version(3, embargoed="2025-03-05T00:00:00Z"),
        version(4, embargoed="soon"),
    ]
    told = history([*hidden, version(5, embargoed="2025-03-03T00:00:00Z")], version(6), now=NOW)
    assert [each.version for each in told] == ["5", "6"]


def test_what_was_killed_is_not_told_of_after_a_reinstatement() -> None:
    def stub(kill: str) -> EnrichedArticle:
        return enriched(
            versionCreated="1970-01-01", body="", pubStatus="withheld", signals=("reinstated",), lifts=kill
        )

    first = [version(1), version(2, pubStatus="canceled"), version(3), stub("9"), version(3, lifts="9")]
    second = [
        version(4),
        version(5, pubStatus="canceled"),
        version(1),
        stub("99"),
        version(4, lifts="99"),
        version(6),
    ]
    told = history(first, version(3, lifts="9"), now=NOW)
    assert [each.version for each in told] == ["3"]
    assert told[0].bodyChanges == ()
    # a version of the wire tells of no kill, what the index has of it does
    told = history([*first, version(4)], version(4, lifts="9"), now=NOW)
    assert [each.version for each in told] == ["3", "4"]
    told = history([*first, *second], version(6, lifts="99"), now=NOW)
    assert [each.version for each in told] == ["4", "6"]
    # its beginning is not in Kafka any more, or was not read in time
    told = history([version(1)], version(6, lifts="99"), now=NOW)
    assert [each.version for each in told] == ["6"]


def test_the_version_shown_is_there_when_kafka_has_none() -> None:
    (told,) = history([], version(1), now=NOW)
    assert told.current


def test_changes_are_told_word_for_word_with_words_around_them() -> None:
    words = [f"w{number}" for number in range(100)]
    changed = [*words]
    changed[50] = "new"
    kinds = [(part.kind, part.text) for part in changes(" ".join(words), "\n".join(changed))]
    assert kinds == [
        ("left out", ""),
        ("same", " ".join(words[42:50])),
        ("removed", "w50"),
        ("added", "new"),
        ("same", " ".join(words[51:59])),
        ("left out", ""),
    ]
    assert changes("a  b", "a\nb") == ()
    assert [part.kind for part in changes("", "all new")] == ["added"]
    assert [part.kind for part in changes("a b", "a b c")] == ["same", "added"]


def test_a_very_long_text_is_compared_in_part() -> None:
    long = " ".join(["word"] * 10_000)
    told = history(
        [enriched(versionCreated="2022-01-01", body=long)],
        enriched(versionCreated="2022-01-02", body=long + " x"),
        now=NOW,
    )
    assert not told[1].compared
