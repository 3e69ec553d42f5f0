"""QCodes and the names of topics."""

from __future__ import annotations

from pipeline.article import Concept
from pipeline.wire import qcodes

MEDTOP = "http://cv.iptc.org/newscodes/mediatopic/"


def test_a_qcode_is_split_at_its_first_colon() -> None:
    assert qcodes.split("medtop:20000523") == ("medtop", "20000523")
    assert qcodes.split("a:b:c") == ("a", "b:c")
    assert qcodes.split("plain") == (None, "plain")
    assert qcodes.split(None) == (None, None)


def test_addresses_of_known_schemes_only() -> None:
    assert qcodes.uri("medtop", "20000523") == MEDTOP + "20000523"
    assert qcodes.uri("exa", "1") is None
    assert qcodes.uri("medtop", None) is None


def test_names_of_the_first_level() -> None:
    top = Concept(code="15000000", scheme="subj")
    deep = Concept(code="15054000", scheme="subj")
    named = Concept(code="04000000", scheme="medtop", name="Wirtschaft")
    other = Concept(code="15000000", scheme="exa")
    found = qcodes.named([top, deep, named, other, None, Concept(code="99000000", scheme="subj")])
    sport = Concept(
        name="sport", code="15000000", scheme="subj", uri="http://cv.iptc.org/newscodes/subjectcode/15000000"
    )
    assert found == (sport, deep, named, other, Concept(code="99000000", scheme="subj"))
