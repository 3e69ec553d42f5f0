"""The same story over several agencies: the signature of what an article says, a pure function of its text.

The features of a text are its runs of four words, and three times over each of its names and numbers (words that it
never writes with a small first letter). Editors reword and cut, but keep names and numbers; stories that a machine
writes from one form have the words alike and the names not. Case, signs, dateline, by-line and the notes that an
agency puts under its stories don't count. rensa's RMinHash makes the signature (pipeline/signature.py).

Signatures are indexed: whatever makes the same text come out otherwise needs a new SCHEME there.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from rensa import RMinHash

from pipeline import signature
from pipeline.wire import dateline

SEED: Final = 20220226
RUN: Final = 4  # words
_NAME_MARKS: Final = ("0\n", "1\n", "2\n")  # a name is that many features
FEWEST_WORDS: Final = 12  # a shorter text is like any other that is as short
MOST_CHARACTERS: Final = 120_000  # of a text that are looked at; news is shorter, and memory is bounded

# scripts without spaces between words are taken letter by letter
_WORDS: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+(?:[.,:'][^\W_]+)*"
)
_BYLINE: Final = re.compile(r"(?:By|Von|Par|Por|Da|Di|Av|Af|Door) [^\n.]{3,80}\Z")
_NOTE_LENGTH: Final = 400  # characters of the longest note that is recognised
_NOTE: Final = re.compile(
    r"[(\[].{0,380}[)\]]\.?\Z|[^\n]{0,3}\Z|[-_*=/# ]+\Z|\S{1,8}(?:[/ ]\S{1,5}){1,5}\Z"
    r"|.*(?:©|\(c\)|\bcopyright\b|all rights reserved|alle rechte vorbehalten|tous droits r[ée]serv[ée]s)"
    r"|(?:this|the) (?:story|article|item|version|report) (?:was|has been|is|corrects|updates)\b"
    r"|(?:additional |further )?(?:reporting|editing|writing|graphics?) by\b",
    re.IGNORECASE | re.DOTALL,
)


def minhash(text: str) -> str | None:
    """The signature of a text as `signature.read` reads it; None for a text of a few words."""
    features = _features(text)
    if features is None:
        return None
    hashed = RMinHash(num_perm=signature.PERMUTATIONS, seed=SEED)
    hashed.update(features)
    return signature.write(len(features), hashed.digest())


def story(text: str) -> str:
    """The text without dateline, by-lines and the notes below it."""
    found = dateline.find(text)
    if found is not None:
        text = text[: found.start] + text[found.end :]
    paragraphs = [part.strip() for part in text.split("\n\n")]
    first, last = 0, len(paragraphs)
    while last - first > 1 and len(paragraphs[last - 1]) <= _NOTE_LENGTH and _NOTE.match(paragraphs[last - 1]):
        last -= 1
    while last - first > 1 and _BYLINE.match(paragraphs[first]):
        first += 1
    return "\n\n".join(paragraphs[first:last])


def _features(text: str) -> list[str] | None:
    text = unicodedata.normalize("NFC", story(text[:MOST_CHARACTERS]).replace("’", "'"))
    written = _WORDS.findall(text)
    if len(written) < FEWEST_WORDS:
        return None
    folded = [word.casefold() for word in written]
    features = {*map(" ".join, zip(*(folded[at:] for at in range(RUN)), strict=False))}
    different = {*written}
    small = {word for word in different if word[0].islower()}
    names = {word.casefold() for word in different - small} - small
    for mark in _NAME_MARKS:
        features.update(map(mark.__add__, names))
    return [*features]
