"""What each candidate is: the name's class in the article, unless the place where it stands says otherwise."""

from __future__ import annotations

from pipeline.enrich.entities.candidates import Candidate
from pipeline.enrich.entities.knowledge import nicknames, organizations
from pipeline.enrich.entities.name import CLASSES, Name
from pipeline.enrich.entities.spans import Span
from pipeline.enrich.lexicon import cues, nationalities
from pipeline.enrich.names import plain
from pipeline.enrich.places.geonames import Geonames
from pipeline.enrich.places.resolve import Resolver
from pipeline.enrich.tokens import Tokens

KIN = frozenset({"Dad", "Mom", "Mum", "Daddy", "Mommy", "God"})  # names of nobody in particular
ENOUGH = 2.0  # votes that a name needs which the model has nowhere seen
_LOSING = frozenset({"loss", "lost", "losing", "losses", "defeat", "fell"})
_FACILITIES = frozenset(
    {"street", "avenue", "road", "bridge", "airport", "stadium", "arena", "palace", "tower", "hotel", "prison"}
)


def decide(
    tokens: Tokens, found: list[Candidate], names: dict[str, Name], geonames: Geonames, *, sports: bool
) -> list[Span]:
    """The mentions, sorted and without overlaps."""
    common = {word for word in tokens.words if word.islower()}
    spans: list[Span] = []
    for one in found:
        name = names[one.text]
        kind = name.best
        if one.source not in ("alias", "gazetteer"):
            if kind is None or kind == "WORD" or _too_weak(one, name, kind) or _common_word(tokens, one, common):
                continue
            if kind in ("LOC", "ORG") and (sports or _has_a_score(tokens, one)):
                kind = _town_or_team(tokens, one, name, kind, geonames)
        label = _label(one, name, kind or "OTHER")
        spans.append(Span(one.first, one.last, label, one.source))
    return spans


def _common_word(tokens: Tokens, one: Candidate, common: set[str]) -> bool:
    """A single word that owes its capital to the head of its sentence, or has none: the text writes it small."""
    if one.last - one.first > 1 or one.source == "gazetteer":
        return False
    lower = tokens.lower[one.first]
    if one.text in KIN or _agents(tokens, one):
        return True
    return one.text.islower() or (tokens.first[one.first] and lower in common and not one.text.isupper())


def _agents(tokens: Tokens, one: Candidate) -> bool:
    """Common nouns for people at the head of a sentence, which the model takes for an organisation: "Rescuers"."""
    return (
        (one.first == 0 or not tokens.words[one.first - 1][0].isalnum())
        and one.source == "model"
        and one.label != "PERSON"
        and tokens.lower[one.first].endswith(("ers", "ors"))
        and one.text[1:].islower()
        and one.text not in organizations()
        and one.text not in nicknames()
        and one.text not in nationalities()
    )


def _too_weak(one: Candidate, name: Name, kind: str) -> bool:
    if one.source == "model":
        return False
    return name.votes[kind] < (1.0 if name.seen else ENOUGH)


def _label(one: Candidate, name: Name, kind: str) -> str:
    if one.label is not None and CLASSES[one.label] == kind:
        return one.label
    if kind == "PER":
        return "PERSON"
    if kind == "LOC":
        if name.words[-1].lower() in _FACILITIES:
            return "FAC"
        seen = [
            label for label, _ in sorted(name.labels.items(), key=lambda item: -item[1]) if CLASSES[label] == "LOC"
        ]
        return seen[0] if seen else "GPE"
    return kind


def _has_a_score(tokens: Tokens, one: Candidate) -> bool:
    """Whether points or runs follow: "Middlesex 199 and 426"."""
    after = tokens.words[one.last] if one.last < len(tokens) else ""
    return after.isdecimal() and len(after) <= 3


def _qualified(tokens: Tokens, one: Candidate, geonames: Geonames) -> bool:
    return Resolver(geonames).qualifier(tokens, one.last) is not None


def _town_or_team(tokens: Tokens, one: Candidate, name: Name, kind: str, geonames: Geonames) -> str:
    """In sports a town's name is mostly its team's: "Newcastle striker", "Milwaukee tied it"; not "in Milwaukee"."""
    places = geonames.by_name.get(plain(name.text))
    if not places and kind == "LOC" and one.last < len(tokens) and tokens.lower[one.last] in cues().team_after:
        return "ORG"  # "Karnataka drew with Hyderabad"
    if not places or places[0].kind in ("country", "region"):
        return kind
    words, lower = cues(), tokens.lower
    before = lower[one.first - 1] if one.first and not tokens.blank[one.first - 1] else ""
    after = lower[one.last] if one.last < len(lower) else ""
    if (
        _has_a_score(tokens, one)
        or before in words.team_before
        or after in words.team_after
        or after in words.team_nouns
    ):
        return "ORG"
    if before == "to" and lower[one.first - 2] in _LOSING:
        return "ORG"  # "a loss to Miami"
    if before == "," and places[0].kind == "division":
        return "LOC"  # "GREEN BAY, Wis. (AP)"
    if before in ("in", "at", "near", "from", "of", "outside", "around", "to") or _qualified(tokens, one, geonames):
        return "LOC"
    if tokens.first[one.first] and (not after or not after[0].isalpha()):
        return "LOC"
    return "ORG"
