"""Groups of articles that are alike, in the order of the best of each; pure.

An article belongs to the first group whose head it is alike (`signature.are_alike`), or heads one of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.signature import ALIKE_COMMON, PERMUTATIONS, Signature, are_alike, common, read

_FEWEST_EQUAL: Final = math.ceil(ALIKE_COMMON * PERMUTATIONS)  # numbers that signatures of alike texts share
_ROOM: Final = 256  # heads at first


@dataclass(frozen=True, slots=True)
class Found:
    """What folding needs of an article: its document id, and its signature as written."""

    id: str
    minhash: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Its head, and the document ids of what is alike, each with the share of what both have in common."""

    head: Found
    signature: Signature | None
    alike: dict[str, float] = field(default_factory=dict)


class Groups:
    """Groups in the order of their heads."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._seen: set[str] = set()
        # Signatures of heads as one array: a comparison with all of them at once. Of 200 articles of
        # tests/benchmarks/web_speed.py every pair takes 177 ms one by one, and 6 ms so.
        self._heads: npt.NDArray[np.uint16] = np.zeros((_ROOM, PERMUTATIONS), np.uint16)
        self._heading: list[Group] = []  # the group of each row

    def add(self, found: Found, *, may_head: bool = True) -> None:
        """Fold an article into the first group that it is alike; where there is none it may head one."""
        if found.id in self._seen:
            return
        own = read(found.minhash)
        group = self._group_of(own) if own else None
        if group is not None and group.signature and own:
            self._seen.add(found.id)
            group.alike[found.id] = common(group.signature, own)
        elif may_head:
            self._seen.add(found.id)
            self._head(Group(found, own))

    def _head(self, group: Group) -> None:
        self.groups.append(group)
        if group.signature is None:
            return
        if len(self._heading) == len(self._heads):
            self._heads = np.concatenate([self._heads, np.zeros_like(self._heads)])
        self._heads[len(self._heading)] = group.signature.values
        self._heading.append(group)

    def _group_of(self, own: Signature) -> Group | None:
        equal = self._heads[: len(self._heading)] == np.array(own.values, np.uint16)
        # a sum of bytes is twice as fast as count_nonzero along an axis; there are no more than 128
        for row in np.flatnonzero(np.add.reduce(equal.view(np.uint8), axis=1, dtype=np.uint8) >= _FEWEST_EQUAL):
            group = self._heading[row]
            if group.signature and are_alike(group.signature, own):
                return group
        return None


def fold(articles: Iterable[Found]) -> list[Group]:
    """Articles, the best first, as groups of what is alike."""
    groups = Groups()
    for article in articles:
        groups.add(article)
    return groups.groups
