"""English words of time, by class. A class's value is what the operations calculate with.

Sources: TimeML annotation guidelines 1.2.1 (Saurí et al. 2006) for what is a time expression; the AP Stylebook for
the abbreviations of months; CLDR for the short names of days; the IANA and RFC 5322 names of zones.
"""

from __future__ import annotations

from typing import Any, Final

from pipeline.enrich.dates.en.numerals import ORDINALS, WORDS

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_month = {name: number for number, name in enumerate(MONTHS, 1)}
_short_month = {
    "Jan": 1, "Feb": 2, "Febr": 2, "Mar": 3, "Apr": 4, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Sept": 9, "Oct": 10,
    "Nov": 11, "Dec": 12,
}  # fmt: skip
_short_day = {
    "Mon": 0, "Tue": 1, "Tues": 1, "Wed": 2, "Thu": 3, "Thur": 3, "Thurs": 3, "Fri": 4, "Sat": 5, "Sun": 6,
}  # fmt: skip

_unit = {
    "second": "second", "minute": "minute", "hour": "hour", "day": "day", "week": "week", "fortnight": "fortnight",
    "weekend": "weekend", "month": "month", "quarter": "quarter", "year": "year", "decade": "decade",
    "century": "century", "millennium": "millennium", "night": "night", "morning": "morning", "semester": "half",
    "summer": "summer", "winter": "winter", "evening": "evening", "afternoon": "afternoon",
}  # fmt: skip
_units = {word + "s": unit for word, unit in _unit.items() if word not in ("century", "millennium")}
_units |= {
    "centuries": "century", "millennia": "millennium", "mins": "minute", "hrs": "hour", "yrs": "year",
    "springs": "spring",
    "secs": "second", "hr": "hour", "yr": "year", "mos": "month",
}  # fmt: skip

_part = {
    "morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "nighttime": "NI", "overnight": "NI",
    "lunchtime": "MI", "dawn": "MO", "daybreak": "MO", "sunrise": "MO", "dusk": "EV", "sunset": "EV",
    "nightfall": "EV",
    "daytime": "DT", "midmorning": "MO", "midafternoon": "AF", "dinnertime": "EV", "mornings": "MO",
    "afternoons": "AF",
    "evenings": "EV", "nights": "NI",
}  # fmt: skip

_FRACTIONS: Final = {"½": 0.5, "¼": 0.25, "¾": 0.75}

WORDS_OF: Final[dict[str, dict[str, Any]]] = {
    "MONTH": {name: number for name, number in _month.items() if name not in ("march", "may")},
    "WEEKDAY": {name: number for number, name in enumerate(WEEKDAYS)},
    "WEEKDAYS": {name + "s": number for number, name in enumerate(WEEKDAYS)},
    "UNIT": _unit,
    "UNITS": _units,
    "PART": _part,
    "TWILIGHT": dict.fromkeys(
        ("dawn", "daybreak", "sunrise", "dusk", "sunset", "nightfall", "lunchtime", "dinnertime"), 0),
    "POINT": {"noon": "12:00", "midday": "12:00", "noontime": "12:00", "midnight": "24:00"},
    "SEASON": {"spring": 0, "springtime": 0, "summer": 1, "summertime": 1, "fall": 2, "autumn": 2, "winter": 3,
               "wintertime": 3},
    "ORD": {**ORDINALS, "final": -1},
    "DAYORD": {word: number for word, number in ORDINALS.items() if number <= 30},
    "NUMERAL": WORDS,
    "TODAY": {"today": 0, "yesterday": -1, "tomorrow": 1},
    "THIS": {"this": 0, "current": 0},
    "LAST": {"last": -1, "past": -1},
    "NEXT": {"next": 1, "coming": 1, "upcoming": 1},
    # seen from the time of the narrative, not from now
    "LASTVIEW": {"previous": -1, "preceding": -1, "prior": -1},
    "NEXTVIEW": {"following": 1, "ensuing": 1, "subsequent": 1, "next": 1},
    "PASTLIKE": {"past": -1, "last": -1, "previous": -1, "preceding": -1, "latest": -1},
    "FIRST": {"first": 1, "final": -1, "early": 1, "opening": 1},
    "MANY": {"many": "X", "deal": "X"},
    "OWN": {"his": 0, "her": 0, "their": 0, "my": 0, "our": 0, "your": 0},
    "FESTIVE": dict.fromkeys(
        ("tree", "trees", "card", "cards", "carol", "carols", "gift", "gifts", "present", "presents", "lights",
         "decorations", "music", "songs", "pudding"), 0),
    "PASTTO": {"past": 15, "after": 15, "to": -15, "of": -15, "before": -15},  # minutes: quarter to nine
    "HALF": {"half": 0.5}, "FRACTION": _FRACTIONS,
    "WEEKLIKE": {"week": "week", "weekend": "weekend"},
    "LONGUNIT": {"day": "day", "week": "week", "month": "month", "year": "year", "decade": "decade",
                 "century": "century", "hour": "hour", "minute": "minute", "fortnight": "fortnight"},
    "NIGHTS": {"nights": "NI", "mornings": "MO", "afternoons": "AF", "evenings": "EV"},
    # before four figures that are an amount, and after them
    "NOTYEAR": {"$": 0, "£": 0, "€": 0, "¥": 0, "#": 0, "+": 0, "room": 0, "flight": 0, "highway": 0, "route": 0},
    "NOTYEARAFTER": {"%": 0, "percent": 0, "people": 0, "dollars": 0, "miles": 0, "points": 0, "feet": 0, "shares": 0,
                     "votes": 0, "troops": 0, "km": 0, "meters": 0, "metres": 0, "soldiers": 0, "jobs": 0, "tons": 0,
                     "workers": 0, "years": 0, "hours": 0, "days": 0},
    "FORLIKE": {"for": 0, "in": 0, "after": 0, "within": 0, "over": 0, "during": 0, "took": 0, "take": 0, "lasted": 0,
                "spent": 0, "by": 0},
    "ONLIKE": {"on": 0, "at": 0},
    "PERLIKE": {"dollars": 0, "cents": 0, "times": 0, "time": 0, "once": 0, "twice": 0, "thrice": 0, "barrels": 0,
                "tons": 0, "tonnes": 0, "hours": 0, "days": 0, "pounds": 0, "euros": 0, "percent": 0, "%": 0,
                "miles": 0, "people": 0, "units": 0, "passengers": 0, "cars": 0, "flights": 0, "visitors": 0,
                "million": 0, "billion": 0, "trillion": 0, "hundred": 0, "thousand": 0, "m": 0, "bn": 0, "k": 0,
                "tn": 0, "crore": 0, "lakh": 0},
    "FEW": {"several": "X", "few": "X", "many": "X", "some": "X", "couple": 2, "dozen": 12, "dozens": "X",
            "tens": "X", "scores": "X",
            "hundreds": "X", "thousands": "X", "millions": "X", "billions": "X",
            "countless": "X", "numerous": "X", "handful": "X", "various": "X"},
    "EARLY": {"early": "START", "late": "END", "earlier": "START", "later": "END", "mid": "MID"},
    "NUMDECADE": {"twenties": 2, "thirties": 3, "forties": 4, "fifties": 5, "sixties": 6, "seventies": 7,
                  "eighties": 8, "nineties": 9, "noughties": 0},
    "ENDING": {"end": 0, "close": 0},
    "EVERY": {"every": 1, "each": 1},
    "OFTEN": {"daily": "P1D", "weekly": "P1W", "monthly": "P1M", "yearly": "P1Y",
              "annually": "P1Y", "hourly": "PT1H", "nightly": "P1D", "fortnightly": "P2W", "biweekly": "P2W",
              "biennially": "P2Y"},
    "ADVERB": {
        "now": "PRESENT_REF", "currently": "PRESENT_REF", "nowadays": "PRESENT_REF", "presently": "PRESENT_REF",
        "recently": "PAST_REF", "lately": "PAST_REF",
    },
    "RECENT": {"recent": "PAST_REF"},
    "DET": {"the": 0, "a": 0, "an": 0},
    "MERIDIEM": {"am": 0, "pm": 12, "a.m.": 0, "p.m.": 12},
    "ZONE": {
        "gmt": 0, "utc": 0, "edt": -240, "cdt": -300, "mdt": -360, "pdt": -420, "cet": 60, "cest": 120, "bst": 60,
        "jst": 540, "hkt": 480, "ist": 330, "aest": 600, "aedt": 660, "msk": 180, "eet": 120, "eest": 180,
    },
    "DOT": {".": 0}, "COMMA": {",": 0}, "HYPHEN": {"-": 0, "–": 0, "—": 0, "‑": 0}, "MARK": {"'": 0, "’": 0, "‘": 0},
    "BC": dict.fromkeys(("bc", "bce", "b.c.", "b.c.e."), 0), "AD": dict.fromkeys(("ad", "ce", "a.d.", "c.e."), 0),
    "S": {"s": 0}, "OPEN": {"(": 0}, "CLOSE": {")": 0},
}  # fmt: skip
# counted only when written so: "march", "may" and "sun" are other words
EXACT_WORDS_OF: Final[dict[str, dict[str, Any]]] = {
    "MONTH": {"March": 3, "May": 5, "MARCH": 3, "MAY": 5},
    "SHORTMONTH": {**_short_month, **{word.upper(): number for word, number in _short_month.items()}},
    "SHORTDAY": {**_short_day, **{word.upper(): number for word, number in _short_day.items()}},
    "NEWSPAPER": dict.fromkeys(
        (
            "Times",
            "Telegraph",
            "Mirror",
            "Mail",
            "Express",
            "Herald",
            "Tribune",
            "Independent",
            "Post",
            "Star",
            "World",
            "Sun",
            "Age",
        ),
        0,
    ),
    "NIGHTNAME": {"Night": 0, "Morning": 0},
    "PROGRAMME": {"Football": 0, "Live": 0, "Fever": 0, "Quarterback": 0, "Baseball": 0},
    "ZONE": {"EST": -300, "CST": -360, "MST": -420, "PST": -480, "ET": -300, "CT": -360, "PT": -480, "MT": -420},
}
