"""The files of config/kibana/: read strictly, and wrong ones refused with the file and the key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import Code, UserError
from pipeline.kibana.sources import Found, load
from pipeline.resources import resource


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resource("config/kibana"), tmp_path / "kibana"))


def test_the_shipped_files_have_what_a_newsroom_needs() -> None:
    found = load()
    assert {view.index for view in found.data_views} == {"news", "news-pipeline"}
    assert [each.title for each in found.dashboards] == ["Newsroom", "Pipeline", "Story"]
    assert {each.title for each in found.searches} >= {
        "Newest articles",
        "Newest corrections",
        "Quotations of a person",
        "One agency's file",
        "Everything about one day",
    }
    used = {panel.search for each in found.dashboards for panel in each.panel if isinstance(panel, Found)}
    assert used == {"newswire-newest", "newswire-quotations"}


def test_a_data_view_like_another_shares_its_fields() -> None:
    views = {view.id: view for view in load().data_views}
    news, days = views["newswire-news"], views["newswire-days"]
    assert (days.labels, days.formats, days.hidden) == (news.labels, news.formats, news.hidden)
    assert (news.time, days.time) == ("@timestamp", "mentioned_days")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("dashboards/story.toml", 'kind = "note"', 'kind = "clock"', "Invalid value 'clock'"),
        ("dashboards/story.toml", 'field = "people"', 'filed = "people"', "unknown field `filed`"),
        (
            "dashboards/story.toml",
            "at = [0, 0, 12, 7]",
            "at = [40, 0, 12, 7]",
            "newswire-story: how: at [40, 0, 12, 7]",
        ),
        ("dashboards/story.toml", 'id = "first"', 'id = "last"', "newswire-story: two panels last"),
        ("dashboards/story.toml", "newswire-quotations", "newswire-quotes", "no search newswire-quotes"),
        ("dashboards/story.toml", 'id = "newswire-story"', 'id = "newswire-news"', "two are called newswire-news"),
        ("dashboards/story.toml", 'title = "Story"', "title = 7", "Expected `str`, got `int` - at `$.title`"),
        ("dashboards/story.toml", 'what = "unique_count"', 'what = "median"', "Invalid enum value 'median'"),
        ("dashboards/pipeline.toml", '"newswire-workers"', '"newswire-worker"', "no data view newswire-worker"),
        ("searches.toml", '"newswire-days"', '"newswire-day-view"', "no data view newswire-day-view"),
        ("searches.toml", 'id = "newswire-day"', 'id = "Newswire day"', "matching regex"),
        ("data-views.toml", 'like = "newswire-news"', 'like = "newswire"', "no data view newswire"),
        ("data-views.toml", "[[data_view]]", "[[data_views]]", "data_view"),
        ("searches.toml", 'title = "Newest articles"', "title = ", "Invalid value"),
    ],
)
def test_a_mistake_is_told_with_its_place(folder: Path, file: str, old: str, new: str, told: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(UserError, match="kibana") as error:
        load(folder)
    assert error.value.code is Code.SETTINGS
    assert told in str(error.value)


def test_a_missing_file_is_told(folder: Path) -> None:
    (folder / "searches.toml").unlink()
    with pytest.raises(UserError, match=r"searches\.toml: No such file"):
        load(folder)
