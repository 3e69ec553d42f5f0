"""An enriched article of our own writing, with every kind of finding in it, spans exact."""

from __future__ import annotations

from typing import Any

from pipeline.article import (
    Cue,
    Dateline,
    EnrichedArticle,
    Entity,
    GeoPoint,
    Interval,
    Mention,
    Place,
    Quotation,
    Speaker,
    Timex,
)

BODY = (
    "TALLINN, March 9 (NWT) - Minister Jüri Põldmaa said late on Tuesday that the ferry would sail again.\n\n"
    "“We have negotiated for weeks,” Poldmaa said. Harbour master Else Brandt met him at 21:00 on Monday in Tartu, "
    "and the Baltic Ferry Union wants an answer in 2022."
)


def span(text: str, *, body: str = BODY) -> dict[str, Any]:
    """`text`, `start` and `end` of the first place where the body has it."""
    start = body.index(text)
    return {"text": text, "start": start, "end": start + len(text)}


def enriched(uri: str = "urn:newswire:test:ferry", /, **changes: Any) -> EnrichedArticle:
    """The article of the ferry; `changes` replace its fields."""
    fields: dict[str, Any] = {
        "uri": uri,
        "versionCreated": "2022-03-09T08:30:00+02:00",
        "headline": "Ferry to sail again, minister says",
        "language": "en",
        "source": "NWT",
        "dateline": Dateline(text="TALLINN, March 9 (NWT) -", place="Tallinn", date="2022-03-09", source="NWT"),
        "body": BODY,
        "entities": (
            Entity(
                id="name:juri poldmaa",
                type="PERSON",
                canonical="Jüri Põldmaa",
                mentions=(
                    Mention(**span("Jüri Põldmaa"), label="PERSON"),
                    Mention(**span("Poldmaa"), label="PERSON", misspelling=True),
                ),
            ),
            Entity(
                id="name:else brandt",
                type="PERSON",
                canonical="Else Brandt",
                mentions=(Mention(**span("Else Brandt"), label="PERSON"),),
            ),
            Entity(
                id="name:baltic ferry union",
                type="ORGANIZATION",
                canonical="Baltic Ferry Union",
                mentions=(Mention(**span("Baltic Ferry Union"), label="ORG"),),
            ),
            Entity(
                id="geonames:588335",
                type="LOCATION",
                canonical="Tartu",
                mentions=(Mention(**span("Tartu"), label="GPE"),),
            ),
        ),
        "dates": (
            Timex(
                **span("late on Tuesday"),
                type="TIME",
                value="2022-03-08TEV",
                interval=Interval(gte="2022-03-08T18:00:00+02:00", lt="2022-03-09T00:00:00+02:00"),
            ),
            Timex(
                **span("21:00 on Monday"),
                type="TIME",
                value="2022-03-07T21:00",
                interval=Interval(gte="2022-03-07T21:00:00+02:00", lt="2022-03-07T21:01:00+02:00"),
            ),
            Timex(**span("for weeks"), type="DURATION", value="PXW"),
            Timex(**span("2022"), type="DATE", value="2022", interval=Interval(gte="2022-01-01", lt="2023-01-01")),
        ),
        "places": (
            Place(
                entity="geonames:588335",
                canonical="Tartu",
                country="EE",
                geonames_id=588335,
                location=GeoPoint(lat=58.38, lon=26.72),
            ),
        ),
        "quotations": (
            Quotation(
                **span("“We have negotiated for weeks,”"),
                direct=True,
                said="2022-03-08",
                speaker=Speaker(entity="name:juri poldmaa", canonical="Jüri Põldmaa", **span("Poldmaa")),
                cue=Cue(**span("said")),
            ),
        ),
        "mainCountry": "EE",
    }
    return EnrichedArticle(**{**fields, **changes})
