"""Which articles become one group, compared with a comparison of every pair."""

from __future__ import annotations

import random

from pipeline import signature
from pipeline.enrich.near_duplicates import minhash
from pipeline.index.groups import Found, Group, fold
from tests.quality.near_copies import articles

TEXTS = [articles()[number] for number in (0, 5, 10, 15)]


def found(name: str, text: str) -> Found:
    return Found(name, minhash(text))


def told(groups: list[Group]) -> list[tuple[str, list[str]]]:
    return [(group.head.id, list(group.alike)) for group in groups]


def test_each_is_folded_into_the_first_that_it_is_alike() -> None:
    half = "\n\n".join(TEXTS[0].split("\n\n")[:2])
    groups = fold(
        [
            found("a", TEXTS[0]),
            found("b", TEXTS[1]),
            found("a2", TEXTS[0] + "\n\n(Exa)"),
            found("short", "Flash."),
            found("b2", TEXTS[1]),
            found("short too", "Flash."),
            found("a", TEXTS[2]),  # seen already
            found("a3", half),
        ]
    )
    assert told(groups) == [("a", ["a2", "a3"]), ("b", ["b2"]), ("short", []), ("short too", [])]
    assert groups[0].alike["a2"] == 1.0
    assert 0.2 < groups[0].alike["a3"] < 1.0


def one_by_one(all_of_them: list[Found]) -> list[tuple[str, list[str]]]:
    """The definition: each with every head before it."""
    heads: list[tuple[Found, signature.Signature | None, list[str]]] = []
    for each in all_of_them:
        own = signature.read(each.minhash)
        for _, other, alike in heads:
            if own and other and signature.are_alike(other, own):
                alike.append(each.id)
                break
        else:
            heads.append((each, own, []))
    return [(head.id, alike) for head, _, alike in heads]


def test_the_groups_are_those_of_a_comparison_of_every_pair() -> None:
    chance = random.Random(5)
    signatures: list[str | None] = []
    for _ in range(400):
        drawn = chance.random()
        before = signature.read(chance.choice(signatures)) if signatures else None
        if drawn < 0.05:
            signatures.append(None)
        elif drawn < 0.6 or before is None:
            values = [chance.randrange(1 << 16) for _ in range(signature.PERMUTATIONS)]
            signatures.append(signature.write(chance.randrange(40, 400), values))
        else:  # as much in common as just is enough, or just is not
            kept = chance.randrange(20, 60)
            values = [
                value if number < kept else chance.randrange(1 << 16) for number, value in enumerate(before.values)
            ]
            signatures.append(signature.write(chance.randrange(40, 400), values))
    every = [Found(str(number), written) for number, written in enumerate(signatures)]
    groups = told(fold(every))
    assert groups == one_by_one(every)
    assert len(groups) > 256  # more heads than the array has room for at first
    assert sum(len(alike) for _, alike in groups) > 50
