"""`newswire export` on a real server: every format, nothing hidden, no half files."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import codec
from pipeline.article import Concept, Link, WireArticle
from pipeline.errors import UserError
from pipeline.export import ninjs
from pipeline.export.reading import Export
from pipeline.export.table import COLUMNS, cell
from pipeline.export.writing import whole_file
from pipeline.index.query import SearchRequest
from pipeline.wire import parse
from tests.integration.index.conftest import Index, index
from tests.support.cli import Cli
from tests.support.ledger import wait_for

__all__ = ["index"]

pytestmark = pytest.mark.servers

COUNT = 230  # more than one page
GUARD = 240.0  # seconds: against hanging, not a measurement


@pytest.fixture
def filled(index: Index) -> Index:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    shown = [index.article(number, headline=f"=HYPERLINK({number})") for number in range(COUNT)]
    hidden = [
        index.article(COUNT, embargoed=later),
        index.article(COUNT + 1, pubStatus="withheld"),
        index.article(COUNT + 2, pubStatus="canceled"),
    ]
    index.write(*shown, *hidden)
    return index


@pytest.fixture
def cli(filled: Index, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Cli:
    return Cli(monkeypatch, capfdbinary, {"NEWSWIRE__ELASTICSEARCH__HOSTS": filled.url})


def _query(index: Index) -> str:
    return f"headline:hyperlink id:{index.name.replace(':', chr(92) + ':')}*"


def test_every_format_has_every_article_and_nothing_hidden(filled: Index, cli: Cli, tmp_path: Path) -> None:
    query = _query(filled)
    uris = {f"{filled.name}:{number}" for number in range(COUNT)}

    lines = cli("export", query).stdout.splitlines()
    articles = [codec.decode_enriched(line) for line in lines]
    assert len(articles) == COUNT
    assert {each.uri for each in articles} == uris
    assert articles[0].quotations[0].speaker is not None

    rows = list(csv.reader(io.StringIO(cli("export", query, "--format", "csv").stdout.decode(), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert {row[0] for row in rows[1:]} == uris
    assert {row[COLUMNS.index("headline")][:2] for row in rows[1:]} == {"'="}

    items = cli("export", query, "--format", "ninjs").stdout
    assert {each.uri for each in parse(items, now=datetime.now(UTC))} == uris

    file = tmp_path / "articles.parquet"
    cli("export", query, "--format", "parquet", "-o", str(file))
    table = pq.read_table(file)
    assert set(table["uri"].to_pylist()) == uris
    assert table.schema.field("versionCreated").type == pa.timestamp("ms", tz="UTC")
    assert table["people"][0].as_py() == ["Jüri Põldmaa", "Else Brandt"]
    assert table["quotations"][0].as_py()[0]["speaker"] == "Jüri Põldmaa"
    assert [each.name for each in tmp_path.iterdir()] == ["articles.parquet"]

    assert cli("export", query, "--person", "Juri Brandt").stdout == b""
    assert b"cannot" in cli("export", "ferry AND", "-o", str(tmp_path / "x"), status=2).stderr
    assert not (tmp_path / "x").exists()


def test_what_is_taken_back_during_an_export_is_left_out_from_then_on(filled: Index) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    with Export(filled.client, SearchRequest(query=_query(filled))) as export:
        found = export.articles()
        first = next(found).uri
        left = sorted({f"{filled.name}:{number}" for number in range(COUNT)} - {first})
        # of those whose page was not read yet some are killed, some put under embargo; what is new is not in the view
        changed = {"versionCreated": "2022-03-10T08:30:00+02:00", "headline": "=HYPERLINK()"}
        numbers = [int(uri.rpartition(":")[2]) for uri in left]
        killed = [filled.article(n, **changed, pubStatus="canceled") for n in numbers[::2]]
        withdrawn = [filled.article(n, **changed, embargoed=later) for n in numbers[1::2]]
        filled.write(*killed, *withdrawn, filled.article(COUNT + 9, headline="=HYPERLINK(9)"))
        rest = [each.uri for each in found]
    assert len(rest) < 100, "no more than the page that was read before"
    assert export.left_out + len(rest) + 1 == COUNT
    assert f"{filled.name}:{COUNT + 9}" not in rest


def test_an_interrupted_export_leaves_no_file(filled: Index, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    file.write_text("what was there before")
    environment = os.environ | {"NEWSWIRE__ELASTICSEARCH__HOSTS": filled.url}
    script = (
        "import time, pipeline.export.writing as w; write = w.JsonLines.write\n"
        "w.JsonLines.write = lambda self, article: (time.sleep(2), write(self, article))\n"
        "from pipeline.cli import main; main()"
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen(
            [sys.executable, "-c", script, "export", _query(filled), "-o", str(file)],
            env=environment, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(lambda: list(tmp_path.glob("*.part")), timeout=GUARD, what="a file that grows")
        process.send_signal(number)
        assert process.wait(GUARD) == 130
        assert [each.name for each in tmp_path.iterdir()] == ["all.jsonl"]
        assert file.read_text() == "what was there before"


def test_ninjs_comes_back_as_the_same_article() -> None:
    article = WireArticle(
        uri="urn:newswire:test:1", versionCreated="2022-03-09T08:30:00+02:00", version="3", type="text", urgency=2,
        body="One.\n\nTwo, “three”.", headline="A headline", description="What it is about.", language="en",
        slugline="FERRY", by="By A. Writer", located="Tallinn", edNote="Photos follow.", source="NWT",
        firstCreated="2022-03-09T07:30:00+02:00", copyrightHolder="NWT", copyrightNotice="(c) NWT",
        usageTerms="None.",
        signals=("update",), keywords=("ferry", "strike"), altIds=("tag:other",),
        subjects=(Concept(name="economy", uri="http://cv.iptc.org/newscodes/mediatopic/04000000"),),
        genres=(Concept(name="Feature", code="genre:Feature"),), markedPeople=(Concept(name="Else Brandt"),),
        markedOrganisations=(Concept(name="Union", uri="urn:union"),), markedPlaces=(Concept(name="Tartu"),),
        links=(Link(rel="picture", href="https://pictures.example/1.jpg", title="A ferry", type="image/jpeg"),),
    )  # fmt: skip
    (again,) = parse(json.dumps(ninjs.item(article)).encode(), now=datetime.now(UTC))
    same = {name: (getattr(article, name), getattr(again, name)) for name in WireArticle.__struct_fields__}
    assert {name: values for name, values in same.items() if values[0] != values[1]} == {
        "wireFormat": (None, "ninjs")
    }


@pytest.mark.parametrize(
    ("value", "written"),
    [("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("a=1", "a=1"), (None, ""),
     (["=a", "b"], "'=a | b"), (3, "3")],
)  # fmt: skip
def test_a_cell_is_no_formula(value: Any, written: str) -> None:
    assert cell(value) == written


def test_a_file_has_its_name_when_it_is_whole(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), whole_file(tmp_path / "a") as out:  # noqa: PT012
        out.write(b"half")
        raise RuntimeError
    assert not list(tmp_path.iterdir())
    with pytest.raises(UserError), whole_file(tmp_path / "no" / "a"):
        pass
