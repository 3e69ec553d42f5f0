"""How many copies are recognised, and how many other stories are taken for copies (docs/decisions.md)."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

import pytest

from pipeline import signature
from pipeline.enrich.near_duplicates import minhash
from tests.quality.near_copies import COPIES, Pair, copies, different

# of each kind of copy at least so many are recognised, the last by the bands of the index as well
RECALL = dict.fromkeys(COPIES, 0.99) | {"20 % reworded": 0.85}
FALSE_ALARMS = {"other story": 0.001, "same phrases": 0.27, "same form": 0.08}
PRECISION, RECALL_OF_ALL = 0.98, 0.98  # of all copies and all pairs of other stories but those of one form


@lru_cache(maxsize=4096)
def _signed(text: str) -> tuple[signature.Signature, frozenset[str]]:
    written = minhash(text)
    found = signature.read(written)
    assert found is not None
    return found, frozenset(signature.bands(written))


def _recognised(pair: Pair) -> bool:
    """As a folded search does: candidates by bands, then by the whole signature."""
    (first, bands), (second, others) = _signed(pair.first), _signed(pair.second)
    return len(bands & others) >= signature.FEWEST_BANDS and signature.are_alike(first, second)


@lru_cache(maxsize=1)
def _shares() -> dict[str, tuple[int, int]]:
    counts: dict[str, list[bool]] = defaultdict(list)
    for pair in (*copies(), *different()):
        counts[pair.kind].append(_recognised(pair))
    return {kind: (sum(found), len(found)) for kind, found in counts.items()}


@pytest.mark.parametrize("kind", RECALL)
def test_recall(kind: str) -> None:
    found, of = _shares()[kind]
    assert found >= RECALL[kind] * of, f"{found} of {of}"


@pytest.mark.parametrize("kind", FALSE_ALARMS)
def test_false_alarms(kind: str) -> None:
    found, of = _shares()[kind]
    assert found <= FALSE_ALARMS[kind] * of, f"{found} of {of}"


def test_precision_and_recall_of_all() -> None:
    right = sum(_shares()[kind][0] for kind in COPIES)
    wrong = _shares()["other story"][0]
    assert right / (right + wrong) >= PRECISION
    assert right / sum(_shares()[kind][1] for kind in COPIES) >= RECALL_OF_ALL
