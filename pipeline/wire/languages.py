"""Language tags as feeds write them -> BCP 47 in its usual form: `eng`, `EN_us` and `en-US` are one language.

BCP 47 (RFC 5646) asks for the shortest code of ISO 639: one of three letters counts only where there is none of two.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}\Z")
# codes of ISO 639-2 (bibliographic and terminological) of the languages in which news is written
_CODES: Final = (
    "eng:en deu:de ger:de fra:fr fre:fr spa:es por:pt ita:it nld:nl dut:nl swe:sv dan:da nor:no nob:nb nno:nn "
    "fin:fi isl:is ice:is fao:fo est:et lav:lv lit:lt rus:ru ukr:uk bel:be pol:pl ces:cs cze:cs slk:sk slo:sk "
    "hun:hu ron:ro rum:ro bul:bg ell:el gre:el tur:tr aze:az hrv:hr srp:sr bos:bs slv:sl mkd:mk mac:mk sqi:sq "
    "alb:sq mlt:mt cat:ca eus:eu baq:eu glg:gl gle:ga gla:gd cym:cy wel:cy bre:br ltz:lb hye:hy arm:hy kat:ka "
    "geo:ka kaz:kk uzb:uz kir:ky tgk:tg tuk:tk mon:mn ara:ar heb:he fas:fa per:fa pus:ps kur:ku urd:ur hin:hi "
    "ben:bn pan:pa guj:gu mar:mr tam:ta tel:te kan:kn mal:ml sin:si nep:ne mya:my bur:my khm:km lao:lo tha:th "
    "vie:vi ind:id msa:ms may:ms zho:zh chi:zh jpn:ja kor:ko swa:sw amh:am som:so hau:ha yor:yo ibo:ig zul:zu "
    "xho:xh afr:af tgl:tl epo:eo lat:la"
)
_SHORTEST: Final = dict(pair.split(":") for pair in _CODES.split())
_UNKNOWN: Final = frozenset(("und", "mis", "mul", "zxx", "qaa"))  # no language, or not one


@lru_cache(maxsize=1024)
def tag(written: str | None) -> str | None:
    """The BCP 47 tag, or None for what cannot be one or says that the language is not known."""
    text = written.strip() if written else ""
    if not _TAG.match(text):
        return None
    language, *others = text.replace("_", "-").split("-")
    language = _SHORTEST.get(language.lower(), language.lower())
    if language in _UNKNOWN:
        return None
    return "-".join((language, *map(_subtag, others)))


def _subtag(text: str) -> str:
    if len(text) == 4 and text.isalpha():
        return text.title()  # a script: zh-Hant
    return text.upper() if len(text) == 2 else text.lower()  # a region: en-GB; a variant
