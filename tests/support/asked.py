"""A search that is asked until its answer is whole: it ends after a second with what it has found by then."""

from __future__ import annotations

from elasticsearch import Elasticsearch

from pipeline.index.search import Answer, SearchRequest, search
from tests.support.ledger import wait_for


def whole(client: Elasticsearch, request: SearchRequest) -> Answer:
    """What a reader finds, who asks again where the answer says that the time was not enough.

    It is enough but where other processes share the machine, or Elasticsearch answers for the first time.
    """
    answer: Answer = wait_for(
        lambda: found if (found := search(client, request)).complete else None,
        timeout=120,
        what=f"a complete answer to {request.query[:100]}",
    )
    return answer
