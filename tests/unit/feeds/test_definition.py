"""config/feeds.toml: what is accepted, and that every mistake is named with its file, feed, field and value."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from pipeline.errors import Code, UserError
from pipeline.feeds import definition
from pipeline.feeds.definition import Feed, Folder, Http
from pipeline.resources import resource

HEAD = '[http]\ncontact = "newsdesk@example.org"\n'
FEED = '[[feed]]\nname = "one"\nurl = "https://example.org/rss"\n'
FOLDER = '[[folder]]\nname = "drop"\npath = "drop"\n'


def load(folder: Path, text: str) -> definition.Feeds:
    path = folder / "feeds.toml"
    path.write_text(text, encoding="utf-8")
    return definition.load(path)


def test_the_shipped_file_enables_nothing_and_its_examples_hold() -> None:
    path = resource(definition.SHIPPED)
    shipped = definition.load(path)
    assert (shipped.feed, shipped.folder, shipped.http.contact) == ((), (), "")
    text = path.read_text("utf-8")
    written = re.sub(r"(?m)^# (?=\[\[|[a-z_]+ = )", "", text)
    data = tomllib.loads(written)
    for table, model in (("feed", Feed), ("folder", Folder)):
        (example,) = data[table]
        defaults = {name: field.default for name, field in model.model_fields.items() if not field.is_required()}
        assert {name: example[name] for name in defaults} == defaults, "every key, with its default"
        model(**example)
    assert Http(**data["http"]) == Http()


def test_enabled_and_named(tmp_path: Path) -> None:
    off = FEED.replace("one", "off") + "enabled = false\n"
    feeds = load(tmp_path, HEAD + FEED + off + FOLDER)
    assert [feed.name for feed in feeds.named([]).feed] == ["one"]
    assert [feed.name for feed in feeds.named(["off"]).feed] == ["off"]
    assert feeds.named(["off"]).folder == ()
    assert feeds.folder[0].path == str(tmp_path / "drop"), "relative to the file"
    with pytest.raises(UserError) as caught:
        feeds.named(["onee"])
    assert caught.value.code is Code.NOT_FOUND
    assert caught.value.hint == "newswire feed one"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (FEED, ["contact"]),
        (HEAD + FEED + "intervall = 3\n", ["[[feed]] 'one'", "'intervall'", "did you mean 'interval'"]),
        (HEAD + FEED + "interval = 0\n", ["[[feed]] 'one'", "interval is '0'", "greater than or equal to 1"]),
        (HEAD + FEED + "interval = 'often'\n", ["interval is 'often'", "number"]),
        (HEAD + FEED + "format = 'docx'\n", ["'docx'", "newsml-g2"]),
        (HEAD + FEED.replace("https:", "ftp:"), ["ftp://example.org/rss", "http or https"]),
        (HEAD + FEED.replace("example.org", "me:secret@example.org"), ["authorization_file"]),
        (HEAD + FEED + FEED, ["'one' is there twice"]),
        (HEAD + FEED + FOLDER.replace("drop", "one"), ["'one' is there twice"]),
        (HEAD + FEED.replace('"one"', '"One Two"'), ["name is 'One Two'"]),
        (HEAD + '[[feed]]\nurl = "https://example.org/"\n', ["[[feed]] number 1", "name", "required"]),
        (FOLDER + "after = 'burn'\n", ["[[folder]] 'drop'", "after is 'burn'", "'delete'"]),
        ("[htpp]\n", ["no key 'htpp'", "did you mean 'http'"]),
        ("[http]\nper_hosts = 1\n", ["[http]", "'per_hosts'", "did you mean 'per_host'"]),
        ('[http]\ncontact = "über@example.org"\n', ["contact", "ASCII"]),
        ("[[feed]\n", ["not TOML"]),
        ("feed = 3\n", ["feed is '3'"]),
        ("feed = [3]\n", ["[[feed]] number 1", "3"]),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, named: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        load(tmp_path, text)
    assert caught.value.code is Code.SETTINGS
    for part in [*named, str(tmp_path / "feeds.toml")]:
        assert part in str(caught.value)


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        definition.load(tmp_path / "none.toml")
    assert "--feeds" in (caught.value.hint or "")


def test_the_authorization_comes_from_its_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    feed = Feed(name="one", url="https://example.org/", authorization_file=str(secret))
    with pytest.raises(UserError, match="authorization_file"):
        _ = feed.authorization
    secret.write_text("Basic abc\n")
    assert feed.authorization == "Basic abc"
    assert "abc" not in repr(feed)
    secret.write_text("Basic abc\r\nX-Other: 1\n")
    with pytest.raises(UserError, match="holds no header"):
        _ = feed.authorization
    assert Feed(name="one", url="https://example.org/").authorization is None
