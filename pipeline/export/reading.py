"""Every article that a request matches, oldest first, however many: one consistent view, page by page.

The view is a point in time of the alias `news`: what comes in meanwhile is not in it. What is killed, withheld or put
under embargo meanwhile is left out from that moment on: each page is checked against the alias of this second before
it is given out. At most a page is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from elastic_transport import ApiError, TransportError
from elasticsearch import Elasticsearch

from pipeline import identity
from pipeline.article import EnrichedArticle
from pipeline.index.lookup import read
from pipeline.index.query import SearchRequest, matching
from pipeline.index.search import failure

KEEP_ALIVE: Final = "5m"  # from one page to the next
FIRST_PAGE: Final = 100  # articles
LARGEST_PAGE: Final = 1_000
PAGE_BYTES: Final = 4_000_000  # of the articles' texts, which a page should have


class Export:
    """The articles of one request. Use it as a context manager.

    Raises everywhere:
        UserError: `usage`, where the query cannot be read.
        Transient, Fatal: as `client.explain`.
    """

    def __init__(self, client: Elasticsearch, request: SearchRequest) -> None:
        self._client = client
        asked = matching(request, quoted=False)["bool"]
        self._query = {"bool": {"filter": asked["must"] + asked["filter"]}}
        self.left_out = 0  # articles that readers no longer saw when their turn came
        with _explained():
            self._total = int(client.count(index=identity.READ_ALIAS, query=self._query)["count"])
            self._pit = str(client.open_point_in_time(index=identity.READ_ALIAS, keep_alive=KEEP_ALIVE)["id"])

    @property
    def total(self) -> int:
        """How many articles matched when it was opened."""
        return self._total

    def articles(self) -> Iterator[EnrichedArticle]:
        """One after the other."""
        after: list[Any] | None = None
        size = FIRST_PAGE
        while True:
            hits = self._page(after, size)
            if not hits:
                return
            after = hits[-1]["sort"]
            shown = self._shown([hit["_id"] for hit in hits])
            self.left_out += len(hits) - len(shown)
            characters = sum(len(hit["_source"].get("body", "")) for hit in hits)
            size = max(1, min(LARGEST_PAGE, 2 * size, PAGE_BYTES * len(hits) // max(1, characters)))
            for hit in hits:
                if hit["_id"] in shown:
                    yield read(hit["_source"])

    def _page(self, after: list[Any] | None, size: int) -> list[dict[str, Any]]:
        with _explained():
            answer = self._client.search(
                pit={"id": self._pit, "keep_alive": KEEP_ALIVE},
                query=self._query,
                sort=[{"@timestamp": "asc"}, {"_shard_doc": "asc"}],
                size=size,
                search_after=after,
                track_total_hits=False,
                allow_partial_search_results=False,  # an export lacks nothing unseen
            )
        self._pit = answer["pit_id"]
        hits: list[dict[str, Any]] = answer["hits"]["hits"]
        return hits

    def _shown(self, ids: list[str]) -> set[str]:
        """Those that readers see at this second."""
        with _explained():
            answer = self._client.search(
                index=identity.READ_ALIAS,
                query={"bool": {"filter": [{"ids": {"values": ids}}]}},
                size=len(ids),
                source=False,
                track_total_hits=False,
                allow_partial_search_results=False,  # an export lacks nothing unseen
            )
        return {hit["_id"] for hit in answer["hits"]["hits"]}

    def close(self) -> None:
        """Let go of the point in time; it would end by itself, too."""
        try:
            self._client.close_point_in_time(id=self._pit)
        except (ApiError, TransportError):
            return

    def __enter__(self) -> Export:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (ApiError, TransportError) as error:
        raise failure(error) from error
