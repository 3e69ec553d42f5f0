"""Whether words in quotation marks are speech: not a title of a film, a nickname or a word held with tongs."""

from __future__ import annotations

from pipeline.article import Quotation
from pipeline.enrich.speakers.direct import Attribution

_FEW = 4  # words; so few without an attribution are a term or a title
_SMALL = frozenset(
    {"of", "the", "and", "for", "in", "on", "to", "a", "an", "at", "with", "from", "by", "or", "but", "is", "as"}
)


_TITLE_WORDS = 7
_BEFORE_TITLES = frozenset(
    {
        "on",
        "of",
        "in",
        "at",
        "'s",
        "’s",
        "called",
        "titled",
        "entitled",
        "named",
        "program",
        "show",
        "film",
        "movie",
        "book",
    }
)


def is_speech(quotation: Quotation, attribution: Attribution | None, before: str, after: str) -> bool:
    """Whether the quotation is somebody's words. With a cue it is; without, a few words or a title are not.

    `before` and `after` are the words that stand on either side of it, "" at the ends of a paragraph.
    """
    inner = quotation.text.strip("\"“”„‟«»'‘’`＂ ")
    words = inner.split()
    titled = all(word[0].isupper() or word.lower() in _SMALL or not word[0].isalpha() for word in words)
    if titled and quotation.group is None and len(words) <= _TITLE_WORDS:
        if before.lower() in _BEFORE_TITLES or (not before and not after):
            return False
        if len(words) == 1 and before[:1].isupper() and after[:1].isupper():  # Marcia “Cia” Price
            return False
    if attribution is not None and attribution.cue is not None:
        return True
    if quotation.group is not None:
        return True
    ended = inner[-1:] in ".?!,…"
    if len(words) <= _FEW:
        return ended and attribution is not None and len(words) > 1
    return ended or not titled
