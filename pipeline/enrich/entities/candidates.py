"""Where names may be: aliases, what the gazetteers are sure of, the model's spans, then runs of capitals."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.enrich.dateline import Dateline
from pipeline.enrich.entities.boundaries import PARTIES
from pipeline.enrich.entities.grow import PRONOUNS, grown, is_name_word
from pipeline.enrich.entities.matcher import Matcher, gazetteer, headlines
from pipeline.enrich.entities.spans import Span
from pipeline.enrich.lexicon import DETERMINERS
from pipeline.enrich.tokens import Tokens

_CAPITALS_SHARE = 0.7  # of the words of a sentence; above it capitals tell nothing
_CAPITALS_WORDS = 3
_TITLED_WORDS = 5
_HEADING_WORDS = 25
_RUN = 6  # tokens of the longest run of capitals that is looked at


@dataclass(slots=True)
class Candidate:
    """Tokens that may be a name. `label` is the model's or the gazetteer's, None for a run of capitals."""

    first: int
    last: int
    text: str
    label: str | None
    source: str  # alias, gazetteer (sure), hint (gazetteer, not sure), model, run
    caps: bool = False


def collect(
    tokens: Tokens, spans: list[Span], aliases: Matcher, filed: Dateline | None
) -> tuple[list[Candidate], list[bool]]:
    """The candidates, sorted and without overlaps, and for each token whether its sentence is all in capitals.

    `filed` is the dateline, whose place is one however little is known of it.
    """
    caps, titled = capitals(tokens)
    size = len(tokens)
    owner: list[Candidate | None] = [None] * size
    taken: list[Candidate] = []

    def add(first: int, last: int, label: str | None, source: str) -> None:
        one = Candidate(first, last, " ".join(tokens.slice(first, last).split()), label, source, caps[first])
        owner[first:last] = [one] * (last - first)
        taken.append(one)

    for span, _ in aliases.find(tokens, 0, size):
        add(span.first, span.last, span.label, "alias")
    if filed is not None and not any(owner[filed.first : filed.last]):
        add(filed.first, filed.last, "GPE", "gazetteer")
    model = [
        span
        for span in spans
        if not caps[span.first] and (span.last - span.first > 1 or tokens.words[span.first] not in PRONOUNS)
    ]
    inside: list[Span | None] = [None] * size
    for span in model:
        inside[span.first : span.last] = [span] * (span.last - span.first)
    hints: list[Span] = []
    for span, entry in gazetteer().find(tokens, 0, size):
        around = next((one for one in inside[span.first : span.last] if one), None)
        if any(owner[span.first : span.last]) or caps[span.first]:
            continue
        within = around is not None and around.first <= span.first and around.last >= span.last
        longer = around is not None and within and (around.last - around.first) > (span.last - span.first)
        if not entry.strong or longer or _part_of_longer(tokens, span, entry.label):
            hints.append(span)
        elif entry.label == "NORP" and not titled[span.first] and _is_paper(tokens, span):
            add(span.first, span.last, "ORG", "gazetteer")
        else:
            add(span.first, span.last, span.label, "gazetteer")
    for span, _ in headlines().find(tokens, 0, size):
        if caps[span.first] and not any(owner[span.first : span.last]):
            add(span.first, span.last, span.label, "gazetteer")
    for span in model:
        whole = span if titled[span.first] else grown(tokens, span, owner, inside)
        if not any(owner[whole.first : whole.last]):
            add(whole.first, whole.last, span.label, "model")
        elif not any(owner[span.first : span.last]):
            add(span.first, span.last, span.label, "model")
    for span in hints:
        if not any(owner[span.first : span.last]):
            add(span.first, span.last, span.label, "hint")
    _add_runs(tokens, owner, [one or other for one, other in zip(caps, titled, strict=True)], add)
    return sorted(taken, key=lambda one: one.first), caps


def _is_paper(tokens: Tokens, span: Span) -> bool:
    """Whether a people's name is a newspaper's, its article with a capital within the sentence: "at The Scotsman"."""
    before = span.first - 1
    alone = span.last >= len(tokens) or not tokens.words[span.last][0].isupper()
    return before > 0 and tokens.words[before] == "The" and not tokens.first[before] and alone


def capitals(tokens: Tokens) -> tuple[list[bool], list[bool]]:
    """For each token, whether its sentence is written in capitals, and whether Every Word of It Has One."""
    upper: dict[int, int] = {}
    titled: dict[int, int] = {}
    words: dict[int, int] = {}
    listed: dict[int, int] = {}  # commas and numbers: a line-up is no heading
    for word, sentence in zip(tokens.words, tokens.sentence, strict=True):
        if len(word) > 1 and word[0].isalpha():
            words[sentence] = words.get(sentence, 0) + 1
            if word[0].isupper():
                titled[sentence] = titled.get(sentence, 0) + 1
                if word.isupper():
                    upper[sentence] = upper.get(sentence, 0) + 1
        elif word == "," or word[0].isdecimal():
            listed[sentence] = listed.get(sentence, 0) + 1
    shouted = {
        sentence
        for sentence, count in upper.items()
        if count >= _CAPITALS_WORDS and count >= _CAPITALS_SHARE * words[sentence]
    }
    headings = {
        sentence
        for sentence, count in titled.items()
        if count >= _TITLED_WORDS
        and count >= _CAPITALS_SHARE * words[sentence]
        and sentence not in shouted
        and words[sentence] <= _HEADING_WORDS
        and 4 * listed.get(sentence, 0) <= words[sentence]
    }
    return [one in shouted for one in tokens.sentence], [one in headings for one in tokens.sentence]


def _part_of_longer(tokens: Tokens, span: Span, label: str) -> bool:
    """Whether a sure match is only the head of a longer name: "Russian Orthodox", "Paris Match"."""
    if label not in ("NORP", "GPE", "LOC") or span.last >= len(tokens):
        return False
    # "Washington Post", "Moscow Times": left to the model; "Belarus President" is not longer
    following = tokens.words[span.last]
    return label == "GPE" and following[0].isupper() and is_name_word(tokens, span.last) and len(following) > 1


def _add_runs(tokens: Tokens, owner: list[Candidate | None], caps: list[bool], add: object) -> None:
    """Runs of capitalised words that nobody claimed; at the head of a sentence only what cannot be a common word."""
    index, size = 0, len(tokens)
    words = tokens.words
    while index < size:
        if (
            owner[index] is not None
            or caps[index]
            or not words[index][0].isupper()
            or not is_name_word(tokens, index)
        ):
            index += 1
            continue
        if words[index] in PARTIES and index + 2 < size and words[index + 1] == "-":
            index += 3  # "D-OH"
            continue
        last = index + 1
        while last < size and owner[last] is None and last - index < _RUN:
            if is_name_word(tokens, last) and tokens.ends[last - 1] < tokens.starts[last]:
                last += 1
            elif (
                tokens.words[last] in ("-", "&")
                and last + 1 < size
                and words[last + 1][0].isupper()
                and owner[last + 1] is None
            ):
                last += 2
            else:
                break
        first = index
        index = last
        while first < last and tokens.lower[first] in DETERMINERS:
            first += 1
        if first < last:
            add(first, last, None, "run")  # type: ignore[operator]
