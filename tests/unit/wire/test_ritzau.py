"""The XML of Ritzau."""

from __future__ import annotations

import pytest

from pipeline.article import Concept, Link, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import parse
from tests.unit.wire.conftest import FIXTURES, NOW, One

RITZAU = (FIXTURES / "ritzau.xml").read_bytes()
SUBJ = "http://cv.iptc.org/newscodes/subjectcode/"


def test_every_field(one: One) -> None:
    assert one(RITZAU) == WireArticle(
        uri="exa-2024-0530-77",
        versionCreated="2024-05-30T18:20:00+02:00",
        body="Færgen sejler igen fra fredag.\n\nDet siger havnefoged Else Brandt.",
        version="2",
        urgency=4,
        language="da",
        headline="Færge til Arden sejler igen",
        slugline="NU/ARDEN-I",
        description="Strejken er slut efter tolv dage",
        by="Ana Pinto",
        located="Arden",
        edNote="Erstatter tidligere udgave.",
        source="exa",
        signals=("correction", "update"),
        subjects=(
            Concept(name="Indland", code="I"),
            Concept(name="football", uri=SUBJ + "15054000", code="15054000", scheme="subj"),
            Concept(name="sport", uri=SUBJ + "15000000", code="15000000", scheme="subj"),
        ),
        genres=(Concept(name="Artikel"),),
        keywords=("færger", "strejke"),
        markedOrganisations=(Concept(name="Ardenfærgen A/S"),),
        altIds=("EXA-1001",),
        links=(Link(rel="replaces", href="exa-2024-0530-12"),),
        wireFormat="ritzau",
    )


def test_a_kill_needs_neither_text_nor_date(one: One) -> None:
    killed = one(b"<RBNews><NewsID>x:1</NewsID><Annuleret>true</Annuleret></RBNews>")
    assert (killed.pubStatus, killed.versionCreated[:10]) == ("canceled", NOW.date().isoformat())


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"exa-2024-0530-77", b"", Code.WIRE_NO_ID),
        (b"2024-05-30 18:20:00", b"", Code.WIRE_NO_DATE),
        (b"2024-05-30 18:20:00", b"30/5 kl. 18", Code.WIRE_FIELD),
        (b"<Priority>4", b"<Priority>high", Code.WIRE_FIELD),
    ],
)
def test_refusals(old: bytes, new: bytes, code: Code) -> None:
    data = RITZAU.replace(old, new)
    if old == b"exa-2024-0530-77":
        data = data.replace(b"EXA-1001", b"")
    with pytest.raises(Poison) as refusal:
        parse(data, now=NOW)
    assert refusal.value.code == code
