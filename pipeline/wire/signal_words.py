"""The words of kills and corrections in the languages of the agencies: labels, orders to editors, names of stories.

The patterns made of them are in `signal_patterns.py`. A word that may also be said of a match or a concert (anulada,
peruttu, stoppas) is a kill only where the text or a note orders it (`ORDERED`).
"""

from __future__ import annotations

import re
from typing import Final

LABELS: Final = {
    "kill": "KILL KILLED WITHDRAWN WITHDRAWAL WITHDRAWS ANNULATION STORNO ELIMINATION ELIMINATED",
    "withhold": "WITHHOLD WITHHELD",
    "correction": (
        "CORRECTION CORRECTED CORRECTIVE CORRECTS CORR CLARIFICATION KORREKTUR BERICHTIGUNG BERICHTIGT KORRIGIERT "
        "RECTIFICATIF RECTIFICATION CORRIGÉ CORRECCIÓN CORRECCION RECTIFICACIÓN RECTIFICACION CORRIGE RETTIFICA "
        "CORREZIONE CORREÇÃO RECTIFICATIE CORRECTIE RÄTTELSE RETTELSE RETTING KORREKSJON KORJAUS OIKAISU"
    ),
    "refile": "REFILE REFILED",
    "update": (
        "UPDATE UPDATED UPDATES AKTUALISIERT AKTUALISIERUNG ACTUALIZACIÓN UPPDATERING OPDATERING OPPDATERING PÄIVITYS"
    ),
    "repeat": "RPT REPEAT WIEDERHOLUNG",
    "lead": "LEAD LEADALL LD WRITETHRU",
}
# labels that only count with an order in the text
DOUBTFUL: Final = (
    "ZURÜCKGEZOGEN ZURÜCKZIEHUNG ANNULÉ ANNULÉE ANULADA ANULADO ANULACIÓN ANULACION ANULAÇÃO ANULADA ANNULLAMENTO "
    "ANNULLATA INTREKKING INGETROKKEN STOPPAS STOPPAD ANNULLERING ANNULLERES ANNULLERET TREKKES TRÆKKES PERUTTU "
    "PERUUTUS MITÄTÖITY"
)

_NEAR = r"(?:[^.!?\n]|(?<=\d)\.){0,120}?"  # of one sentence; "30. Mai" ends none
_GERMAN = r"(?:meldung|nachricht|eilmeldung|zusammenfassung|agenturmeldung)"
_NORDIC = (
    r"(?:texten|artikeln|telegrammet|nyheten|meldingen|saken|historien|artiklen|nyheden|artikkelen"
    r"|juttu|uutinen|sähke)"
)
# what an agency says of its own story in a note or advisory, never a reporter of another's
ORDERED: Final = re.compile(
    rf"\b(?:diese|die|unsere|obige)\s+{_GERMAN}\b{_NEAR}\b(?:wird|ist|wurde)\s+(?:hiermit\s+)?(?:zurückgezogen|storniert)"
    rf"|\A\W*(?:achtung\W+)?{_GERMAN}\b{_NEAR}\bzurückgezogen\b"
    rf"|\bbitte\b{_NEAR}\b{_GERMAN}\b{_NEAR}\bnicht\s+(?:mehr\s+)?(?:zu\s+)?(?:verwenden|veröffentlichen)"
    rf"|\bverwenden\s+sie\b{_NEAR}\b(?:{_GERMAN}\b{_NEAR}\bnicht\b|(?:sie|diese)\s+nicht\b)"
    r"|\b(?:pri[èe]re|merci|veuillez|nous\s+vous\s+prions|vous\s+êtes\s+priés)\s+(?:de\s+|d['’]\s?)?"
    r"(?:bien\s+vouloir\s+)?(?:annuler|ne\s+pas\s+(?:utiliser|publier|diffuser|tenir\s+compte))"
    rf"|\b(?:cette|notre|la)\s+dépêche\b{_NEAR}\best\s+annulée"
    r"|\b(?:rogamos|ruego|se\s+ruega)\s+(?:que\s+)?(?:anulen|anular|no\s+(?:utilicen|publiquen|difundan))"
    rf"|\b(?:la|esta)\s+(?:noticia|información|nota)\b{_NEAR}\b(?:queda|quede)\s+anulada"
    r"|\bsi\s+prega\s+di\s+(?:annullare|non\s+(?:utilizzare|pubblicare|usare))"
    rf"|\b(?:la|questa)\s+notizia\b{_NEAR}\b(?:è|va\s+considerata|deve\s+considerarsi|è\s+da\s+considerarsi)\s+annullata"
    r"|\b(?:solicita-se|pede-se|agradece-se)\s+(?:a\s+anulação|que\s+(?:anulem|não\s+(?:usem|publiquem|utilizem)))"
    rf"|\b(?:a|esta)\s+notícia\b{_NEAR}\bfica\s+anulada"
    rf"|\b(?:dit|het)\s+bericht\b{_NEAR}\b(?:is|wordt)\s+ingetrokken"
    rf"|\bgelieve\b{_NEAR}\bbericht\b{_NEAR}\bniet\s+te\s+(?:gebruiken|publiceren)"
    rf"|\b{_NORDIC}\b{_NEAR}\b(?:får\s+inte\s+publiceras|stoppas|dras\s+tillbaka|annulleres|trekkes|trækkes|er\s+trukket"
    r"|må\s+ikke\s+(?:bruges|brukes|publiceres|publiseres)|on\s+peruttu|perutaan|mitätöidään|ei\s+saa\s+julkaista)"
    r"|\bälkää\s+julkaisko\b",
    re.I,
)
# a correction in brackets at the head: "(Berichtigung: Name im 2. Absatz)", "(Corrige la fecha)"
CORRECTS: Final = re.compile(
    r"\((?:Berichtigung|Korrektur|Berichtigt|Korrigiert|Rectificatif|Rectification|Corrige|Corrigé|Rectifica|Corregido"
    r"|Corretto|Rättelse|Rättar|Rettelse|Retter|Korjaa|Korjattu|Rectificatie)\b",
    re.I,
)
# how advisories name a story in those languages, by its number or headline
NUMBERED: Final = re.compile(
    rf"\b(?:{_GERMAN}|dépêche|noticia|información|notizia|notícia|bericht|telegrammet|meldingen|texten|juttu)\s+"
    r"(?:nr\.?\s*|n[°º]\s*)?(?P<name>[A-Za-z]{0,6}\d[\w/-]{2,40})",
    re.I,
)
HEADLINED: Final = re.compile(
    rf"\b(?:intitulée?|titulad[ao]|intitolata|getiteld|otsikoitu|titel|überschrift|rubriken|overskriften|titlen|{_GERMAN})"
    r"[\s:,]{0,3}[\"“„«»]\s?(?P<name>[^\"“”«»]{8,250}?)\s?[\"”“»«]",
    re.I,
)
