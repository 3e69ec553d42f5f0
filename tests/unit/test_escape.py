"""Nothing that a terminal obeys gets through."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pipeline.escape import printable, printable_lines


@given(st.text(alphabet=st.characters()))
def test_no_control_and_no_lone_surrogate_is_left(text: str) -> None:
    for letter in printable(text):
        assert unicodedata.category(letter) not in ("Cc", "Cs", "Cf")
    printable(text).encode("utf-8")
    assert not set(map(unicodedata.category, printable_lines(text).replace("\n", "").replace("\t", ""))) & {
        "Cc",
        "Cs",
    }


def test_print_stays_as_it_is() -> None:
    assert printable("Kyjiw – „Київ“ 日本 😀") == "Kyjiw – „Київ“ 日本 😀"
    assert printable("a\x1b[2J\r\n\u202e\ud800") == r"a\x1b[2J\r\n\u202e\ud800"
    assert printable_lines("a\n\tb\r") == "a\n\tb\\r"
