"""The options by which `search`, `export` and `alert add` ask, put together in one way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.index.query import SearchRequest


def asked(
    *,
    query: Sequence[str] | None,
    person: Sequence[str] | None,
    organization: Sequence[str] | None,
    place: Sequence[str] | None,
    speaker: Sequence[str] | None,
    quote: str,
    said: str | None = None,
    about: str | None = None,
    widely: bool = False,
    published: str | None = None,
) -> SearchRequest:
    """The search that the options of a command line mean; days are written as `newswire search` explains.

    Raises:
        UserError: `usage`, for days that cannot be read.
    """
    from pipeline.index import daterange
    from pipeline.index.query import SearchRequest

    return SearchRequest(
        query=" ".join(query or ()),
        people=tuple(person or ()),
        organizations=tuple(organization or ()),
        places=tuple(place or ()),
        speakers=tuple(speaker or ()),
        quote=quote,
        said=daterange.parse(said) if said else None,
        about=daterange.parse(about) if about else None,
        about_widely=widely,
        published=daterange.parse(published) if published else None,
    )
