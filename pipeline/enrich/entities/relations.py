"""What the names of an article tell of each other: parts of full names, slips, neighbours in a list."""

from __future__ import annotations

from collections import defaultdict

from pipeline.enrich.entities.candidates import Candidate
from pipeline.enrich.entities.name import Name
from pipeline.enrich.names import is_misspelling
from pipeline.enrich.tokens import Tokens

_DOUBTFUL = 0.4  # of the model's votes for a person where a gazetteer has a town and nothing else speaks for a person
_TEAM = 1.5  # votes for a team: "Bolton manager Colin Todd"
_SURNAMES = 200  # of an article that slips are looked for in
_SLIP = 7  # letters of a word that is taken for a slip
_TITLED = 4.0  # votes of a surname with an honorific before it
_PART_WORDS = 3  # of a full name, at its head or its tail
_LIST_MARKS = frozenset({",", "and", "or", ";", "&"})
_LISTED = frozenset({"PER", "ORG"})


def relate(tokens: Tokens, found: list[Candidate], known: dict[str, Name], *, sports: bool) -> None:
    """Add to the votes of the names what the others tell of them."""
    _parts(known)
    _slips(known)
    for name in known.values():
        _doubt(name, sports=sports)
    _neighbours(tokens, found, known)


def _doubt(name: Name, *, sports: bool) -> None:
    """A town that nothing but the model takes for a person is more likely the town, or its team."""
    modelled = sum(one.source == "model" and one.label == "PERSON" for one in name.mentions)
    team = sports and name.votes["ORG"] >= _TEAM
    limit = modelled + (_TEAM if team else 0.0)
    if modelled and len(name.words) == 1 and name.votes["LOC"] >= 1.0 and name.votes["PER"] <= limit:
        name.votes["PER"] *= _DOUBTFUL


def _parts(known: dict[str, Name]) -> None:
    """A name that is part of a full one is of its kind: the surname of a person, the head of a company's name."""
    heads: defaultdict[str, set[str]] = defaultdict(set)
    tails: defaultdict[str, set[str]] = defaultdict(set)
    for name in known.values():
        kind = name.best
        if len(name.words) < 2 or kind is None or name.votes[kind] < 1.0:
            continue
        for size in range(1, min(len(name.words), _PART_WORDS + 1)):
            heads[" ".join(name.words[:size])].add(kind)
            tail = " ".join(name.words[-size:])
            tails[tail].add(kind)
            if size == 1 and tail[:3].lower() in ("al-", "el-"):
                tails[tail[3:]].add(kind)  # "Assad"
            if tail[0].islower():  # "De Bruijn agreed"
                tails[tail[0].upper() + tail[1:]].add(kind)
    titled = {name.text for name in known.values() if len(name.words) == 1 and name.votes["PER"] >= _TITLED}
    for name in known.values():
        if len(name.words) > 1 and name.words[-1] in titled:
            name.votes["PER"] += 2.0  # "Salva Kiir", since the text has "Mr. Kiir"
    for name in known.values():
        of_tail, of_head = tails.get(name.text), heads.get(name.text)
        name.seen = name.seen or of_tail is not None or of_head is not None
        if of_tail and "PER" in of_tail:
            name.votes["PER"] += 3.0
        elif of_head and "PER" in of_head and len(name.words) == 1:
            name.votes["PER"] += 1.0
        if of_head and "ORG" in of_head and not name.votes["NORP"]:
            name.votes["ORG"] += 1.5


def _slips(known: dict[str, Name]) -> None:
    """A word that nothing is known of, and that is a slip for the surname of one person of the article."""
    surnames_here = {name.words[-1] for name in known.values() if len(name.words) > 1 and name.best == "PER"}
    if len(surnames_here) > _SURNAMES:
        return
    for name in known.values():
        if name.seen or len(name.words) > 1 or len(name.text) < _SLIP or name.text.lower().endswith("s"):
            continue
        if sum(is_misspelling(name.text, one) for one in surnames_here if one[:2] == name.text[:2]) == 1:
            name.votes["PER"] += 2.5
            name.seen = True


def _neighbours(tokens: Tokens, found: list[Candidate], known: dict[str, Name]) -> None:
    """In a list the members are of one kind: "Breen, Staunton, Irwin and McAteer"."""
    kinds = [known[one.text].best for one in found]
    for before, after, left, right in zip(found, found[1:], kinds, kinds[1:], strict=False):
        if after.first - before.last != 1 or tokens.lower[before.last] not in _LIST_MARKS:
            continue
        if left in _LISTED:
            known[after.text].votes[left] += 0.5
        if right in _LISTED:
            known[before.text].votes[right] += 0.5
