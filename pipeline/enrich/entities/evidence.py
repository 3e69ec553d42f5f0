"""What an article says of its names: votes of the model, the gazetteers, the name's own words, and their context.

Each name (as written) collects votes for PER, ORG, LOC, NORP, EVENT and OTHER from all its mentions. The weights are
judgements, checked on annotated news: a vote of 1 is one span of the model.
"""

from __future__ import annotations

from pipeline.enrich.entities.candidates import Candidate
from pipeline.enrich.entities.knowledge import nicknames, organizations
from pipeline.enrich.entities.name import CLASSES, Name
from pipeline.enrich.entities.relations import relate
from pipeline.enrich.lexicon import Cues, cues, given_names, honorifics, nationalities, roles, surnames, title_words
from pipeline.enrich.names import plain
from pipeline.enrich.places.geonames import Geonames
from pipeline.enrich.tokens import Tokens

_SPORTS_WORDS = 4  # so many words of sport make an article of sport
_BIG_CITY = 100_000
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_RANKED = frozenset({"old", "seeded", "ranked", "seed", "year-old"})  # "the 30-year-old Edberg"
_DATELINE_ENDS = frozenset({",", "(", "-", "—", "–", "--"})
_PLURAL_VERBS = frozenset({"were", "are", "have", "had"})
_INDEX = frozenset({"index", "indexes", "industrial", "composite", "average"})
_QUOTES = frozenset({'"', "“", "”", "''", "``", "'", "‘", "’"})
_INSIDE = frozenset({"in", "at", "near", "from", "of", "outside"})
_PREPOSITIONS = frozenset({"of", "from", "in", "at"})
_STATE_WORDS = 3
_OF_PEOPLES = ("s", "ish", "ese", "an", "ist", "ite", "men")
_INITIALS = frozenset("BCDEFGHJKLMNOPRSTVW")
_PHRASE = 7  # tokens of a role with what it is the role of
_RULERS = frozenset({"governor", "mayor", "premier", "bishop", "archbishop", "king", "queen", "emir", "sultan"})
_MINISTERS = frozenset({"minister", "secretary", "ministers", "undersecretary", "commissioner"})


def weigh(tokens: Tokens, found: list[Candidate], geonames: Geonames, *, sports: bool) -> dict[str, Name]:
    """The names of the candidates with the votes of the model, of what is known, and of the context."""
    known: dict[str, Name] = {}
    words = cues()
    for one in found:
        name = known.get(one.text)
        if name is None:
            name = known[one.text] = Name(one.text, one.text.split(" "))
            _own_words(name, words, geonames)
        name.mentions.append(one)
        name.seen = name.seen or one.source in ("model", "gazetteer", "alias")
        if one.label is not None:
            name.labels[one.label] += 1
            name.votes[CLASSES[one.label]] += {"alias": 100.0, "gazetteer": 8.0, "hint": 0.5, "model": 1.0}[
                one.source
            ]
        _context(tokens, one, name, words, geonames, sports)
    relate(tokens, found, known, sports=sports)
    return known


def is_sports(tokens: Tokens) -> bool:
    """Whether an article is about sports: clubs are named by their towns there."""
    sports = cues().sports
    return sum(map(sports.__contains__, tokens.lower)) >= max(
        min(_SPORTS_WORDS, 1 + len(tokens) // 40), len(tokens) // 150
    )


def _own_words(name: Name, words: Cues, geonames: Geonames) -> None:
    """What the words of the name tell by themselves."""
    votes, tail = name.votes, name.words[-1].lower()
    several = len(name.words) > 1
    if name.text in nationalities():
        votes["NORP"] += 3.0
    if name.text in organizations():
        votes["ORG"] += 2.5
    if name.text in nicknames():
        votes["ORG"] += 1.5
    if name.text in words.event_names:
        votes["EVENT"] += 4.0
    if several:
        if tail in words.event_heads:
            votes["EVENT"] += 2.5
        elif tail in words.org_heads:
            votes["ORG"] += 3.0
        elif tail.endswith("ers") and plain(name.text[: -len("ers")]) in geonames.by_name:
            votes["NORP"] += 3.0  # "New Yorkers"
        elif tail in words.place_heads:
            named = len(name.words) == 2 and name.words[0] in given_names() and name.words[1] in surnames()
            votes["LOC"] += 0.5 if named else 2.5
            votes["PER"] += 2.0 if named else 0.0  # "Damon Hill"
        elif name.words[0] in given_names() or (len(name.words[0]) == 2 and name.words[0][1] == "."):
            votes["PER"] += 2.0
        if "&" in name.words or (" of " in name.text and name.words[0].lower() in words.org_heads):
            votes["ORG"] += 3.0
    elif tail.endswith("ers") and plain(name.text[: -len("ers")]) in geonames.by_name:
        votes["NORP"] += 3.0  # "Londoners"
    elif name.text in surnames():
        votes["PER"] += 0.8
    elif name.text.isupper() and 2 <= len(name.text) <= 6 and "." not in name.text:
        votes["ORG"] += 0.8
    places = geonames.by_name.get(plain(name.text))
    if places:
        top = places[0]
        votes["LOC"] += 3.0 if top.kind == "country" else 1.5 if top.rank > _BIG_CITY or top.kind != "city" else 0.7


def _context(tokens: Tokens, one: Candidate, name: Name, words: Cues, geonames: Geonames, sports: bool) -> None:
    """What stands before and after one mention."""
    votes, lower = name.votes, tokens.lower
    size = len(lower)
    before = lower[one.first - 1] if one.first else ""
    before2 = lower[one.first - 2] if one.first > 1 else ""
    after = lower[one.last] if one.last < size else ""
    after2 = lower[one.last + 1] if one.last + 1 < size else ""
    opens = (
        not one.first or tokens.paragraph[one.first - 1] != tokens.paragraph[one.first] or tokens.blank[one.first - 1]
    )
    if opens:
        before = before2 = ""
        if one.text.isupper() and len(one.text) > 3 and (after in _DATELINE_ENDS or after[:1].isdecimal()):
            votes["LOC"] += 1.0
    if before in honorifics():
        votes["PER"] += 4.0
    elif before in title_words() and not tokens.words[one.first - 1].isupper():
        votes["PER"] += 1.0
    elif before in words.team_nouns or before in roles():
        votes["PER"] += 1.2
    if after in words.person_after:
        votes["PER"] += 1.5
    elif after == "," and _is_age(tokens, one.last + 1):
        votes["PER"] += 3.0
    elif after == "," and after2 in ("who", "whose"):
        votes["PER"] += 2.0
    elif after in _POSSESSIVE and after2 in words.person_owns:
        votes["PER"] += 1.2
    if before in _RANKED:
        votes["PER"] += 2.0
    if before == "," and after == "," and len(name.words) > 1 and _holds_office(tokens, one.first - 2):
        votes["PER"] += 2.0  # "the president of South Sudan, Salva Kiir,"
    if after in words.speech or before in words.speech:
        votes["PER"] += 0.7
        votes["ORG"] += 0.4
    if sports and (before in words.team_before or after in words.team_nouns or after in _PLURAL_VERBS):
        votes["ORG"] += 0.7 + 0.8 * (after in words.team_nouns)
    if before in words.vessels:
        votes["OTHER"] += 3.0
    if after in words.craft and one.label != "ORG":
        votes["OTHER"] += 2.5  # "the Ariel mission"
    if after in _INDEX:
        votes["OTHER"] += 1.5
    if before == "(" and after == ")" and one.text.isupper() and 2 <= len(one.text) <= 7 and one.first > 1:
        votes["ORG"] += 1.5 if tokens.words[one.first - 2][0].isupper() else 0.5
    if len(name.words) > 1 and before in _QUOTES and (after in _QUOTES or (after == "," and after2 in _QUOTES)):
        votes["OTHER"] += 2.0
    if one.source != "gazetteer" and after in _MINISTERS and len(name.words) == 1 and name.text.isalpha():
        votes["WORD"] += 2.5  # "Education Minister": what somebody is minister of
    if before == "of" and before2 in _MINISTERS and len(name.words) == 1 and name.text not in organizations():
        votes["WORD"] += 2.5  # "Secretary of State"
    if (
        one.source in ("hint", "run")
        and (after in words.event_heads or after == "day")
        and _capital(tokens, one.last)
    ):
        votes["WORD"] += 4.0  # "Labour Day", "the PGA Tour"
    if before == "of" and before2 in _RULERS and name.words[-1].isalpha():
        votes["LOC"] += 1.5  # "the governor of South Kivu"
    if one.label == "NORP" and one.source == "model" and before in _INSIDE and not _is_people(name.text):
        votes["LOC"] += 1.5  # "the men of Srebrenica"
    if before == "," and len(name.words) <= _STATE_WORDS and _is_division(name.text, geonames):
        votes["LOC"] += 3.0  # "GREEN BAY, Wis. (AP)"
    if sports and len(name.words) == 2 and name.words[0] in _INITIALS:
        votes["PER"] += 2.0  # "R Knox 69 66"
    if before == "(" and after == ")" and len(name.text) == 3 and name.text.istitle():
        votes["LOC"] += 2.0  # "M Southgate (Eng)"
    if before in _INSIDE and after == "," and _is_region(tokens, one.last + 1, geonames):
        votes["LOC"] += 2.5  # "in Jackson Hole, Wyoming"
    if before == "said" and (after == "," or after in _PREPOSITIONS) and len(name.words) == 2:
        votes["PER"] += 1.0  # "said Imogen Castle, the minister"
    if after in words.acts:
        votes["PER"] += 1.0
    if after in words.org_after or (after in {"'s", "’s"} and after2 in words.org_after):
        votes["ORG"] += 1.2 if one.text.isupper() else 1.0  # "the RMT union"
    if before in words.org_before:
        votes["ORG"] += 1.0
    if before in words.place_before:
        votes["LOC"] += 0.5 if before not in ("in", "near") else 1.0
    if before in words.place_kinds or (before == "of" and before2 in words.place_kinds):
        votes["LOC"] += 2.5
    elif after in words.place_after:
        votes["LOC"] += 1.0


def _holds_office(tokens: Tokens, index: int) -> bool:
    """Whether the noun phrase that ends at token `index` is somebody's role: "its chairman", "the head of X"."""
    for at in range(index, max(-1, index - _PHRASE), -1):
        if tokens.lower[at] in roles():
            return True
        if not tokens.words[at][0].isalpha() or tokens.lower[at] in cues().speech:
            return False
    return False


def _is_age(tokens: Tokens, index: int) -> bool:
    """Whether the number at `index` is an age: "Haugen, 70, said", not "Bhaktapur, 15 km east"."""
    word = tokens.words[index] if index < len(tokens) else ""
    stands = index + 1 >= len(tokens) or not tokens.words[index + 1][0].isalnum()
    return len(word) == 2 and word.isdecimal() and word >= "15" and stands


def _is_people(text: str) -> bool:
    """Whether a word is a people's or faith's by the gazetteer or by its ending."""
    return text in nationalities() or text.endswith(_OF_PEOPLES)


def _is_division(text: str, geonames: Geonames) -> bool:
    return any(place.kind == "division" for place in geonames.by_name.get(plain(text), []))


def _capital(tokens: Tokens, index: int) -> bool:
    return tokens.words[index][0].isupper()


def _is_region(tokens: Tokens, first: int, geonames: Geonames) -> bool:
    """Whether a state or country is named at token `first`."""
    for size in (3, 2, 1):
        if first + size <= len(tokens) and tokens.words[first][0].isupper():
            found = geonames.by_name.get(plain(tokens.slice(first, first + size)))
            if found and found[0].kind in ("country", "division"):
                return True
    return False
