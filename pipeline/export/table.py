"""Articles as rows: CSV for spreadsheets, Parquet with typed columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import identity
from pipeline.article import EnrichedArticle, Timex
from pipeline.errors import Poison

ROWS_TOGETHER: Final = 500  # of a row group
BYTES_TOGETHER: Final = 32_000_000  # of text in a row group
BETWEEN: Final = " | "  # several names in one cell of CSV
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

_INTERVAL = [("text", pa.string()), ("type", pa.string()), ("value", pa.string())]
_DATES = pa.list_(pa.struct([*_INTERVAL, ("gte", pa.string()), ("lt", pa.string())]))
_QUOTATIONS = pa.list_(
    pa.struct([("text", pa.string()), ("direct", pa.bool_()), ("speaker", pa.string()), ("said", pa.date32())])
)
_ENTITIES = pa.list_(
    pa.struct([("id", pa.string()), ("type", pa.string()), ("canonical", pa.string()), ("mentions", pa.int32())])
)
_PLACES = pa.list_(
    pa.struct([("canonical", pa.string()), ("country", pa.string()), ("lat", pa.float64()), ("lon", pa.float64())])
)
_NAMES = pa.list_(pa.string())
SCHEMA: Final = pa.schema(
    [
        pa.field("uri", pa.string(), nullable=False),
        pa.field("version", pa.string()),
        pa.field("versionCreated", pa.timestamp("ms", tz="UTC"), nullable=False),
        pa.field("firstCreated", pa.timestamp("ms", tz="UTC")),
        pa.field("headline", pa.string()),
        pa.field("description", pa.string()),
        pa.field("language", pa.string()),
        pa.field("source", pa.string()),
        pa.field("by", pa.string()),
        pa.field("located", pa.string()),
        pa.field("slugline", pa.string()),
        pa.field("urgency", pa.int32()),
        pa.field("edNote", pa.string()),
        pa.field("signals", _NAMES),
        pa.field("subjects", _NAMES),
        pa.field("keywords", _NAMES),
        pa.field("people", _NAMES),
        pa.field("organizations", _NAMES),
        pa.field("countries", _NAMES),
        pa.field("entities", _ENTITIES),
        pa.field("places", _PLACES),
        pa.field("dates", _DATES),
        pa.field("quotations", _QUOTATIONS),
        pa.field("body", pa.string()),
    ]
)
# what a cell of a spreadsheet can hold; the others are in Parquet and JSON
COLUMNS: Final = tuple(
    name for name in SCHEMA.names if name not in ("entities", "dates", "quotations", "firstCreated", "subjects")
)


def row(article: EnrichedArticle) -> dict[str, Any]:
    """An article by the columns of `SCHEMA`."""
    plain = ("uri", "version", "headline", "description", "language", "source", "by", "located", "slugline")
    return {
        **{name: getattr(article, name) for name in (*plain, "urgency", "edNote", "body")},
        "versionCreated": _moment(article.versionCreated),
        "firstCreated": _moment(article.firstCreated),
        "signals": list(article.signals),
        "subjects": [subject.name or subject.uri for subject in article.subjects],
        "keywords": list(article.keywords),
        "people": [each.canonical for each in article.entities if each.type == "PERSON"],
        "organizations": [each.canonical for each in article.entities if each.type == "ORGANIZATION"],
        "countries": list(dict.fromkeys(place.country for place in article.places if place.country)),
        "entities": [
            {"id": each.id, "type": each.type, "canonical": each.canonical, "mentions": len(each.mentions)}
            for each in article.entities
        ],
        "places": [
            {
                "canonical": place.canonical,
                "country": place.country,
                "lat": place.location.lat if place.location else None,
                "lon": place.location.lon if place.location else None,
            }
            for place in article.places
        ],
        "dates": [_date(timex) for timex in article.dates],
        "quotations": [
            {
                "text": each.text,
                "direct": each.direct,
                "speaker": (each.speaker.canonical or each.speaker.text) if each.speaker else None,
                "said": moment.date() if each.said and (moment := _moment(each.said)) else None,
            }
            for each in article.quotations
        ],
    }


def _date(timex: Timex) -> dict[str, Any]:
    interval = timex.interval
    return {
        "text": timex.text,
        "type": timex.type,
        "value": timex.value,
        "gte": interval.gte if interval else None,
        "lt": interval.lt if interval else None,
    }


def _moment(value: str | None) -> Any:
    try:
        return identity.instant(value) if value else None
    except Poison:  # a date of the provider's that is none
        return None


class Csv:
    """CSV in UTF-8 (RFC 4180) with a line of headings. No cell begins with what a spreadsheet takes for a formula:
    such a cell has an apostrophe before it (OWASP, CSV injection)."""

    def __init__(self, out: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        self._writer = csv.writer(self._text)
        self._writer.writerow(COLUMNS)

    def write(self, article: EnrichedArticle) -> None:
        """One row."""
        values = row(article)
        values["versionCreated"] = article.versionCreated
        values["places"] = [place["canonical"] for place in values["places"]]
        self._writer.writerow([cell(values[name]) for name in COLUMNS])

    def close(self) -> None:
        """Everything is written; the file stays open."""
        self._text.flush()
        self._text.detach()


def cell(value: Any) -> str:
    """What stands in a cell."""
    text = BETWEEN.join(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
    written = "" if text is None else str(text)
    return f"'{written}" if written.startswith(_FORMULA) else written


class Parquet:
    """Parquet, zstd, in row groups of bounded size."""

    def __init__(self, out: IO[bytes]) -> None:
        self._writer = pq.ParquetWriter(out, SCHEMA, compression="zstd")
        self._rows: list[dict[str, Any]] = []
        self._bytes = 0

    def write(self, article: EnrichedArticle) -> None:
        """One row; a group is written when it is full."""
        self._rows.append(row(article))
        self._bytes += len(article.body)
        if len(self._rows) >= ROWS_TOGETHER or self._bytes >= BYTES_TOGETHER:
            self._flush()

    def close(self) -> None:
        """The last group and the footer."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=SCHEMA))
        self._rows, self._bytes = [], 0


def columns() -> Iterator[str]:
    """The columns of CSV, in order."""
    yield from COLUMNS
