"""XML of any kind that we know, by its root element, or by the first known element inside a wrapper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from pipeline.errors import Code, Poison
from pipeline.wire import atom, newsml_1, newsml_g2, nitf, ritzau, rss, xml
from pipeline.wire.context import Context, Result
from pipeline.wire.xml import Element, local

FORMAT: Final = "xml"

_READERS: Final[dict[str, Callable[[Element, Context], Iterator[Result]]]] = {
    **dict.fromkeys(newsml_g2.ROOTS, newsml_g2.read_tree),
    **dict.fromkeys(newsml_1.ROOTS, newsml_1.read_tree),
    **dict.fromkeys(rss.ROOTS, rss.read_tree),
    **dict.fromkeys(atom.ROOTS, atom.read_tree),
    "nitf": nitf.read_tree,
    ritzau.ROOT: ritzau.read_tree,
}
_INSIDE: Final = (*newsml_g2.ROOTS, "NewsML", "nitf", "rss", ritzau.ROOT)


def read(data: bytes, context: Context) -> Iterator[Result]:
    """The articles of an XML document.

    Raises:
        Poison: as `xml.load`; `wire.format-unknown` naming the root element.
    """
    root = xml.load(data)
    reader = _READERS.get(local(root))
    if reader is None:
        inner = next(xml.descendants(root, *_INSIDE), None)
        if inner is None:
            raise Poison(Code.WIRE_FORMAT_UNKNOWN, f"XML: no format that we know has the root {local(root)[:80]}")
        root, reader = inner, _READERS[local(inner)]
    yield from reader(root, context)
