"""What agencies say in words at the head of a story, or in a note to editors: kill, withhold, correction, embargo.

Metadata often lacks it: a kill comes as a new text that begins with KILL, an embargo as a line in capitals. We look
only where agencies put such words (the label before a headline, the end of a slug, the note, the first lines of the
text), and only in their forms: a story *about* a kill is not one. What we find is added to the metadata and never
makes an article more public than that says.

A kill may come under an id of its own and name the story by slug, number, address or headline: these become links
with the relation `kills`, for whoever holds the stories to match.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from pipeline.article import Link, PubStatus, WireArticle
from pipeline.wire import embargo_words, signal_words
from pipeline.wire import signal_patterns as patterns
from pipeline.wire.fields import unique

KILLS: Final = "kills"  # the relation of a link to what a kill names

_HEAD_LINES: Final = 4
_LINE_LENGTH: Final = 300
_CONTEXT: Final = 1500  # characters of the text that may confirm a kill
_ADVISORY_LENGTH: Final = 1000
_SHORT: Final = 400  # a text of this length under a kill is an advisory, not a story


@dataclass(frozen=True, slots=True)
class _Found:
    meaning: str
    version: str | None = None


def apply(article: WireArticle) -> WireArticle:
    """The article with what its words say: pubStatus, embargoed, signals, version, and links to what a kill names."""
    lines = list(_head_lines(article.body))
    found = list(_labels(article, lines))
    meanings = [each.meaning for each in found]
    status: PubStatus = article.pubStatus
    links = article.links
    embargoed = article.embargoed
    if "kill" in meanings and status != "canceled":
        status = "canceled"
        links = unique((*links, *_named(article)))
    elif "withhold" in meanings and status == "usable":
        status = "withheld"
    if embargoed is None:
        said = _embargo(article, lines)
        if said is not None:
            meanings.append("embargo")
            embargoed = said.until
            if said.until is None and status == "usable":
                status = "withheld"  # under embargo until a later version says otherwise
    if not meanings:
        return article
    version = article.version or next((each.version for each in found if each.version), None)
    return msgspec.structs.replace(
        article,
        pubStatus=status,
        embargoed=embargoed,
        version=version,
        links=links,
        signals=unique((*article.signals, *meanings)),
    )


def _head_lines(body: str) -> Iterator[str]:
    """The first lines of a text, those that are short enough to be labels or notes."""
    start = 0
    for _ in range(_HEAD_LINES):
        while start < len(body) and body[start].isspace():
            start += 1
        end = body.find("\n", start)
        end = len(body) if end < 0 else end
        if start >= end:
            return
        yield body[start : min(end, start + _LINE_LENGTH)].rstrip()
        start = end


def _labels(article: WireArticle, lines: list[str]) -> Iterator[_Found]:
    if article.headline:
        yield from _headline_labels(article.headline, article)
        yield from _headline_end(article.headline, article)
    if article.slugline:
        yield from _slug_labels(article.slugline)
    if article.edNote:
        yield from _note(article.edNote)
    advised = _is_advisory(article)
    addressed_before = False
    for number, row in enumerate(lines):
        killed = patterns.KILL_LINE.match(row)
        if killed:
            yield _Found(patterns.MEANING[killed["word"]])
            continue
        addressed = patterns.TO_EDITORS.match(row)
        if addressed:
            yield from _orders(addressed["said"])
        elif advised or addressed_before or patterns.ADVISED.match(row):
            yield from _orders(row)
        addressed_before = patterns.ADDRESS.match(row) is not None
        if number == 0:
            yield from _headline_labels(row, article)
        in_brackets = patterns.PARENTHESIS.match(row)
        if in_brackets:
            yield _Found(_note_meaning(in_brackets["word"]))
        elif signal_words.CORRECTS.match(row):
            yield _Found("correction")


def _is_advisory(article: WireArticle) -> bool:
    """Whether a short text stands under a headline that addresses editors: what it orders is meant for them."""
    headline = article.headline
    return bool(headline and len(article.body) <= _ADVISORY_LENGTH and patterns.ADVISORY.match(headline))


def _headline_labels(text: str, article: WireArticle) -> Iterator[_Found]:
    """The labels before a headline, one behind the other."""
    position = 0
    for _ in range(4):
        found = patterns.LABEL.match(text, position) or patterns.TITLE_LABEL.match(text, position)
        if found is None:
            break
        meaning = patterns.MEANING[found["word"].upper()]
        version = found["number"] or found.groupdict().get("ordinal")
        strong = bool(found.groupdict().get("strong")) or found.end() >= len(text.rstrip())
        doubtful = found["word"].upper() in patterns.DOUBTFUL
        if doubtful:
            strong = False
        if meaning not in ("kill", "withhold") or strong or (_ordered(article) if doubtful else _confirmed(article)):
            yield _Found(meaning, version)
        position = found.end()
    ordinal = patterns.ORDINAL_LABEL.match(text, position)
    if ordinal:
        yield _Found("lead", ordinal["ordinal"])


def _headline_end(headline: str, article: WireArticle) -> Iterator[_Found]:
    """What stands alone at the end of a headline, or instead of one."""
    headline = " ".join(headline.split())[:_LINE_LENGTH]  # the patterns would read a run of spaces again and again
    found = patterns.KILL_LINE.match(headline) or patterns.HEADLINE_END.search(headline)
    if found:
        meaning, doubtful = patterns.MEANING[found["word"]], found["word"] in patterns.DOUBTFUL
        if meaning not in ("kill", "withhold") or (_ordered(article) if doubtful else _confirmed(article)):
            yield _Found(meaning)
    elif signal_words.CORRECTS.match(headline):
        yield _Found("correction")
    first = headline.partition(" ")[0].strip(".:-–—/*")
    ordered = signal_words.ORDERED.search(headline) or patterns.MEANING.get(first) == "kill"
    if ordered and signal_words.ORDERED.search(f"{article.edNote or ''}\n{article.body[:_ADVISORY_LENGTH]}"):
        yield _Found("kill")


def _ordered(article: WireArticle) -> bool:
    """Whether text or note order a kill in one of the other languages, or an English one confirms it."""
    said = f"{article.edNote or ''}\n{article.body[:_ADVISORY_LENGTH]}"
    return bool(signal_words.ORDERED.search(said) or patterns.CONFIRMS.search(said))


def _slug_labels(slug: str) -> Iterator[_Found]:
    slug = " ".join(slug.split())  # the patterns would read a run of spaces again from each of them
    lead = patterns.SLUG_LEAD.search(slug)
    if lead:
        yield _Found("lead", lead["ordinal"])
    found = patterns.SLUG_WORD.search(slug)
    if found:
        yield _Found(patterns.MEANING[(found["word"] or found["title"]).upper()])


def _note(note: str) -> Iterator[_Found]:
    for row in note.split("\n")[:_HEAD_LINES]:
        addressed = patterns.TO_EDITORS.match(row[:_LINE_LENGTH])
        yield from _orders(addressed["said"] if addressed else row)
        word = patterns.NOTE_WORD.match(row)
        if word:
            yield _Found(_note_meaning(word["word"]))


def _orders(said: str) -> Iterator[_Found]:
    """What editors are told to do with the story."""
    said = said[:_LINE_LENGTH]
    if patterns.KILL_SAID.search(said) or signal_words.ORDERED.search(said):
        yield _Found("kill")
    elif patterns.WITHHOLD_SAID.search(said):
        yield _Found("withhold")


def _note_meaning(word: str) -> str:
    word = word.lower()
    return next(meaning for start, meaning in patterns.NOTE_MEANING.items() if word.startswith(start))


def _confirmed(article: WireArticle) -> bool:
    """Whether a label that could be a title stands over an advisory rather than a story."""
    body = article.body[:_CONTEXT]
    return len(article.body.strip()) <= _SHORT or bool(patterns.CONFIRMS.search(f"{article.edNote or ''}\n{body}"))


def _embargo(article: WireArticle, lines: list[str]) -> embargo_words.Said | None:
    created = article.versionCreated
    if article.edNote:
        said = embargo_words.find(article.edNote, created=created, anywhere=True)
        if said:
            return said
    for row in (article.headline, article.slugline, *lines):
        said = embargo_words.find(row, created=created) if row else None
        if said:
            return said
    return None


def _named(article: WireArticle) -> Iterator[Link]:
    """What a kill names: slugs, numbers, addresses and headlines, other than its own."""
    text = "\n".join(filter(None, (article.headline, article.slugline, article.edNote, article.body[:_CONTEXT])))
    own = {article.uri, *article.altIds, article.slugline, None}
    for pattern in patterns.NAMED:
        for found in pattern.finditer(text):
            name = found["name"].rstrip(".,;:-")
            if name not in own:
                yield Link(rel=KILLS, href=name)
    for found in signal_words.NUMBERED.finditer(text):
        if found["name"] not in own:
            yield Link(rel=KILLS, href=found["name"])
    for found in (*patterns.HEADLINED.finditer(text), *signal_words.HEADLINED.finditer(text)):
        yield Link(rel=KILLS, title=" ".join(found["name"].split()).rstrip(","))
