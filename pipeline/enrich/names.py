"""How names are compared: normal forms, transliterations, acronyms and misspellings. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-"})
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^\w' -]+")
_ARTICLE = re.compile(r"(?:al|el|ash|as|ad|an|ar|at|az)-(?=\w{3})")
SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "junior", "senior", "esq", "phd", "md"})

# Spellings of one sound in names brought over from Cyrillic, Arabic and other scripts, longest first.
_HEARD = """
shch>sh sch>sh tsch>ch tch>ch dzh>j zh>z kh>h gh>g ck>k ph>f ts>z tz>z iy>i yi>i yy>i ij>i ii>i ie>e
ye>e yo>o yu>u iu>u ya>a ia>a ou>u oo>u ee>i dj>j q>k w>v x>ks c>k y>i j>i '> ->
"""
_TRANSLITERATIONS = [tuple(pair.split(">")) for pair in _HEARD.split()]

# Neighbours on a QWERTY keyboard, and letters that sound alike: the slips that make misspellings.
_KEYBOARD = """
q:wa w:qes e:wrd r:etf t:ryg y:tuh u:yij i:uok o:ipl p:o a:qsz s:awdzx d:sefxc f:drgcv g:fthvb
h:gyjbn j:huknm k:jilm l:kop z:asx x:zsdc c:xdfv v:cfgb b:vghn n:bhjm m:njk
"""
_NEIGHBOURS = {pair[0]: pair[2:] for pair in _KEYBOARD.split()}
_ALIKE = ("sz", "sc", "ck", "kq", "iy", "ie", "ea", "fv", "vw", "gj", "td", "bp", "mn", "ou", "ao", "ei", "xz", "xs")


def plain(text: str) -> str:
    """Lower case, without accents, one space between words: the form that names are compared in."""
    if text.isascii():
        if text.isprintable() and "  " not in text:
            return text.strip().lower()
    else:
        text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return _SPACES.sub(" ", text).strip().lower()


def key(text: str) -> str:
    """The form that ids are made of: `plain`, without marks other than hyphens and apostrophes inside words."""
    return _SPACES.sub(" ", _NOT_WORD.sub("", plain(text).replace(".", ""))).strip(" '-") or plain(text)


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """A word with the usual variants of transliteration made equal: Zelenskyy, Zelensky and Zelenskiy."""
    folded = plain(word)
    for written, heard in _TRANSLITERATIONS:
        if written in folded:
            folded = folded.replace(written, heard)
    out: list[str] = []
    for character in folded:
        if not out or out[-1] != character:
            out.append(character)
    return "".join(out)


def words_of(name: str) -> list[str]:
    """The words of a person's name in normal form, without Jr and the like, and without the article of "al-Assad"."""
    words = [_ARTICLE.sub("", word.strip(".,")) for word in plain(name).split(" ")]
    kept = [word for word in words if word and word not in SUFFIXES]
    return kept or [word for word in words if word]


def generation(name: str) -> str:
    """The mark that tells a son from his father: "jr", "iii" or ""."""
    last = plain(name).rsplit(" ", 1)[-1].strip(".,")
    return last if last in SUFFIXES and " " in name.strip() else ""


def is_initial(word: str) -> bool:
    """Whether a word of a name is initials: "J", "J.", "J.P."."""
    letters = word.replace(".", "")
    return len(letters) == 1 or (len(letters) <= 3 and "." in word)


_LESSER = frozenset(
    {"of", "the", "and", "for", "in", "on", "to", "de", "del", "la", "du", "des", "&", "at", "with", "a", "an"}
)


def acronyms(name: str) -> set[str]:
    """The acronyms that a name of several words can have: its capitals, with and without the small words."""
    words = [word for word in re.split(r"[\s\-/]+", name.replace(".", "")) if word]
    if len(words) < 2:
        return set()
    heads = "".join(word[0] for word in words if word.lower() not in _LESSER).upper()
    with_small = "".join(word[0] for word in words).upper()
    with_of = "".join(word[0] for word in words if word.lower() not in {"the", "and", "&"}).upper()
    return {form for form in (heads, with_small, with_of) if len(form) >= 2}


def distance(left: str, right: str, limit: int = 2) -> int:
    """Damerau-Levenshtein distance (adjacent swaps count one), or `limit` + 1 where it is more than `limit`."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for row, first in enumerate(left, 1):
        current = [row]
        for column, second in enumerate(right, 1):
            best = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (first != second))
            if before and column > 1 and first == right[column - 2] and left[row - 2] == second:
                best = min(best, before[column - 2] + 1)
            current.append(best)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]


def is_misspelling(written: str, meant: str) -> bool:
    """Whether `written` can be a slip for `meant`: one edit in five letters or more, two in nine or more.

    A substituted letter counts where the two are neighbours on the keyboard or sound alike, or in a word of eight
    letters or more; so "Xelenskyy" is a slip for "Zelenskyy", and "Bush" none for "Cush".
    """
    left, right = plain(written), plain(meant)
    longest = max(len(left), len(right))
    if left == right or min(len(left), len(right)) < 5:
        return False
    edits = distance(left, right, 2)
    if edits > (2 if longest >= 9 else 1):
        return False
    changed = [(a, b) for a, b in zip(left, right, strict=False) if a != b]
    if len(left) == len(right) and edits == 1 and len(changed) == 1:
        return longest >= 8 or _slip(*changed[0])
    return True


def _slip(written: str, meant: str) -> bool:
    pair = "".join(sorted(written + meant))
    return written in _NEIGHBOURS.get(meant, "") or any("".join(sorted(alike)) == pair for alike in _ALIKE)
