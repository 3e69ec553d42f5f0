"""What agencies say in words at the head of a story, or in a note to editors: kill, withhold, correction, embargo.

Metadata often lacks it: a kill comes as a new text that begins with KILL, an embargo as a line in capitals. We look
only where agencies put such words (the label before a headline, the end of a slug, the note, the first lines of the
text), and only in their forms: a story *about* a kill is not one. What we find is added to the metadata and never
makes an article more public than that says.

A kill may come under an id of its own and name the story by slug, number, address or headline: these become links
with the relation `kills`, for whoever holds the stories to match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from pipeline.article import Link, PubStatus, WireArticle
from pipeline.wire import embargo_words
from pipeline.wire.fields import unique

KILLS: Final = "kills"  # the relation of a link to what a kill names

_HEAD_LINES: Final = 4
_LINE_LENGTH: Final = 300
_CONTEXT: Final = 1500  # characters of the text that may confirm a kill
_SHORT: Final = 400  # a text of this length under a kill is an advisory, not a story

_LABELS: Final = {
    "kill": "KILL KILLED WITHDRAWN WITHDRAWAL WITHDRAWS ANNULATION STORNO ELIMINATION",
    "withhold": "WITHHOLD WITHHELD",
    "correction": "CORRECTION CORRECTED CORRECTIVE CORRECTS CORR KORREKTUR BERICHTIGUNG CLARIFICATION",
    "refile": "REFILE REFILED",
    "update": "UPDATE UPDATED UPDATES",
    "repeat": "RPT REPEAT",
    "lead": "LEAD LEADALL LD WRITETHRU",
}
_MEANING: Final = {word: meaning for meaning, words in _LABELS.items() for word in words.split()}
_ANY = "|".join(sorted(_MEANING, key=len, reverse=True))
_STRENGTH = r"(?:BULLETIN|URGENT|MANDATORY|FLASH|ADVISORY|ATTENTION)"

# "UPDATE 2-CORRECTED-Headline", "REFILE-...", "CORRECTION: ...", "1st LEAD ...", "(KILL) ..."
_LABEL = re.compile(
    rf"[\s+=*(\[]*(?P<strong>(?:{_STRENGTH}[\s-]+)*)"
    rf"(?:(?P<ordinal>\d{{1,2}})(?:st|nd|rd|th)\s+)?(?P<word>{_ANY})(?:\s*(?P<number>\d{{1,2}}))?"
    r"(?P<end>[)\]]|\s*[:+=*]+|\s*-{1,2}|\s*[–—]|\s*,|\s*\Z)"
)
_TITLE_LABEL = re.compile(r"(?P<word>Correction|Corrected|Clarification|Update|Refile)(?: (?P<number>\d{1,2}))?:\s")
_ORDINAL_LABEL = re.compile(r"(?P<ordinal>\d{1,2})(?:st|nd|rd|th)[ -](?:LEAD|Lead|Ld|LD)\b")
# the end of a slug: "BC-Ferry, 1st Ld-Writethru", "BC-Ferry, KILL"
_SLUG_LEAD = re.compile(r"\b(?P<ordinal>\d{1,2})(?:st|nd|rd|th) ?-?(?:Ld|Lead)(?:-?Writethru)?\b", re.I)
_SLUG_WORD = re.compile(
    rf"(?:^|[,/\s-]){_STRENGTH}?\s*(?P<word>{_ANY})\s*\Z|,\s*(?P<title>Kill|Withhold|Correction)\s*\Z"
)
# a line of nothing but such words and marks: "+++ KILL +++", "BULLETIN KILL", "EDITORS: MANDATORY KILL"
_KILL_LINE = re.compile(
    rf"[\W_]*(?:(?:{_STRENGTH}|EDITORS?|EDS|NOTE|STORY|NEWS|PLEASE)[\W_]+)*(?P<word>KILL(?:ED)?|WITHDRAWN|WITHDRAWAL|"
    r"ANNULATION|STORNO|WITHHOLD|WITHHELD)(?:[\W_]+(?:KILL|STORY|NOTICE|MANDATORY|ADVISORY))*[\W_]*\Z"
)
_TO_EDITORS = re.compile(
    r"\W*(?:(?:attention|att|note to|advisory to|to)[\s:,.-]+)?(?:all\s+)?"
    r"(?:eds|editors?|subscribers|clients|newsrooms)\b"
    r"[\s:,.–—-]+(?P<said>.*)",
    re.I | re.S,
)
_OTHERS = r"(?!\W+(?:\w+\W+){0,3}(?:previous|earlier|prior|preceding|old)\b)"
_STORY = r"(?:story|item|article|dispatch|alert|newsalert)"
_A_STORY = rf"(?:its|the|this|our|a)\s+(?:[\w-]+\s+){{0,3}}?{_STORY}\b"
_KILL_SAID = re.compile(
    rf"\A\W*(?:please\s+|mandatory\s+|bulletin\s+|urgent\s+)*kill\b{_OTHERS}"
    r"|\bkill is mandatory\b|\bmandatory kill\b"
    rf"|\bplease kill\b{_OTHERS}"
    # "The story slugged BC-Ferry is withdrawn"; not "the story about the man who was ..."
    rf"|(?:\A|[.!:]\s)\W*(?:this|the|our)\s+(?:[\w-]+\s+){{0,3}}?{_STORY}\b"
    r"(?:(?!\b(?:who|that|which|said|says)\b)[^.]){0,120}?\s(?:has been|is|was|have been|are)\s+(?:hereby\s+)?"
    r"(?:withdrawn|retracted)\b"
    rf"|\b(?:has|have)\s+(?:withdrawn|killed|retracted|eliminated)\s+{_A_STORY}"
    rf"|\b(?:is|are)\s+(?:withdrawing|killing|eliminating)\s+{_A_STORY}",
    re.I,
)
_WITHHOLD_SAID = re.compile(
    r"\A\W*(?:please\s+|mandatory\s+)*withhold\b|\bplease withhold\b"
    r"|\bdo not (?:use|publish) (?:this|the) (?:story|item|article|report)\b",
    re.I,
)
_CONFIRMS = re.compile(
    r"\b(?:editors?:|eds:|attention editors|kill is mandatory|withdrawn|retracted|slugged|please (?:kill|disregard)"
    r"|do not (?:use|publish)|not be (?:used|published)|a substitute|subscribers|BC-\w)",
    re.I,
)
_PARENTHESIS = re.compile(
    r"\((?P<word>Corrects|Correcting|Corrected|Refiles|Refiled|Updates|Updated|Adds|Recasts|Repeats|Removes|Clarifies)\b"
)
_NOTE_WORD = re.compile(
    r"\A\W*(?:eds?:?\s+|editors?:\s+)?(?P<word>corrects?|correction|corrected|refiles|updates?|updated|adds|recasts|"
    r"clarifies|repeats)\b",
    re.I,
)
_NOTE_MEANING: Final = {
    "correct": "correction", "clarif": "correction", "remove": "correction", "refile": "refile", "repeat": "repeat",
    "update": "update", "adds": "update", "recast": "update",
}  # fmt: skip

# how an advisory names a story
_NAMED = (
    re.compile(r"\b(?:slugged|slug:?)\s+(?P<name>[^\s,;.\"“”]{3,60})", re.I),
    re.compile(r"\b(?P<name>BC-[^\s,;.:\"“”()]{2,60})"),
    re.compile(
        r"\b(?:story[ _]number|transmission|item|number|no\.|nr\.|story|id)[ :#]{1,3}"
        r"(?P<name>[A-Za-z]{0,6}\d[\w/-]{2,40})",
        re.I,
    ),
    re.compile(r"(?<![\w/])(?P<name>(?:urn|tag):[^\s,;\"“”<>()]{4,300})"),
    re.compile(r"(?P<name>https?://[^\s\"“”<>()]{4,500})"),
)
_HEADLINED = re.compile(r"\b(?:headlined?|titled|headline)\b[\s:,]{0,3}[\"“„](?P<name>[^\"“”]{8,250})[\"”“]", re.I)


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
    if article.slugline:
        yield from _slug_labels(article.slugline)
    if article.edNote:
        yield from _note(article.edNote)
    for number, row in enumerate(lines):
        killed = _KILL_LINE.match(row)
        if killed:
            yield _Found(_MEANING[killed["word"]])
            continue
        addressed = _TO_EDITORS.match(row)
        if addressed:
            yield from _orders(addressed["said"])
        if number == 0:
            yield from _headline_labels(row, article)
        in_brackets = _PARENTHESIS.match(row)
        if in_brackets:
            yield _Found(_note_meaning(in_brackets["word"]))


def _headline_labels(text: str, article: WireArticle) -> Iterator[_Found]:
    """The labels before a headline, one behind the other."""
    position = 0
    for _ in range(4):
        found = _LABEL.match(text, position) or _TITLE_LABEL.match(text, position)
        if found is None:
            break
        meaning = _MEANING[found["word"].upper()]
        version = found["number"] or found.groupdict().get("ordinal")
        strong = bool(found.groupdict().get("strong")) or found.end() >= len(text.rstrip())
        if meaning not in ("kill", "withhold") or strong or _confirmed(article):
            yield _Found(meaning, version)
        position = found.end()
    ordinal = _ORDINAL_LABEL.match(text, position)
    if ordinal:
        yield _Found("lead", ordinal["ordinal"])


def _slug_labels(slug: str) -> Iterator[_Found]:
    slug = " ".join(slug.split())  # the patterns would read a run of spaces again from each of them
    lead = _SLUG_LEAD.search(slug)
    if lead:
        yield _Found("lead", lead["ordinal"])
    found = _SLUG_WORD.search(slug)
    if found:
        yield _Found(_MEANING[(found["word"] or found["title"]).upper()])


def _note(note: str) -> Iterator[_Found]:
    for row in note.split("\n")[:_HEAD_LINES]:
        addressed = _TO_EDITORS.match(row[:_LINE_LENGTH])
        yield from _orders(addressed["said"] if addressed else row)
        word = _NOTE_WORD.match(row)
        if word:
            yield _Found(_note_meaning(word["word"]))


def _orders(said: str) -> Iterator[_Found]:
    """What editors are told to do with the story."""
    said = said[:_LINE_LENGTH]
    if _KILL_SAID.search(said):
        yield _Found("kill")
    elif _WITHHOLD_SAID.search(said):
        yield _Found("withhold")


def _note_meaning(word: str) -> str:
    word = word.lower()
    return next(meaning for start, meaning in _NOTE_MEANING.items() if word.startswith(start))


def _confirmed(article: WireArticle) -> bool:
    """Whether a label that could be a title stands over an advisory rather than a story."""
    body = article.body[:_CONTEXT]
    return len(article.body.strip()) <= _SHORT or bool(_CONFIRMS.search(f"{article.edNote or ''}\n{body}"))


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
    for pattern in _NAMED:
        for found in pattern.finditer(text):
            name = found["name"].rstrip(".,;:-")
            if name not in own:
                yield Link(rel=KILLS, href=name)
    for found in _HEADLINED.finditer(text):
        yield Link(rel=KILLS, title=" ".join(found["name"].split()).rstrip(","))
