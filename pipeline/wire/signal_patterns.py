"""Patterns of what agencies write at the head of a story or in a note; `signals.py` says where each is looked for."""

from __future__ import annotations

import re
from typing import Final

from pipeline.wire import signal_words

DOUBTFUL: Final = frozenset(signal_words.DOUBTFUL.split())
MEANING: Final = {word: meaning for meaning, words in signal_words.LABELS.items() for word in words.split()} | (
    dict.fromkeys(DOUBTFUL, "kill")
)
_ANY = "|".join(sorted(MEANING, key=len, reverse=True))
_STRENGTH = r"(?:BULLETIN|URGENT|MANDATORY|FLASH|ADVISORY|ATTENTION)"

# "UPDATE 2-CORRECTED-Headline", "REFILE-...", "CORRECTION: ...", "1st LEAD ...", "(KILL) ..."
LABEL = re.compile(
    rf"[\s+=*(\[]*(?P<strong>(?:{_STRENGTH}[\s-]+)*)"
    rf"(?:(?P<ordinal>\d{{1,2}})(?:st|nd|rd|th|ST|ND|RD|TH)\s+)?(?P<word>{_ANY})(?:\s*(?P<number>\d{{1,2}}))?"
    r"(?P<end>[)\]]|\s*[:+=*]+|\s*-{1,2}|\s*[–—]|\s*,|\s*\Z)"
)
TITLE_LABEL = re.compile(r"(?P<word>Correction|Corrected|Clarification|Update|Refile)(?: (?P<number>\d{1,2}))?:\s")
ORDINAL_LABEL = re.compile(r"(?P<ordinal>\d{1,2})(?:st|nd|rd|th|ST|ND|RD|TH)[ -](?:LEAD|Lead|Ld|LD)\b")
# the end of a slug: "BC-Ferry, 1st Ld-Writethru", "BC-Ferry, KILL"
SLUG_LEAD = re.compile(r"\b(?P<ordinal>\d{1,2})(?:st|nd|rd|th) ?-?(?:Ld|Lead)(?:-?Writethru)?\b", re.I)
SLUG_WORD = re.compile(
    rf"(?:^|[,/\s-]){_STRENGTH}?\s*(?P<word>{_ANY})\s*\Z|,\s*(?P<title>Kill|Withhold|Correction)\s*\Z"
)
# the end of a headline: "BC-Ferry, KILL", "Ferry sails - CORRECTION", "Le ferry repart (CORRECTION)"
HEADLINE_END = re.compile(rf"(?:,\s|\s[-–—/]+\s|\s\()(?:{_STRENGTH}\s+)?(?P<word>{_ANY})\)?[\s/]*\Z")
# a line of nothing but such words and marks: "+++ KILL +++", "BULLETIN KILL", "EDITORS: MANDATORY KILL"
KILL_LINE = re.compile(
    rf"[\W_]*(?:(?:{_STRENGTH}|EDITORS?|EDS|NOTE|STORY|NEWS|PLEASE|ATTENTION|ACHTUNG)[\W_]+)*(?P<word>KILL(?:ED)?|WITHDRAWN|WITHDRAWAL|"
    r"ANNULATION|STORNO|WITHHOLD|WITHHELD)(?:[\W_]+(?:KILL|STORY|NOTICE|MANDATORY|ADVISORY))*[\W_]*\Z"
)
TO_EDITORS = re.compile(
    r"\W*(?:(?:attention|att|note to|advisory to|to)[\s:,.-]+)?(?:all\s+)?"
    r"(?:eds|editors?|subscribers|clients|newsrooms)\b"
    r"[\s:,.–—-]+(?P<said>.*)",
    re.I | re.S,
)
# an address alone; what is ordered follows on the next line
ADDRESS = re.compile(
    r"\W*(?:attention\s+)?(?:editors?|eds|subscribers)(?:\s*,?\s*(?:and\s+)?[a-z]+){0,3}\s*:\s*\Z", re.I
)
ADVISED = re.compile(r"\W*(?:please|kindly)\s+(?:note|be\s+advised)\b", re.I)
ADVISORY = re.compile(
    r"[\W_]*(?:ADVISORY|ATTENTION|MANDATORY|EDITORS?|NOTE TO EDITORS|ACHTUNG|KILL|WITHDRAWAL|WITHDRAWN)\b"
)
_OTHERS = r"(?!\W+(?:\w+\W+){0,3}(?:previous|earlier|prior|preceding|old)\b)"
_STORY = r"(?:story|item|article|dispatch|alert|newsalert)"
_A_STORY = rf"(?:its|the|this|our|a)\s+(?:[\w-]+\s+){{0,3}}?{_STORY}\b"
KILL_SAID = re.compile(
    rf"\A\W*(?:please\s+|mandatory\s+|bulletin\s+|urgent\s+)*kill\b{_OTHERS}"
    r"|\bkill is mandatory\b|\bmandatory kill\b"
    rf"|\bplease kill\b{_OTHERS}"
    # "The story slugged BC-Ferry is withdrawn"; not "the story about the man who was ..."
    rf"|(?:\A|[.!:]\s|\b(?:note|advised)\s+that\s)\W*(?:this|the|our)\s+(?:[\w-]+\s+){{0,3}}?{_STORY}\b"
    r"(?:(?!\b(?:who|that|which|said|says)\b)[^.]){0,120}?\s(?:has been|is|was|have been|are)\s+(?:hereby\s+)?"
    r"(?:withdrawn|retracted)\b"
    rf"|\b(?:has|have)\s+(?:withdrawn|killed|retracted|eliminated)\s+{_A_STORY}"
    rf"|\b(?:is|are)\s+(?:withdrawing|killing|eliminating)\s+{_A_STORY}",
    re.I,
)
WITHHOLD_SAID = re.compile(
    r"\A\W*(?:please\s+|mandatory\s+)*withhold\b|\bplease withhold\b"
    r"|\bdo not (?:use|publish) (?:this|the) (?:story|item|article|report)\b",
    re.I,
)
CONFIRMS = re.compile(
    r"\b(?:editors?:|eds:|attention editors|kill is mandatory|withdrawn|retracted|slugged|please (?:kill|disregard)"
    r"|do not (?:use|publish)|not be (?:used|published)|a substitute|subscribers|BC-\w)",
    re.I,
)
PARENTHESIS = re.compile(
    r"\((?P<word>Corrects|Correcting|Corrected|Refiles|Refiled|Updates|Updated|Adds|Recasts|Repeats|Removes|Clarifies)\b"
)
NOTE_WORD = re.compile(
    r"\A\W*(?:eds?:?\s+|editors?:\s+)?(?:this\s+)?(?P<word>corrects?|correction|corrected|refiles|updates?|updated|adds|recasts|"
    r"clarifies|repeats)\b",
    re.I,
)
NOTE_MEANING: Final = {
    "correct": "correction", "clarif": "correction", "remove": "correction", "refile": "refile", "repeat": "repeat",
    "update": "update", "adds": "update", "recast": "update",
}  # fmt: skip

# how an advisory names a story
NAMED = (
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
HEADLINED = re.compile(
    r"\b(?:headlined?|headed|titled|headline)\b[\s:,]{0,3}[\"“„](?P<name>[^\"“”]{8,250})[\"”“]", re.I
)
