"""English: the lexicon, the rules, the number words and the cues of tense, put together once."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from pipeline.enrich.dates.en.lexicon import EXACT_WORDS_OF, WORDS_OF
from pipeline.enrich.dates.en.numerals import read_number
from pipeline.enrich.dates.en.rules import RULES
from pipeline.enrich.dates.en.tense import ends_sentence, read_direction
from pipeline.enrich.dates.grammar import Grammar, Lexicon, words
from pipeline.enrich.dates.language import Language
from pipeline.enrich.dates.tokens import NUMERIC

SPEECH: Final = words(
    """
    said say says told tells wrote writes announced added argued asked declared explained insisted noted
    reported stated tweeted warned replied remarked recalled testified speech interview statement address
    remarks conference briefing letter tweet message broadcast spoke told asking saying telling
    """
)
EVENT_NOUNS: Final = words(
    """
    war invasion offensive attack attacks assault bombing bombings explosion blast election elections vote
    referendum crash accident earthquake quake tsunami hurricane storm flood fire strike summit talks trial
    siege ceasefire cease truce coup uprising revolution riot riots protest protests shooting massacre raid
    killing murder assassination outbreak pandemic lockdown blockade evacuation landing launch merger
    takeover resignation inauguration verdict conference tournament festival games
    """
)
BEGINS: Final = words(
    """
    began begun begins started starts erupted broke out launched struck hit on of which that since
    """
)


@lru_cache(maxsize=1)
def english() -> Language:
    """The English language of time."""
    return Language(
        code="en",
        grammar=Grammar(Lexicon(WORDS_OF, EXACT_WORDS_OF), RULES, numeric=NUMERIC),
        read_number=read_number,
        read_direction=read_direction,
        ends_sentence=ends_sentence,
        speech=SPEECH,
        at=words("at by around about from until till before after since to"),
        before_year=words(
            "in of since from to until till by the and or class during before after for season"
            " summer fall spring winter"
        ),
        bounds=words("since from until till through"),
        since=words("since"),
        titles=words("mr mrs ms miss dr sir lady lord dame mps"),
        surnames=words("may march"),
        during=words("in during by for until till through on at before after since"),
        phrase=words(
            "the a an he she they we i it his her their its this that these those there and but or as at in on by to"
            " for from with when where while after before until till was were is are had has have did would will"
            " could both all no another not"
        ),
        compared=words("from than with versus vs to percent % million billion trillion points"),
        auxiliaries=words("to will would can could should may might must shall not ll t doesn didn did does"),
        clause=words("that when he she they we i it"),
        games=words(
            "goal goals goalless halftime coach coaches striker quarterback touchdown touchdowns innings midfielder"
            " goalkeeper scoreless rebounds playoffs playoff inning kickoff penalty scored match game team season"
        ),
        deictic=words("ago tonight recently currently"),
        attributive=words("a an the its their his her our"),
        event_nouns=EVENT_NOUNS,
        starts=words("began begun begins started starts erupted broke launched struck hit"),
        begins=BEGINS,
        holidays={},
    )
