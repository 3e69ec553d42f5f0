"""Kills, corrections and embargoes in the words of agencies that do not write English, and forms of those that do."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.article import Link, WireArticle
from pipeline.wire import embargo_words, signals

CREATED = "2024-05-30T10:00:00+02:00"
STORY = "The boats sail again on Friday, the harbour board said after a strike of nine days. " * 8


def said(**values: Any) -> WireArticle:
    given = {"uri": "urn:exa:1", "versionCreated": CREATED, "body": STORY, **values}
    return signals.apply(WireArticle(**given))


@pytest.mark.parametrize(
    "values",
    [
        {
            "headline": "BC-Ferry, KILL",
            "body": "Editors, subscribers:\nKill the story slugged BC-Ferry. It is wrong.",
        },
        {"headline": "ATTENTION - KILL ///", "body": "Please kill our story Ferry, which was sent in error."},
        {"headline": "ADVISORY-Ferry story withdrawn", "body": "Exa has withdrawn its story headlined “Boats sail”."},
        {
            "headline": "WITHDRAWN Boats sail",
            "body": "Please note that the Exa story headed “Boats” has been withdrawn.",
        },
        {"headline": "STORNO: Fähre fährt", "body": "Bitte die Meldung exa0123 nicht verwenden."},
        {"headline": "Achtung: Meldung exa0123 wird zurückgezogen", "body": "Bitte verwenden Sie die Meldung nicht."},
        {"headline": "ZURÜCKGEZOGEN: Fähre fährt", "body": "Die Meldung exa0123 ist zurückgezogen."},
        {"edNote": "Achtung, Redaktionen: Diese Meldung wird zurückgezogen."},
        {"headline": "ANNULATION Ferry", "body": "Nous vous prions d'annuler la dépêche Ferry."},
        {"headline": "Ferry - ANNULATION", "body": "Prière d'annuler notre dépêche, l'information étant inexacte."},
        {"edNote": "Prière de ne pas utiliser cette dépêche."},
        {"headline": "ANULADA: El ferry zarpa", "body": "La noticia EXA0123 queda anulada."},
        {"headline": "ANULACIÓN", "body": "Rogamos anulen la información titulada «El ferry zarpa»."},
        {"headline": "ANNULLAMENTO", "body": "Si prega di annullare la notizia EXA0123."},
        {"headline": "ANULAÇÃO: O barco parte", "body": "Solicita-se a anulação da notícia."},
        {"headline": "INTREKKING: Veerboot vaart", "body": "Het bericht over de veerboot is ingetrokken."},
        {"headline": "STOPPAS: Färjan går", "body": "Texten får inte publiceras."},
        {"headline": "ANNULLERING: Færgen sejler", "body": "Telegrammet annulleres."},
        {"headline": "TREKKES: Fergen går", "body": "Meldingen trekkes."},
        {"headline": "PERUTTU: Lautta kulkee", "body": "Juttu on peruttu, älkää julkaisko."},
    ],
)
def test_kills(values: dict[str, Any]) -> None:
    article = said(**values)
    assert (article.pubStatus, "kill" in article.signals) == ("canceled", True)


@pytest.mark.parametrize(
    "values",
    [
        {"headline": "PERUTTU: Ottelu siirtyy", "body": "Ottelu on peruttu sateen vuoksi."},
        {"headline": "ANULADO: El concierto", "body": "El concierto fue anulado por la lluvia."},
        {"headline": "STOPPAS: Färjan", "body": "Färjan stoppades av polis på fredagen."},
        {"headline": "INGETROKKEN: wetsvoorstel", "body": "De minister trok het voorstel in."},
        {"headline": "ANNULÉ: le match", "body": "Le match a été annulé."},
        {
            "headline": "Antrag zurückgezogen",
            "body": "Der Antrag wurde zurückgezogen. Die Meldung sorgte für Aufsehen.",
        },
        {
            "headline": "URGENT - Paper retracts",
            "body": "ARDEN (Exa) - The Arden Post has retracted its story on boats.",
        },
        {"headline": "Storm kills three"},
        {"headline": "Stocks fall - correction ahead"},
    ],
)
def test_stories_about_cancellations_are_none(values: dict[str, Any]) -> None:
    article = said(**values)
    assert (article.pubStatus, article.signals) == ("usable", ())


@pytest.mark.parametrize(
    "values",
    [
        {"headline": f"{word}: Headline"}
        for word in [
            "BERICHTIGUNG",
            "KORRIGIERT",
            "RECTIFICATIF",
            "CORRECCIÓN",
            "RECTIFICACIÓN",
            "RETTIFICA",
            "CORREÇÃO",
            "RECTIFICATIE",
            "RÄTTELSE",
            "RETTELSE",
            "RETTING",
            "KORJAUS",
            "OIKAISU",
        ]
    ]
    + [
        {"headline": "Le ferry repart (CORRECTION)"},
        {"headline": "Boats sail - CORRECTION"},
        {"headline": "(Berichtigung: Name im 2. Absatz) Fähre fährt"},
        {"body": "(Corrige la fecha)\n" + STORY},
        {"edNote": "This corrects the name in par 2"},
    ],
)
def test_corrections(values: dict[str, Any]) -> None:
    article = said(**values)
    assert (article.signals, article.pubStatus) == (("correction",), "usable")


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("HOLD FOR RELEASE 6 p.m. EDT, Friday, May 31", "2024-05-31T18:00:00-04:00"),
        ("Not for publication or broadcast before 09:00 BST on Friday 31 May", "2024-05-31T09:00:00+01:00"),
        ("Ferry: SOUS EMBARGO JUSQU'AU 31 MAI 16H00 GMT", "2024-05-31T16:00:00+00:00"),
        ("SOUS EMBARGO JUSQU'À VENDREDI 18H00", "2024-05-31T18:00:00+02:00"),
        ("SOUS EMBARGO JUSQU'À DEMAIN 6H00 (HEURE DE PARIS)", "2024-05-31T06:00:00+02:00"),
        ("Achtung Sperrfrist: 18.00 Uhr", "2024-05-30T18:00:00+02:00"),
        ("Sperrfrist 31.5., 18.10 Uhr", "2024-05-31T18:10:00+02:00"),
        ("+++ SPERRFRIST bis Freitag, 0.00 Uhr +++", "2024-05-31T00:00:00+02:00"),
        ("EMBARGADA HASTA LAS 18.00 HORAS DEL VIERNES 31 DE MAYO", "2024-05-31T18:00:00+02:00"),
        ("EMBARGO FINO ALLE 18.00 DI VENERDÌ 31 MAGGIO", "2024-05-31T18:00:00+02:00"),
        ("EMBARGO ATÉ ÀS 18:00 DE SEXTA-FEIRA, 31 DE MAIO", "2024-05-31T18:00:00+02:00"),
        ("ONDER EMBARGO TOT VRIJDAG 31 MEI 06.00 UUR", "2024-05-31T06:00:00+02:00"),
        ("EMBARGO TILL FREDAG 31 MAJ KL 06.00", "2024-05-31T06:00:00+02:00"),
        ("EMBARGO INDTIL FREDAG DEN 31. MAJ KL. 6", "2024-05-31T06:00:00+02:00"),
        ("SPERREFRIST FREDAG 31. MAI KL. 06.00", "2024-05-31T06:00:00+02:00"),
        ("EMBARGO 31.5.2024 klo 6.00 asti", "2024-05-31T06:00:00+02:00"),
        ("Julkaisuvapaa perjantaina 31.5. klo 6.00", "2024-05-31T06:00:00+02:00"),
        ("SOUS EMBARGO - rapport", None),
        ("*** EMBARGO ***", None),
    ],
)
def test_embargoes(words: str, until: str | None) -> None:
    assert embargo_words.find(words, created=CREATED) == embargo_words.Said(until)
    in_text, in_note = said(body=words + "\n\n" + STORY), said(edNote=words)
    for article in (in_text, in_note):
        assert (article.embargoed, article.pubStatus) == (until, "usable" if until else "withheld")


@pytest.mark.parametrize(
    "words",
    [
        "Embargo sur le pétrole jusqu'en 2030",
        "El embargo hasta 2030, aprobado",
        "Pays sous embargo jusqu'en 2030",
        "US EMBARGO 60 YEARS ON",
        "EMBARGO: LEVÉ",
        "Julkaisuvapaa",
        "Armi embargo fino al 2030",
    ],
)
def test_stories_about_embargoes_are_none(words: str) -> None:
    article = said(headline=words)
    assert (article.embargoed, article.pubStatus) == (None, "usable")


def test_a_kill_names_what_it_kills() -> None:
    article = said(
        headline="Achtung: Meldung exa0123 wird zurückgezogen",
        body="Bitte verwenden Sie die Meldung «Die Fähre fährt wieder» (exa0123) nicht.",
    )
    assert set(article.links) == {
        Link(rel="kills", href="exa0123"),
        Link(rel="kills", title="Die Fähre fährt wieder"),
    }


@pytest.mark.parametrize(
    "unit", ["bitte Meldung ", "prière de ", "texten ", "notizia ", "EMBARGO ", "ANULADA: ", "- KILL ", "18.05. "]
)
def test_long_heads_take_no_longer(unit: str) -> None:
    article = said(body=unit * 200_000, headline=unit * 20_000, edNote=unit * 20_000, slugline=unit * 20_000)
    assert article.body == unit * 200_000  # ends: no pattern reads more than a head
