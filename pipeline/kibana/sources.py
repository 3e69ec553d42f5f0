"""The files of `config/kibana/`: data views, saved searches and dashboards as people write and review them.

A mistake in them (an unknown key, an unknown kind of panel, a reference that leads nowhere) is a UserError that names
the file and the key.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec

from pipeline.errors import Code, UserError
from pipeline.resources import resource

FOLDER: Final = "config/kibana"
GRID_WIDTH: Final = 48  # columns of a dashboard

T = TypeVar("T")
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Cells = Annotated[int, msgspec.Meta(ge=0, le=500)]
Rows = Annotated[int, msgspec.Meta(ge=1, le=100)]


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Part of a file."""


class Format(_Written, frozen=True, kw_only=True):
    """How a field is shown: one of Kibana's field formatters with its pattern (moment.js or numeral.js)."""

    id: Literal["date", "number"]
    pattern: str
    timezone: str | None = None


class DataView(_Written, frozen=True, kw_only=True):
    """An index and the time field by which Kibana looks at it. `like`: the data view whose fields it shares."""

    id: Name
    name: str
    index: str
    time: str
    like: str | None = None
    hidden: tuple[str, ...] = ()  # fields that Discover leaves out
    labels: dict[str, str] = {}
    formats: dict[str, Format] = {}


class Search(_Written, frozen=True, kw_only=True):
    """A saved search of Discover; `query` is KQL."""

    id: Name
    title: str
    description: str
    columns: tuple[str, ...]
    query: str = ""
    data_view: str = "newswire-news"
    sort: tuple[tuple[str, Literal["asc", "desc"]], ...] = (("@timestamp", "desc"),)


class Measure(_Written, frozen=True, kw_only=True):
    """What is counted or computed of a group of documents."""

    what: Literal["count", "sum", "average", "min", "max", "unique_count"]
    label: str
    field: str | None = None  # none for count


class Split(_Written, frozen=True, kw_only=True):
    """The commonest values of a field, each a series of its own."""

    field: str
    size: Rows


COUNT: Final = Measure(what="count", label="Articles")
Box = tuple[Cells, Cells, Cells, Cells]  # x, y, width, height


class _Panel(_Written, frozen=True, kw_only=True, tag_field="kind"):
    id: Name
    title: str
    at: Box


class OverTime(_Panel, frozen=True, kw_only=True, tag="over-time"):
    """Bars or lines over a date field."""

    time: str
    interval: str = "auto"
    split: Split | None = None
    series: Literal["bar", "line"] = "bar"
    measures: tuple[Measure, ...] = (COUNT,)
    query: str = ""


class Top(_Panel, frozen=True, kw_only=True, tag="top"):
    """A table of a field's commonest values, each of which can be filtered by."""

    field: str
    size: Rows = 20
    measures: tuple[Measure, ...] = (COUNT,)
    query: str = ""


class Share(_Panel, frozen=True, kw_only=True, tag="share"):
    """A ring of a field's commonest values."""

    field: str
    size: Rows = 8
    query: str = ""


class Number(_Panel, frozen=True, kw_only=True, tag="number"):
    """One figure."""

    measure: Measure
    query: str = ""


class Map(_Panel, frozen=True, kw_only=True, tag="map"):
    """Points of a geo_point field, counted by cells of the map."""

    field: str
    query: str = ""


class Found(_Panel, frozen=True, kw_only=True, tag="search"):
    """The table of a saved search."""

    search: str


class Note(_Panel, frozen=True, kw_only=True, tag="note"):
    """Markdown."""

    text: str


Panel = OverTime | Top | Share | Number | Map | Found | Note


class Control(_Written, frozen=True, kw_only=True):
    """A list of a field's values at the top of a dashboard, to filter by."""

    field: str
    title: str


class Dashboard(_Written, frozen=True, kw_only=True):
    """A dashboard; `from_` and `to` are its range of time when it is opened, `refresh` seconds, 0 for never."""

    id: Name
    title: str
    description: str
    panel: tuple[Panel, ...]
    data_view: str = "newswire-news"
    from_: str = msgspec.field(name="from")
    to: str
    refresh: Cells = 0
    control: tuple[Control, ...] = ()


class Sources(_Written, frozen=True, kw_only=True):
    """Everything in the folder."""

    data_views: tuple[DataView, ...]
    searches: tuple[Search, ...]
    dashboards: tuple[Dashboard, ...]


def load(folder: Path | None = None) -> Sources:
    """The sources of a folder, `config/kibana/` by default, checked to belong together.

    Raises:
        UserError: `settings`, naming the file and what is wrong with it.
    """
    folder = folder or resource(FOLDER)
    views = _read(folder / "data-views.toml", "data_view", list[DataView])
    searches = _read(folder / "searches.toml", "search", list[Search])
    dashboards = [_read(path, None, Dashboard) for path in sorted((folder / "dashboards").glob("*.toml"))]
    found = Sources(
        data_views=tuple(_completed(view, views) for view in views),
        searches=tuple(searches),
        dashboards=tuple(dashboards),
    )
    for problem in _problems(found):
        raise UserError(Code.SETTINGS, f"{folder}: {problem}")
    return found


def _read(path: Path, key: str | None, kind: type[T]) -> T:
    try:
        data: Any = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(data[key] if key else data, kind)
    except OSError as error:
        raise UserError(Code.SETTINGS, f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError, KeyError) as error:
        raise UserError(Code.SETTINGS, f"{path}: {error}") from error


def _completed(view: DataView, views: list[DataView]) -> DataView:
    model = next((other for other in views if other.id == view.like), view)
    return msgspec.structs.replace(
        view,
        hidden=view.hidden or model.hidden,
        labels=model.labels | view.labels,
        formats=model.formats | view.formats,
    )


def _problems(found: Sources) -> list[str]:
    views = [view.id for view in found.data_views]
    searches = [search.id for search in found.searches]
    problems = [f"two are called {name}" for name in _twice([*views, *searches, *(d.id for d in found.dashboards)])]
    problems += [
        f"{search.id}: no data view {search.data_view}" for search in found.searches if search.data_view not in views
    ]
    problems += [
        f"{view.id}: no data view {view.like}" for view in found.data_views if view.like not in (None, *views)
    ]
    for dashboard in found.dashboards:
        if dashboard.data_view not in views:
            problems.append(f"{dashboard.id}: no data view {dashboard.data_view}")
        problems += [f"{dashboard.id}: two panels {name}" for name in _twice([panel.id for panel in dashboard.panel])]
        for panel in dashboard.panel:
            x, _, width, height = panel.at
            if not width or not height or x + width > GRID_WIDTH:
                problems.append(f"{dashboard.id}: {panel.id}: at {list(panel.at)} is not within {GRID_WIDTH} columns")
            if isinstance(panel, Found) and panel.search not in searches:
                problems.append(f"{dashboard.id}: {panel.id}: no search {panel.search}")
    return problems


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
