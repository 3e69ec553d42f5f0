"""What `newswire feed` remembers: over restarts, for one writer, and no longer than needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import Code, UserError
from pipeline.feeds.state import FORGET_AFTER, Item, Source, State, sole_writer


def test_it_survives_and_another_url_is_another_feed(tmp_path: Path) -> None:
    refusals = ({"code": "wire.field", "message": "pubDate: é"},)
    source = Source("one", "feed", "https://a", etag='"x"', body=b"\0\1", gone=True, failures=3, refusals=refusals)
    state = State(tmp_path)
    state.conclude(source, now=1.0)
    state.close()
    state = State(tmp_path)
    assert state.source("one", "feed", "https://a") == source
    assert state.source("one", "feed", "https://b") == Source("one", "feed", "https://b")
    assert state.source("two", "feed", "https://a") == Source("two", "feed", "https://a")
    state.close()


def test_items_and_their_sightings(tmp_path: Path) -> None:
    state = State(tmp_path)
    uris = [f"u{number}" for number in range(1200)]
    state.note_sightings("one", [(uri, b"d1", "2022-01-01") for uri in uris], now=1.0)
    assert state.item_count("one") == 0, "seen is not acknowledged"
    item = Item("u7", digest=b"d1", rank=1 << 62, created="2022-01-01", page=True, page_tries=2)
    state.acknowledge("one", [item], now=1.0)
    state.note_sightings("one", [("u7", b"d2", "2022-01-02")], now=2.0)
    known = state.items("one", uris)
    assert len(known) == 1200
    assert known["u8"] == Item("u8", next_digest=b"d1", next_created="2022-01-01")
    assert (known["u7"].digest, known["u7"].next_digest, known["u7"].rank) == (b"d1", b"d2", 1 << 62)
    assert known["u7"].page is True
    assert state.items("two", uris) == {}
    state.conclude(Source("one", "feed"), seen=["u8"], now=FORGET_AFTER + 5)
    assert set(state.items("one", uris)) == {"u8"}, "what left its feed long ago is forgotten"
    state.close()


def test_reading_needs_no_file_and_makes_none(tmp_path: Path) -> None:
    state = State(tmp_path, read_only=True)
    assert state.source("one", "feed").last_poll is None
    state.close()
    assert list(tmp_path.iterdir()) == []
    writer = State(tmp_path)
    writer.conclude(Source("one", "feed", pushed=4), now=1.0)
    reader = State(tmp_path, read_only=True)
    assert reader.source("one", "feed").pushed == 4
    reader.close()
    writer.close()


def test_one_writer_at_a_time_however_the_other_ended(tmp_path: Path) -> None:
    script = (
        "import signal, sys; from pathlib import Path; from pipeline.feeds.state import sole_writer\n"
        "with sole_writer(Path(sys.argv[1])): print('held', flush=True); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(UserError) as caught, sole_writer(tmp_path):
            pass
        assert caught.value.code is Code.FEED_RUNNING
        assert str(other.pid) in str(caught.value)
        other.kill()
        other.wait()
    with sole_writer(tmp_path):
        pass


def test_a_folder_that_cannot_be_and_a_newer_state(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="file"):
        State(tmp_path / "file")
    with pytest.raises(UserError, match="file"), sole_writer(tmp_path / "file"):
        pass
    state = State(tmp_path)
    state._db.execute("PRAGMA user_version = 99")
    state.close()
    with pytest.raises(UserError, match="newer release"):
        State(tmp_path)
    (tmp_path / "feeds.sqlite3").write_bytes(b"no database, but long enough to be taken for one" * 50)
    with pytest.raises(UserError, match=r"feeds\.sqlite3"):
        State(tmp_path)
