"""Which words of a kill advisory mean a forgotten item; pure."""

from __future__ import annotations

import msgspec

from pipeline.article import Link, WireArticle
from pipeline.index import kills, names
from pipeline.index.unregister import BLANK, blanked


def made(*links: Link) -> kills.Advisory:
    article = WireArticle(uri="urn:x:kill", versionCreated="2024-05-30", body="", pubStatus="canceled", links=links)
    found = kills.advisory(article)
    assert found is not None
    return found


def test_the_words_that_mean_the_item_go_and_the_others_stay() -> None:
    long = "Minister " * 50 + "resigns"
    item = WireArticle(uri="urn:x:1", versionCreated="2024-05-30", body="", headline=long)
    told = made(
        Link(rel="kills", title=long), Link(rel="kills", href="URN:X:1"), Link(rel="kills", title="Something else")
    )
    assert blanked(told, frozenset(names.of(item))) == (BLANK, BLANK, "Something else")
    assert blanked(told, frozenset()) == told.words
    # "..." is a word, and no name: which of the words means the item is not known then
    unclear = made(Link(rel="kills", title="..."), Link(rel="kills", title=long))
    assert len(unclear.words) > len(unclear.said)
    assert blanked(unclear, frozenset(names.of(item))) == (BLANK, BLANK)


def test_what_it_kills_is_the_same_without_its_words() -> None:
    told = made(Link(rel="kills", title="A headline"))
    blank = msgspec.structs.replace(told, words=(BLANK,))
    assert (blank.key, blank.names) == (told.key, told.names)
