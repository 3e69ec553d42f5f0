"""Signatures of texts (MinHash, Broder 1997): how they are written, compared, and cut into bands for an index.

`pipeline/enrich/near_duplicates.py` makes them. A signature is 128 numbers; the share of numbers that two texts have
in common estimates the share of features that they have in common. Sizes and thresholds were chosen on
tests/quality/near_copies.py (docs/decisions.md).
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from operator import eq
from typing import Final

SCHEME: Final = 1  # of features, hash and permutations; signatures of different schemes are never compared
PERMUTATIONS: Final = 128
ROWS: Final = 2  # numbers of a band
BANDS: Final = PERMUTATIONS // ROWS
# alike texts share that many bands: 996 in 1,000 with 35 % of their features in common; 2 in 1,000 with 3 %
FEWEST_BANDS: Final = 2

# Two texts are alike where the shorter has this share of its features in the longer, and all features this in common
ALIKE_CONTAINED: Final = 0.5
ALIKE_COMMON: Final = 0.22

_HEAD: Final = struct.Struct(">BI")  # scheme, number of features
_VALUES: Final = struct.Struct(f">{PERMUTATIONS}H")
_BAND_DIGITS: Final = 4 * ROWS  # hexadecimal


@dataclass(frozen=True, slots=True)
class Signature:
    """The MinHash of a text, and how many features the text has."""

    features: int
    values: tuple[int, ...]


def write(features: int, values: Sequence[int]) -> str:
    """A signature as base64 (URL-safe); of each value the lower 16 bits are kept."""
    data = _HEAD.pack(SCHEME, features) + _VALUES.pack(*(value & 0xFFFF for value in values))
    return base64.urlsafe_b64encode(data).decode("ascii")


def read(written: str | None) -> Signature | None:
    """A signature as `write` wrote it; None for none, or one of another scheme."""
    data = _bytes(written)
    if data is None:
        return None
    _, features = _HEAD.unpack_from(data)
    return Signature(features, _VALUES.unpack_from(data, _HEAD.size))


def bands(written: str | None) -> tuple[str, ...]:
    """The bands of a signature, as terms of an index: alike texts share at least `FEWEST_BANDS` of the 64."""
    data = _bytes(written)
    if data is None:
        return ()
    digits = data[_HEAD.size :].hex()
    starts = range(0, len(digits), _BAND_DIGITS)
    return tuple(f"{SCHEME}.{start // _BAND_DIGITS}.{digits[start : start + _BAND_DIGITS]}" for start in starts)


def common(first: Signature, second: Signature) -> float:
    """The estimated share of all their features that two texts have in common (Jaccard index), 0 to 1."""
    equal: int = sum(map(eq, first.values, second.values))
    return equal / PERMUTATIONS


def are_alike(first: Signature, second: Signature) -> bool:
    """Whether two texts tell the same story in the same words, one perhaps shortened, reworded or added to."""
    share = common(first, second)
    if share < ALIKE_COMMON:
        return False
    # from the Jaccard index J and both sizes: |A and B| = J (|A| + |B|) / (1 + J)
    shared = share * (first.features + second.features) / (1 + share)
    return shared >= ALIKE_CONTAINED * min(first.features, second.features)


def _bytes(written: str | None) -> bytes | None:
    if not written:
        return None
    try:
        data = base64.b64decode(written, altchars=b"-_", validate=True)
    except ValueError:
        return None
    return data if len(data) == _HEAD.size + _VALUES.size and data[0] == SCHEME else None
