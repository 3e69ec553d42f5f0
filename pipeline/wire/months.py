"""Names of months and weekdays as wire texts write them, in the languages of European and American agencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

_MONTHS: Final = (
    "january januar janvier enero gennaio janeiro januari tammikuu tammikuuta",
    "february februar février fevrier febrero febbraio fevereiro februari helmikuu helmikuuta",
    "march märz mrz mars marzo março maart mrt marts maaliskuu maaliskuuta",
    "april avril abril aprile huhtikuu huhtikuuta",
    "may mai mayo maggio maio mei maj toukokuu toukokuuta",
    "june juni juin junio giugno junho kesäkuu kesäkuuta",
    "july juli juillet julio luglio julho heinäkuu heinäkuuta",
    "august août aout agosto augustus augusti elokuu elokuuta",
    "september septembre septiembre setiembre settembre setembro syyskuu syyskuuta",
    "october oktober octobre octubre ottobre outubro lokakuu lokakuuta",
    "november novembre noviembre novembro marraskuu marraskuuta",
    "december dezember décembre decembre diciembre dicembre dezembro desember joulukuu joulukuuta",
)
_DAYS: Final = (
    "monday montag lundi lunes lunedì lunedi segunda-feira maandag måndag mandag maanantai maanantaina",
    "tuesday dienstag mardi martes martedì martedi terça-feira dinsdag tisdag tirsdag tiistai tiistaina",
    "wednesday mittwoch mercredi miércoles mercoledì mercoledi quarta-feira woensdag onsdag keskiviikko "
    "keskiviikkona",
    "thursday donnerstag jeudi jueves giovedì giovedi quinta-feira donderdag torsdag torstai torstaina",
    "friday freitag vendredi viernes venerdì venerdi sexta-feira vrijdag fredag perjantai perjantaina",
    "saturday samstag sonnabend samedi sábado sabato zaterdag lördag lørdag lauantai lauantaina",
    "sunday sonntag dimanche domingo domenica zondag söndag søndag sunnuntai sunnuntaina",
)
_SHORT_DAYS: Final = ("mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun")
_OTHER_WORDS: Final = frozenset(
    ("ago", "des", "elo", "gen", "hel", "kes", "lok", "lug", "mag", "out", "set", "tam", "tou")
)
_MARCH: Final = "mar"  # also the beginning of the Finnish November


def _with_beginnings(names: Iterable[str]) -> dict[str, int]:
    """Each name, and each beginning of three letters or more that only names of one month have."""
    found: dict[str, set[int]] = {}
    whole: dict[str, int] = {}
    for number, row in enumerate(names, start=1):
        for name in row.split():
            whole[name] = number
            for length in range(3, len(name)):
                found.setdefault(name[:length], set()).add(number)
    only = {beginning: next(iter(numbers)) for beginning, numbers in found.items() if len(numbers) == 1}
    return {**only, _MARCH: 3, **whole}


def _spelled(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    for number, row in enumerate(names):
        for name in row.split():
            yield name, number
            if name.endswith("day"):
                yield f"{name}s", number


# month by name or abbreviation, in lower case: in date lines that hold nothing else, ...
MONTHS: Final = _with_beginnings(_MONTHS)
# ... and in texts, where some abbreviations would be words of their own
MONTHS_IN_TEXT: Final = {name: number for name, number in MONTHS.items() if name not in _OTHER_WORDS}
# weekday by name, in lower case; Monday is 0
WEEKDAYS: Final = dict(_spelled(_DAYS)) | dict(_spelled(_SHORT_DAYS))
