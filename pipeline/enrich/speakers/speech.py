"""Whether words in quotation marks are speech: not a title of a film, a nickname or a word held with tongs."""

from __future__ import annotations

from pipeline.article import Quotation
from pipeline.enrich.speakers.clauses import Attribution
from pipeline.enrich.speakers.cues import cues, works

_FEW = 4  # words; so few without an attribution are a term or a title
_SMALL = frozenset(
    {"of", "the", "and", "for", "in", "on", "to", "a", "an", "at", "with", "from", "by", "or", "but", "is", "as"}
)
_TITLE_WORDS = 7
_BEFORE_TITLES = frozenset({"on", "of", "in", "at", "'s", "’s", "called", "titled", "entitled", "named", "whose"})
_ARTICLES = frozenset({"a", "an", "the", "his", "her", "their", "its"})
_DETERMINED = _ARTICLES | {"'s", "’s", "my", "our", "your"}
_COPULAS = frozenset({"is", "are", "was", "were", "am", "be", "been"})


def is_speech(quotation: Quotation, attribution: Attribution | None, before: list[str], after: str) -> bool:
    """Whether the quotation is somebody's words. With a cue it is; without, a few words or a title are not.

    `before` are the three words that stand before it, `after` the word behind it, "" at the ends of a paragraph.
    """
    inner = quotation.text.strip("\"“”„‟«»'‘’`＂ ")
    words = inner.split()
    ended = inner[-1:] in ".?!,…"
    titled = all(word[0].isupper() or word.lower() in _SMALL or not word[0].isalpha() for word in words)
    lead = before[-1]
    noun = before[-2] if lead == "," else lead  # "his memoir, “My Wrong Notes,”"
    if titled and quotation.group is None and len(words) <= _TITLE_WORDS:
        if lead.lower() in _BEFORE_TITLES or (not lead and not after and inner[-1:] not in "?!") or _known_as(before):
            return False
        if noun.lower() in works() or (after.lower() in works() and not ended):
            return False
        if inner[-1:] == "," and lead.islower() and lead not in cues() and after.lower() in _ARTICLES:
            return False  # making “Jackie,” his portrait of her
        if before[-1] == "," and _DETERMINED & {word.lower() for word in before} and _is_name(words, attribution):
            return False  # her debut, “The Salt Road,” won the prize
        if len(words) == 1 and lead[:1].isupper() and after[:1].isupper():  # Marcia “Cia” Price
            return False
        if lead.lower() in _ARTICLES and after.islower() and not ended and len(words) <= _FEW:  # a “Dear John” letter
            return False
    alone = not lead and not after
    if len(words) <= _FEW and "".join(before[-3:]).lower().endswith("so-called"):
        return False
    if attribution is not None and attribution.cue is not None and not attribution.carried:
        return True
    if quotation.group is not None:
        return True
    if len(words) <= _FEW:
        return ended and attribution is not None and (alone or len(words) > 1) and lead.lower() not in _COPULAS
    return ended or not titled


def _is_name(words: list[str], attribution: Attribution | None) -> bool:
    """Whether words with capitals that nobody says are the name of a work: two of them at least."""
    told = attribution is not None and attribution.cue is not None
    return not told and sum(word[0].isupper() and word.lower() not in _SMALL for word in words) > 1


def _known_as(before: list[str]) -> bool:
    return before[-1].lower() == "as" and before[-2].lower() in ("known", "titled", "billed")
