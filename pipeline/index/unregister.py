"""What `newswire forget` takes out of the register of kills.

The entries of the article and those of its kills are deleted. Advisories stay, since they mean other items too; the
words by which they name the forgotten article, or all where it is the advisory itself, give way to `BLANK`. The names
in them are digests, and matching looks at nothing else. What stays is the id of an advisory, and what comes in later:
the digests of a version that is sent again, and the words of an advisory that is sent for the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Final

from elasticsearch import Elasticsearch

from pipeline import identity
from pipeline.article import WireArticle
from pipeline.errors import Code, Transient
from pipeline.index import names
from pipeline.index.advisories import entries
from pipeline.index.kills import Advisory

BLANK: Final = "(forgotten)"
AT_ONCE: Final = 1000  # deletions of a request
_CONFLICTS: Final = 5  # tries of a change, where a worker writes the same entry


def unregister(client: Elasticsearch, uri: str) -> int:
    """Take the article out of the register; returns how many entries were deleted. May be done again.

    Raises:
        Transient: `elasticsearch.busy`, where an entry could not be deleted.
        ApiError, TransportError: of the client.
    """
    if not client.indices.exists(index=identity.REGISTER):
        return 0
    client.indices.refresh(index=identity.REGISTER)
    own = names.digest(uri)
    items = list(entries(client, {"kind": "item"}, {"item": own}))
    known = frozenset(names.of(WireArticle(uri=uri, versionCreated="", body="")))
    known = known.union(*(item.names for item in items))
    kills = list(entries(client, {"kind": "kill"}))
    # what the others say of it first: done again after a failure, its names must still be there to know it by
    for entry in entries(client, {"kind": "advisory"}):
        if entry.advisory is None:
            continue
        words = (BLANK,) * len(entry.advisory.words) if entry.item == own else blanked(entry.advisory, known)
        if words != entry.advisory.words:
            # the entry's version rises with it, so that the same advisory delivered again does not restore them
            _change(client, entry.key, {"advisory": {"words": words}})
    for kill in kills:
        if kill.item != own and uri in kill.spared:
            _change(client, kill.key, {"spared": [other for other in kill.spared if other != uri]})
    return _delete(client, [*(item.key for item in items), *(kill.key for kill in kills if kill.item == own)])


def blanked(advisory: Advisory, known: Set[str]) -> tuple[str, ...]:
    """An advisory's words without those that mean an item with the names `known`; pure."""
    meant = [not known.isdisjoint(alternatives) for alternatives in advisory.said]
    if len(meant) != len(advisory.words):  # which word is which cannot be told: something that it names has no name
        meant = [any(meant)] * len(advisory.words)
    return tuple(BLANK if gone else word for gone, word in zip(meant, advisory.words, strict=True))


def _change(client: Elasticsearch, key: str, changed: dict[str, object]) -> None:
    client.update(index=identity.REGISTER, id=key, doc=changed, retry_on_conflict=_CONFLICTS, refresh=True)


def _delete(client: Elasticsearch, keys: Iterable[str]) -> int:
    wanted = list(dict.fromkeys(keys))
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        deletions = [{"delete": {"_index": identity.REGISTER, "_id": key}} for key in some]
        answer = client.bulk(operations=deletions, refresh=True)
        failed = [item["delete"] for item in answer["items"] if item["delete"]["status"] not in (200, 404)]
        if failed:
            message = f"{len(failed)} entries of the register were not deleted: {failed[0].get('error')}"
            raise Transient(Code.ELASTICSEARCH_BUSY, message, hint="newswire forget again")
    return len(wanted)
