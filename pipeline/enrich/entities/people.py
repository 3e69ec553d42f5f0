"""Which mentions of people are one person: full names, short forms, initials, transliterations and misspellings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipeline.enrich import names
from pipeline.enrich.entities.spans import Span
from pipeline.enrich.lexicon import Sex, given_names, honorifics, short_names
from pipeline.enrich.tokens import Tokens

_BUCKET = 50  # people that share a word of their names; more are not looked at, so that time stays linear


@dataclass(slots=True)
class Person:
    """One person of the article: the words of the fullest name, who is how often called what, and the mentions."""

    words: list[str]
    generation: str = ""
    forms: Counter[str] = field(default_factory=Counter)
    mentions: list[tuple[Span, bool]] = field(default_factory=list)  # with: is it a misspelling
    sexes: Counter[Sex] = field(default_factory=Counter)
    last_seen: int = -1

    @property
    def sex(self) -> Sex | None:
        """The sex that honorifics and given name tell, None where they do not."""
        return self.sexes.most_common(1)[0][0] if self.sexes else None


def group(tokens: Tokens, spans: list[Span]) -> list[Person]:
    """The people that the mentions `spans` refer to. Full names first: they decide whom a short one means."""
    texts = [tokens.slice(span.first, span.last) for span in spans]
    parts = [names.words_of(text) for text in texts]
    junior = [names.generation(text) for text in texts]
    counts = Counter((" ".join(words), tag) for words, tag in zip(parts, junior, strict=True) if len(words) > 1)
    index = _Index()
    of: dict[tuple[str, str], Person] = {}
    # the most frequent spelling of a name is the one that others are slips of
    for name, _ in sorted(counts.items(), key=lambda item: -item[1]):
        words, tag = name[0].split(" "), name[1]
        person = index.same(words, tag)
        if person is None:
            person = Person(words, tag)
            index.add(person)
        elif _fuller(words, person.words):
            person.words = words
            index.add(person)
        of[name] = person
    shorts = Counter(words[0] for words in parts if len(words) == 1)
    people: dict[int, Person] = {}
    for span, words, tag in zip(spans, parts, junior, strict=True):
        sex, misspelt = _sex_before(tokens, span), False
        if len(words) > 1:
            person = of[" ".join(words), tag]
            misspelt = _is_slip_in(words, person.words)
            known = given_names().get(words[0].title())
            if sex is None and known is not None:
                person.sexes[known] += 1
        else:
            found = index.find(words[0], sex, shorts)
            if found is None:
                person = Person(words)
                index.add(person)
            else:
                person, misspelt = found
        person.last_seen = span.first
        if sex is not None:
            person.sexes[sex] += 2
        person.mentions.append((span, misspelt))
        if not misspelt:
            person.forms[" ".join(tokens.slice(span.first, span.last).split())] += 1
        people[id(person)] = person
    return list(people.values())


def canonical(person: Person) -> str:
    """The fullest form, the more frequent of two equally full, in capitals only where there is no other."""

    def rank(form: str) -> tuple[bool, int, int, int]:
        return (not form.isupper(), len(names.words_of(form)), person.forms[form], len(form))

    if not person.forms:
        return " ".join(word.title() for word in person.words)
    return max(person.forms, key=rank)


class _Index:
    """The people known so far, by the words of their names and by what slips leave of them: head or tail."""

    def __init__(self) -> None:
        self._words: dict[str, list[Person]] = {}
        self._sounds: dict[str, list[Person]] = {}
        self._pieces: dict[str, set[str]] = {}

    def add(self, person: Person) -> None:
        for word in dict.fromkeys(person.words):
            self._words.setdefault(word, []).append(person)
            self._sounds.setdefault(names.sound(word), []).append(person)
            for piece in _pieces(word):
                self._pieces.setdefault(piece, set()).add(word)

    def same(self, words: list[str], generation: str) -> Person | None:
        """The person whose full name says the same as `words`."""
        near = self._sounds.get(names.sound(words[-1]), [])[:_BUCKET] + self._words.get(words[0], [])[:_BUCKET]
        return next((one for one in near if one.generation == generation and _same_full(words, one.words)), None)

    def find(self, word: str, sex: Sex | None, shorts: Counter[str]) -> tuple[Person, bool] | None:
        """Whom a single name means, and whether it is a slip."""
        candidates = self._words.get(word) or self._sounds.get(names.sound(word))
        if candidates:
            fitting = [person for person in candidates[:_BUCKET] if _may_be(person, sex)]
            # "Mr. Obama" where only Michelle Obama is named is somebody else
            return (max(fitting, key=lambda person: _rank(person, word)), False) if fitting else None
        if shorts[word] > 1:  # who writes it twice means it
            return None
        words = {known for piece in _pieces(word) for known in list(self._pieces.get(piece, ()))[:_BUCKET]}
        near = [person for known in words if names.is_misspelling(word, known) for person in self._words[known]]
        meant = {id(person): person for person in near if _may_be(person, sex)}
        if len(meant) != 1:
            return None
        person = next(iter(meant.values()))
        return (person, True) if len(person.words) > 1 or shorts[person.words[-1]] > 1 else None


def _pieces(word: str) -> tuple[str, str]:
    return "^" + word[:3], word[-3:] + "$"


def _rank(person: Person, word: str) -> tuple[bool, int]:
    return names.sound(person.words[-1]) == names.sound(word), person.last_seen


def _may_be(person: Person, sex: Sex | None) -> bool:
    known = person.sex or given_names().get(person.words[0].title())
    return sex is None or known is None or known == sex


def _sex_before(tokens: Tokens, span: Span) -> Sex | None:
    return honorifics().get(tokens.lower[span.first - 1]) if span.first else None


def _fuller(words: list[str], known: list[str]) -> bool:
    return len(words) > len(known) or (
        len(words) == len(known) and names.is_initial(known[0]) and not names.is_initial(words[0])
    )


def _given_agree(left: str, right: str) -> bool:
    if left == right or names.sound(left) == names.sound(right):
        return True
    if names.is_initial(left) or names.is_initial(right):
        return left[0] == right[0]
    return short_names().get(left, left) == short_names().get(right, right)


def _same_full(left: list[str], right: list[str]) -> bool:
    """Whether two full names are one person's: the surname and the given name agree, further names do not clash."""
    if names.sound(left[-1]) != names.sound(right[-1]):
        return (
            left[0] == right[0]
            and len(left) == len(right)
            and all(a == b or names.is_misspelling(a, b) for a, b in zip(left, right, strict=True))
        )
    if not _given_agree(left[0], right[0]):
        short, long = sorted((left, right), key=len)
        # "Suu Kyi" of "Aung San Suu Kyi", "van Gogh" of "Vincent van Gogh"
        return long[-len(short) :] == short or (
            left[1:] == right[1:]
            and min(len(left[0]), len(right[0])) >= 5
            and names.is_misspelling(left[0], right[0])
        )
    middle_left, middle_right = left[1:-1], right[1:-1]
    if middle_left and middle_right and len(middle_left) == len(middle_right):
        return all(_given_agree(a, b) for a, b in zip(middle_left, middle_right, strict=True))
    return True


def _is_slip_in(words: list[str], person_words: list[str]) -> bool:
    if len(words) != len(person_words):
        return False
    return any(
        names.sound(a) != names.sound(b) and not _given_agree(a, b) and names.is_misspelling(a, b)
        for a, b in zip(words, person_words, strict=True)
    )
