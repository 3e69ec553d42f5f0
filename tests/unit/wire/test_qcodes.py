"""QCodes and the names of topics."""

from __future__ import annotations

from pipeline.article import Concept
from pipeline.wire import qcodes

MEDTOP = "http://cv.iptc.org/newscodes/mediatopic/"
SUBJ = "http://cv.iptc.org/newscodes/subjectcode/"


def test_a_qcode_is_split_at_its_first_colon() -> None:
    assert qcodes.split("medtop:20000523") == ("medtop", "20000523")
    assert qcodes.split("a:b:c") == ("a", "b:c")
    assert qcodes.split("plain") == (None, "plain")
    assert qcodes.split(None) == (None, None)


def test_addresses_of_known_schemes_only() -> None:
    assert qcodes.uri("medtop", "20000523") == MEDTOP + "20000523"
    assert qcodes.uri("exa", "1") is None
    assert qcodes.uri("medtop", None) is None


def test_names_of_media_topics_and_subject_codes() -> None:
    assert qcodes.topic("medtop", "20000523") == "labour market"
    assert qcodes.topic("medtop", "17000000") == "weather"
    assert qcodes.topic("subj", "15054000") == "football"  # by the IPTC's mapping
    assert qcodes.topic("subj", "99000000") is qcodes.topic("exa", "15054000") is qcodes.topic(None, None) is None


def test_what_comes_without_a_name_gets_the_one_of_the_iptc() -> None:
    sport = Concept(name="sport", code="15000000", scheme="subj", uri=SUBJ + "15000000")
    assert qcodes.named([Concept(code="15000000", scheme="subj")]) == (
        Concept(name="sport", code="15000000", scheme="subj"),
    )
    football = Concept(code="15054000", scheme="subj")
    assert qcodes.named([football]) == (Concept(name="football", code="15054000", scheme="subj"), sport)
    for written in (
        Concept(code="20000523", scheme="medtop"),
        Concept(uri=MEDTOP + "20000523"),
        Concept(code="medtop:20000523"),
    ):
        (found,) = qcodes.named([written])
        assert found.name == "labour market"


def test_other_names_and_schemes_stay_as_they_are() -> None:
    as_they_are = (
        Concept(code="04000000", scheme="medtop", name="Wirtschaft"),
        Concept(code="15000000", scheme="exa"),
        Concept(code="99000000", scheme="subj"),
        Concept(code="", scheme="medtop"),
    )
    assert qcodes.named([*as_they_are, None, as_they_are[0]]) == as_they_are
