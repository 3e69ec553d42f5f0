"""HTML and XHTML -> plain text: paragraphs separated by a blank line.

Nothing is built but the text: libxml2's HTML tokenizer calls `TextBuilder` for each tag, so the memory is that of
the text, depth does not matter, and nothing is ever fetched. The same builder takes the nodes of an XML tree.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Mapping
from typing import Any, Final, cast

from lxml import etree

from pipeline.wire.fields import checked, words

# block-level elements of HTML and NITF: each is a paragraph of its own
BLOCKS: Final = words(
    "address article aside blockquote block body body.content bq byline dd details div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hl1 hl2 hr html legend main media media-caption nav note ol p pre "
    "section summary table tbody tfoot thead ul"
)
LINES: Final = words("li tr caption")  # each a line of the paragraph around it
CELLS: Final = words("td th")
# what is no text of the article
SKIPPED: Final = words(
    "audio button canvas figure head header iframe media nav noscript object script select style svg template "
    "textarea title video"
)
# where leaving those out leaves nothing: what is no text at all
ONLY_SCRIPTS: Final = words("script style")
_SPACES = re.compile(r"[\t\n\r\f\v\xa0][ \t\n\r\f\v\xa0]*| [ \t\n\r\f\v\xa0]+")  # all but a single space
_ENDS_SENTENCE: Final = frozenset('.!?:;…"”’»)')


# What stands between two pieces of text; the greater wins where several meet. Plain numbers: this is the hot path.
_NONE: Final = 0
_SPACE: Final = 1
_CELL: Final = 2
_WRAP: Final = 3  # a <br> that may only wrap a line
_LINE: Final = 4  # a <br>
_ROW: Final = 5  # a list item or table row
_PARAGRAPH: Final = 6
_WRITTEN: Final = ("", " ", "\t", "\n", "\n", "\n", "\n\n")
_BEFORE: Final = dict.fromkeys(BLOCKS, _PARAGRAPH) | dict.fromkeys(LINES, _ROW) | dict.fromkeys(CELLS, _CELL)
_AFTER: Final = dict.fromkeys(BLOCKS, _PARAGRAPH) | dict.fromkeys(LINES, _ROW)
_PIECE: Final = 65_536  # characters that are worked on at once, for the sake of memory


class TextBuilder:
    """Takes tags and character data in document order; `close` gives the text."""

    def __init__(self, skipped: frozenset[str] = SKIPPED) -> None:
        self._skipped = skipped
        self.reset()

    def reset(self) -> None:
        """Forget what was taken so far."""
        self._out = io.StringIO()
        self._gap = _NONE
        self._last = ""  # the last character written
        self._skip = 0
        self._preformatted = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if tag in self._skipped:
            self._skip += 1
        if self._skip:
            return
        gap = _BEFORE.get(tag)
        if gap is not None:
            if gap > self._gap:
                self._gap = gap
            if tag == "pre":
                self._preformatted += 1
        elif tag == "br":
            if self._gap >= _WRAP:
                self._gap = _PARAGRAPH
            else:
                # agencies that send lines of fixed width leave the space before the break
                self._gap = _WRAP if self._gap == _SPACE else _LINE

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in self._skipped:
            self._skip = max(0, self._skip - 1)
            return
        if self._skip:
            return
        gap = _AFTER.get(tag)
        if gap is not None:
            if gap > self._gap:
                self._gap = gap
            if tag == "pre":
                self._preformatted = max(0, self._preformatted - 1)

    def data(self, text: str) -> None:
        """Character data."""
        if self._skip or not text:
            return
        if self._preformatted:
            self._write(text.replace("\xa0", " "))
            return
        for start in range(0, len(text), _PIECE):
            self._collapsed(text if len(text) <= _PIECE else text[start : start + _PIECE])

    def close(self) -> str:
        """The text so far."""
        return checked(self._out.getvalue(), "text")  # character references may name control characters

    def _collapsed(self, text: str) -> None:
        if "  " in text or not text.isprintable():
            text = _SPACES.sub(" ", text)
        if text[0] == " " and self._gap == _NONE:
            self._gap = _SPACE
        words = text.strip(" ")
        if words:
            self._write(words)
            if text[-1] == " ":
                self._gap = _SPACE

    def _write(self, text: str) -> None:
        if self._last:
            gap = self._gap
            if (gap == _WRAP or (gap == _LINE and text[0].islower())) and self._last not in _ENDS_SENTENCE:
                gap = _SPACE
            self._out.write(_WRITTEN[gap])
        self._gap = _NONE
        self._out.write(text)
        self._last = text[-1]


def to_text(markup: str) -> str:
    """The text of HTML; never fails on bad markup. An entity that HTML lacks stays as written.

    Raises:
        Poison: `wire.hostile` for a NUL, which no text has.
    """
    if "<" not in markup and "&" not in markup:
        builder = TextBuilder()
        builder.data(markup)
        return builder.close()
    data = markup.encode("utf-8", "replace")
    return _parsed(data, SKIPPED) or _parsed(data, ONLY_SCRIPTS)


class _Parsers(threading.local):
    """A parser a thread and a set of skipped elements: lxml takes a third of a millisecond to make one."""

    def __init__(self) -> None:
        self._made: dict[frozenset[str], tuple[TextBuilder, etree.HTMLParser]] = {}

    def get(self, skipped: frozenset[str]) -> tuple[TextBuilder, etree.HTMLParser]:
        """The parser and where its text goes."""
        if skipped not in self._made:
            builder = TextBuilder(skipped)
            self._made[skipped] = (
                builder,
                etree.HTMLParser(
                    target=cast(Any, builder),
                    no_network=True,
                    remove_comments=True,
                    remove_pis=True,
                    encoding="utf-8",
                ),
            )
        return self._made[skipped]


_parsers = _Parsers()


def _parsed(data: bytes, skipped: frozenset[str]) -> str:
    builder, parser = _parsers.get(skipped)
    builder.reset()
    try:
        return cast(str, etree.fromstring(data, parser))
    finally:
        builder.reset()  # a long text is not kept
