"""Text from outside, made safe to print: a file name or an article may hold what a terminal takes for a command."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""The text with everything that is not a printable character as an escape (`\x1b`, `\n`, `\ud800`)."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )


def printable_lines(text: str) -> str:
    """As `printable`, but line feeds and tabs stay."""
    return "".join(letter if letter in "\n\t" else printable(letter) for letter in text)
