"""The demo's searches, from `config/demo/searches.toml`: what each asks, what it shows, and what must be found."""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path
from typing import Final

import msgspec

from pipeline.index import daterange
from pipeline.index.query import SearchRequest
from pipeline.resources import resource

FILE: Final = "config/demo/searches.toml"


class DemoSearch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One search: the options of `newswire search`, a sentence on it, and the slugs of all items to be found."""

    shows: str
    expect: tuple[str, ...]
    query: str = ""
    person: str = ""
    organization: str = ""
    place: str = ""
    speaker: str = ""
    quote: str = ""
    said: str = ""
    about: str = ""
    published: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """The arguments of `newswire search` that ask the same."""
        named = ("person", "organization", "place", "speaker", "quote", "said", "about", "published")
        asked = [(name, getattr(self, name)) for name in named if getattr(self, name)]
        return (
            *([self.query] if self.query else []),
            *(word for name, value in asked for word in (f"--{name}", value)),
        )

    @property
    def command(self) -> str:
        """The command line that asks the same."""
        return shlex.join(("newswire", "search", *self.options))

    @property
    def request(self) -> SearchRequest:
        """The request for `pipeline.index.search`.

        Raises:
            UserError: `usage`, where a date cannot be read.
        """
        return SearchRequest(
            query=self.query,
            people=_one(self.person),
            organizations=_one(self.organization),
            places=_one(self.place),
            speakers=_one(self.speaker),
            quote=self.quote,
            said=daterange.parse(self.said) if self.said else None,
            about=daterange.parse(self.about) if self.about else None,
            published=daterange.parse(self.published) if self.published else None,
            limit=50,
        )


def load(path: Path | None = None) -> list[DemoSearch]:
    """The searches of a file; by default those that are shipped."""
    data = tomllib.loads((path or resource(FILE)).read_text(encoding="utf-8"))
    return msgspec.convert(data["search"], list[DemoSearch])


def _one(name: str) -> tuple[str, ...]:
    return (name,) if name else ()
