"""CoNLL columns (token ... tag, one token a line) as articles with text and spans, the way a user would meet them.

The text is put together again from its tokens: no space before a comma, none inside brackets and quotation marks. So
a pipeline is measured on news as it comes, and the spans are characters of that text.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Code, UserError

_CLOSING = frozenset({".", ",", ";", ":", "?", "!", ")", "]", "%", "''", "'", "...", "'s", "'S", "n't", "N'T"})
_CLITICS = frozenset({"'re", "'ve", "'ll", "'d", "'m"})
_OPENING = frozenset({"(", "[", "$", "``", "£"})
_HINT = "name a file in CoNLL columns: token first, tag last"
_PROSE_ENDS = frozenset(".?!\"”'’")


@dataclass(frozen=True, slots=True)
class Gold:
    """A span of the text with its label; `prose` is whether it stands in a sentence of running text."""

    start: int
    end: int
    label: str
    prose: bool


@dataclass(frozen=True, slots=True)
class ConllArticle:
    """One article: its text, its spans, and the sentences as (start, end, prose)."""

    text: str
    spans: tuple[Gold, ...]
    sentences: tuple[tuple[int, int, bool], ...]

    def in_prose(self, start: int) -> bool:
        """Whether the character at `start` is in a sentence that ends in . ? ! or a closing quotation mark."""
        return any(first <= start < last for first, last, prose in self.sentences if prose)


def read(path: Path) -> list[ConllArticle]:
    """The articles of a file; without -DOCSTART- lines all of it is one.

    Raises:
        UserError: `usage` for a line without a tag, naming it, and for a file of no articles; `not-found` where there
            is no such file, `file.unreadable` where it cannot be read as text.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError as error:
        raise UserError(Code.NOT_FOUND, f"{path}: no such file", hint=_HINT) from error
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not text in UTF-8"
        raise UserError(Code.FILE_UNREADABLE, f"{path}: {why}", hint=_HINT) from error
    articles: list[list[list[tuple[str, str]]]] = [[]]
    sentence: list[tuple[str, str]] = []
    for number, line in enumerate([*lines, ""], 1):
        columns = line.split()
        if not columns or columns[0] == "-DOCSTART-":
            if sentence:
                articles[-1].append(sentence)
                sentence = []
            if columns and articles[-1]:
                articles.append([])
        elif len(columns) < 2:
            raise UserError(Code.USAGE, f"{path}, line {number}: no tag", hint=_HINT)
        else:
            sentence.append((columns[0], columns[-1]))
    found = [_article(sentences) for sentences in articles if sentences]
    if not found:
        raise UserError(Code.USAGE, f"{path}: no articles", hint=_HINT)
    return found


def _article(sentences: list[list[tuple[str, str]]]) -> ConllArticle:
    text = ""
    spans: list[Gold] = []
    bounds: list[tuple[int, int, bool]] = []
    for sentence in sentences:
        words = [word for word, _ in sentence]
        joined, offsets = detokenise(words)
        base = len(text) + 2 if text else 0
        text = f"{text}\n\n{joined}" if text else joined
        prose = words[-1][-1] in _PROSE_ENDS
        bounds.append((base, base + len(joined), prose))
        for first, last, label in chunks([tag for _, tag in sentence]):
            spans.append(Gold(base + offsets[first][0], base + offsets[last - 1][1], label, prose))
    return ConllArticle(text, tuple(spans), tuple(bounds))


def detokenise(words: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Running text from tokens, and where each token stands in it. Straight quotes open and close in turn."""
    text = ""
    offsets: list[tuple[int, int]] = []
    quoted = glue = False
    for word in words:
        closing, opening = word in _CLOSING or word in _CLITICS, word in _OPENING
        if word == '"':
            closing, opening = quoted, not quoted
            quoted = not quoted
        if text and not closing and not glue:
            text += " "
        offsets.append((len(text), len(text) + len(word)))
        text += word
        glue = opening
    return text, offsets


def chunks(tags: list[str]) -> list[tuple[int, int, str]]:
    """Spans of tokens from IOB1, IOB2 or IOBES tags, as (first, after the last, label)."""
    found: list[tuple[int, int, str]] = []
    first, label = 0, ""
    for index, tag in enumerate([*tags, "O"]):
        kind, _, name = tag.partition("-")
        if label and (kind in "OBSU" or name != label):
            found.append((first, index, label))
            label = ""
        if kind != "O" and not label:
            first, label = index, name
    return found
