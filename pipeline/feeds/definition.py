"""What `newswire feed` is to poll: `config/feeds.toml`, checked to the last key before anything is fetched."""

from __future__ import annotations

import difflib
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import Code, UserError
from pipeline.resources import resource
from pipeline.settings import Settings
from pipeline.wire import FORMATS

SHIPPED: Final = "config/feeds.toml"

Seconds = Annotated[float, Field(gt=0)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Entry = TypeVar("Entry", "Feed", "Folder")


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"not a URL: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an http or https URL")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a user or password has no place in the URL; see authorization_file")
    return value


def _format(value: str) -> str:
    if value not in FORMATS:
        raise ValueError(f"accepted are {', '.join(FORMATS)}")
    return value


Format = Annotated[str, AfterValidator(_format)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Http(_Table):
    """[http] How we behave on other people's servers."""

    contact: str = ""  # goes into the User-Agent, so that a server's keeper can reach ours
    polls: Annotated[int, Field(ge=1, le=1000)] = 50  # feeds that are polled at once
    per_host: Annotated[int, Field(ge=1, le=20)] = 2  # connections
    longest_pause: Annotated[float, Field(ge=1)] = 3600.0  # seconds: of a back-off, and that a server may ask for
    page_timeout: Seconds = 20.0  # seconds, to fetch a page of full text, and again to extract it


class Feed(_Table):
    """[[feed]] Something that is polled over HTTP."""

    name: Name
    url: Annotated[str, AfterValidator(_url)]
    enabled: bool = True
    interval: Annotated[float, Field(ge=1)] = 300.0  # seconds; a ttl or max-age of the server may lengthen it
    format: Format = "xml"  # RSS, Atom, or another XML of a wire format
    full_text: bool = False  # fetch each new item's page
    robots: bool = True  # keep to the server's robots.txt
    private_addresses: bool = False  # may lead to loopback and private networks
    authorization_file: str = ""  # its content is sent as Authorization, to the server of `url` alone
    timeout: Seconds = 30.0
    max_bytes: Annotated[int, Field(ge=1024, le=100_000_000)] = 10_000_000  # unpacked

    @property
    def authorization(self) -> str | None:
        """The header's value, read anew at each poll.

        Raises:
            UserError: `settings` where the file cannot be read, or holds no header.
        """
        if not self.authorization_file:
            return None
        try:
            text = Path(self.authorization_file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not text"
            message = f"authorization_file: cannot read {self.authorization_file}: {reason}"
            raise UserError(Code.SETTINGS, message) from error
        if not text.isprintable() or not text.isascii():
            raise UserError(Code.SETTINGS, f"authorization_file: {self.authorization_file} holds no header's value")
        return text


class Folder(_Table):
    """[[folder]] A folder that an agency fills."""

    name: Name
    path: str
    enabled: bool = True
    pattern: str = "*"  # of file names, as a shell takes it
    format: Format = "auto"
    interval: Annotated[float, Field(ge=0.1)] = 2.0  # seconds between two looks
    settle: Annotated[float, Field(ge=0)] = 10.0  # seconds without a change, after which a file is finished
    after: Literal["move", "delete"] = "move"  # what becomes of a file that Kafka has
    done: str = "done"
    refused: str = "refused"
    max_bytes: Annotated[int, Field(ge=1024, le=500_000_000)] = 50_000_000  # of a file, or of a line of JSON lines
    undated: Literal["refuse", "arrival"] = "refuse"  # arrival: the file's time dates what carries no date


class Feeds(_Table):
    """The whole file."""

    http: Http = Http()
    feed: tuple[Feed, ...] = ()
    folder: tuple[Folder, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = Counter([feed.name for feed in self.feed] + [folder.name for folder in self.folder])
        twice = [name for name, times in names.items() if times > 1]
        if twice:
            raise ValueError(f"name: {', '.join(map(repr, twice))} is there twice")
        if not self.http.contact.strip() and any(feed.enabled for feed in self.feed):
            raise ValueError("http.contact: say under which mail or web address the servers' keepers reach you")
        if not self.http.contact.isprintable() or not self.http.contact.isascii():
            raise ValueError("http.contact: only printable ASCII can be sent as a header")
        return self

    @property
    def enabled(self) -> Feeds:
        """Those that are not switched off."""
        return self.model_copy(
            update={
                "feed": tuple(feed for feed in self.feed if feed.enabled),
                "folder": tuple(folder for folder in self.folder if folder.enabled),
            }
        )

    def named(self, names: Sequence[str]) -> Feeds:
        """Those of these names, switched on or off; the enabled ones where none is named.

        Raises:
            UserError: `not-found` for a name that is not there.
        """
        if not names:
            return self.enabled
        known = [feed.name for feed in self.feed] + [folder.name for folder in self.folder]
        for name in names:
            if name not in known:
                meant = difflib.get_close_matches(name, known, n=1)
                hint = f"newswire feed {meant[0]}" if meant else "newswire feed --list"
                raise UserError(Code.NOT_FOUND, f"no feed or folder is called {name!r}", hint=hint)
        return self.model_copy(update={"feed": _of(self.feed, names), "folder": _of(self.folder, names)})


def _of(entries: tuple[Entry, ...], names: Sequence[str]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.name in names)


def path_of(settings: Settings, given: Path | None = None) -> Path:
    """The file: as given on the command line, else as the settings say, else the shipped one."""
    if given is not None:
        return given
    return Path(settings.feeds.file).expanduser() if settings.feeds.file else resource(SHIPPED)


def load(path: Path) -> Feeds:
    """Read and check the file; relative folders are taken from where it is.

    Raises:
        UserError: `settings`, naming the file, the feed, the field and its value, and what would be accepted.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(Code.SETTINGS, f"{path}: {error.strerror}", hint="name a file with --feeds") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(Code.SETTINGS, f"{path}: not TOML: {error}") from error
    try:
        feeds = Feeds(**data)
    except ValidationError as error:
        hint = f"{SHIPPED} and docs/feeds.md explain every key"
        raise UserError(Code.SETTINGS, _explain(error, path, data), hint=hint) from error
    base = path.absolute().parent
    folders = tuple(
        folder.model_copy(update={"path": str(base / Path(folder.path).expanduser())}) for folder in feeds.folder
    )
    return feeds.model_copy(update={"folder": folders})


def _explain(error: ValidationError, path: Path, data: dict[str, Any]) -> str:
    lines = []
    for problem in error.errors():
        location = problem["loc"]
        table, where, key = _place(location, data)
        if problem["type"] == "extra_forbidden":
            accepted = list(table.model_fields)
            close = difflib.get_close_matches(key, accepted, n=1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            lines.append(f"{path}: {where}no key {key!r} (accepted: {', '.join(accepted)}){meant}")
            continue
        value = problem["input"]
        shown = "" if isinstance(value, dict) else f" is {str(value)[:200]!r}"
        colon = ": " if key else ""
        lines.append(f"{path}: {where}{key}{shown}{colon}{problem['msg']}".replace("Value error, ", ""))
    return "\n".join(lines)


def _place(location: tuple[int | str, ...], data: dict[str, Any]) -> tuple[type[_Table], str, str]:
    """The table of an error, its name for people, and the key."""
    tables: dict[str, type[_Table]] = {"http": Http, "feed": Feed, "folder": Folder}
    first = str(location[0]) if location else ""
    if first not in tables or len(location) < 2:
        return Feeds, "", first
    if first == "http":
        return Http, "[http] ", str(location[1])
    entries, number = data.get(first), location[1]
    entry = entries[number] if isinstance(entries, list) and isinstance(number, int) else None
    name = entry.get("name") if isinstance(entry, dict) else None
    called = repr(name) if isinstance(name, str) else f"number {int(number) + 1}" if isinstance(number, int) else ""
    return tables[first], f"[[{first}]] {called} ".replace("  ", " "), ".".join(map(str, location[2:]))
