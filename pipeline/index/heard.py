"""Names of people by how they sound, for searches that spell them another way: pure.

Sergey and Sergei, Muhammad and Mohammed, Husayn and Hossein: what is brought over from another script has no one
spelling. Beyond the transliterations that the enrichment takes for equal (`names.sound`), the short vowels of Arabic
and Persian are written a, e or i, and o or u, as each newspaper likes; so inside a longer word those count as one.
A first name alone would find too many others: only whole names of several words are compared, all of their words in
their order.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pipeline.enrich import names

WORDS: Final = range(2, 6)  # of a name that is compared
_LONG: Final = 5  # letters from which on vowels count as one: Ann is not Inn
_VOWELS: Final = str.maketrans("eiu", "aao")
_AGAIN: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=16_384)  # of a document's making it took 45 % without (measured)
def heard(name: str) -> str | None:
    """The name as `names.heard` has it; None for what is no name of several words."""
    # taken apart first: "Al Rashidi" is heard as "al-Rashidi" is, whose article `words_of` would leave out
    words = names.words_of(names.plain(name).replace("-", " "))
    return " ".join(map(_heard, words)) if len(words) in WORDS else None


@lru_cache(maxsize=8192)
def _heard(word: str) -> str:
    sound = names.sound(word)
    if len(sound) < _LONG:
        return sound
    return _AGAIN.sub(r"\1", sound[0] + sound[1:].translate(_VOWELS))
