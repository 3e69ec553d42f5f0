"""Words that tell which way a clause points: auxiliaries, plans, timetables, and the words that undo them.

Source: Huddleston and Pullum, The Cambridge Grammar of the English Language (2002), chapters 3 and 4.
"""

from __future__ import annotations

from typing import Final

from pipeline.enrich.dates.grammar import words

FUTURE: Final = words("will shall ll gonna")
MODAL: Final = frozenset({"would", "could", "should", "may", "might", "must", "can", "cannot"})
PAST_AUXILIARY: Final = frozenset(
    {"was", "were", "had", "did", "has", "have", "been", "didn", "wasn", "weren", "hasn"}
)
PLAN: Final = words(
    """
    scheduled expected due set slated planned likely supposed poised bound booked tentatively hopes plans
    planning intends intend wants aims expects expect plan hope promises vows seeks
    """
)
DUE: Final = words("due scheduled expected slated effective upcoming forthcoming")
AHEAD: Final = words("to for on at by in")  # "plans to", "set for": a plan, where the word alone may be a noun
FORECAST: Final = words("forecast predicted projected")  # "forecast in July" was made then
FORECAST_AHEAD: Final = words("to for through until till")
PLANNED: Final = words("planned plans planning scheduled")
PRESENT_BE: Final = words("is are")
BEFORE_DAY: Final = words(
    "on at by in from to until not likely possible unlikely off away out back due early late next"
)
DETERMINERS: Final = words("a an the its their his her another more two three")
NEGATIONS: Final = words("not neither nor no never nobody none")
BETWEEN: Final = words("not never also already long always just even soon ever since yet")
BEFORE_NOUN: Final = words("the a an to of for with its their his her our these those")
INTENDED: Final = words("due to scheduled expected set slated supposed planned also originally still not be")
# "kept going until Friday" has ended, where "was put off until Friday" has not
DURATIVE: Final = words(
    """
    kept waited stayed lasted continued remained went ran going worked lived slept searched rehearsed fought danced
    talked sat played burned burnt felt ruled reigned stood drove walked sang drank raged dragged debated negotiated
    """
)
UNTIL: Final = words("until till")
FOR: Final = words("for to")
ARRANGED: Final = words(
    """
    called recalled summoned fixed arranged postponed rescheduled convened organised organized booked pencilled
    penciled deferred delayed adjourned
    """
)
NOT_BASE_ENDINGS: Final = ("ing", "ed", "ly", "tion", "ment", "ity", "ness", "ance", "ence", "ship", "ism")
# the present tense of a timetable: "the season ends on May 9"
TIMETABLE: Final = words(
    """
    meet opens begins starts ends meets closes expires leaves arrives returns resumes convenes kicks reopens
    runs hosts debuts premieres turns plays travels celebrates speaks departs goes
    enters visits concludes joins
    """
)
# the same of verbs of many uses, with the word after them: "takes office", "falls on"
TIMETABLE_OF: Final = {
    "takes": words("effect office place over"),
    "falls": words("on"),
    "heads": words("to for into"),
    "comes": words("into"),
}
FIXTURE: Final = words("play face meet host")  # "England play Spain on Sunday"
NOT_BEFORE: Final = frozenset({("no", "later", "than"), ("no", "earlier", "than"), ("as", "soon", "as")})
AT_THE_LATEST: Final = frozenset({("at", "the", "latest"), ("at", "the", "earliest")})
# the same of several: "talks resume Monday"; after a noun in the plural alone, since "a start on Monday" is a noun
TIMETABLE_PLURAL: Final = words(
    "meet open begin start end close expire leave arrive return resume convene reopen kick debut vote depart speak"
)
CONDITIONS: Final = words("if unless once until till before")
HEADLINE: Final = words("open close end start")  # "Stocks close higher Friday" tells what happened
NO_PLURAL: Final = words("is was has does as this its his us yes news always perhaps thus plus versus")
RACE: Final = words(
    "finished seconds second minutes points strokes metres meters miles lengths laps places home just well finish"
)
AWAITED: Final = words("await awaits awaited awaiting anticipating")  # what is waited for lies ahead of the waiting
ABBREVIATIONS: Final = words(
    """
    mr mrs ms dr gen sen rep gov lt col sgt capt st prof rev jr sr inc corp co ltd no vs jan feb mar apr jun
    jul aug sep sept oct nov dec
    """
)
