"""What a user types becomes a query that costs little, and means what the user means."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Code, UserError
from pipeline.index.querystring import LONGEST, query_string


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("ferry talks", "ferry talks"),
        ('"ferry talks" OR (harbour AND NOT union)', '"ferry talks" OR (harbour AND NOT union)'),
        ("“ferry talks”", '"ferry talks"'),
        ("-union +ferry", "-union +ferry"),
        ("negotiat* wom?n zelensky~1 talks^2.5", "negotiat* wom?n zelensky~1 talks^2.5"),
        ("person:Brandt", "names.people:Brandt"),
        ("-place:Tartu", "-names.places:Tartu"),
        ("published:[2022-02-01 TO 2022-03-01}", "@timestamp:[2022-02-01 TO 2022-03-01}"),
        ("urgency:<=3 _exists_:people source:*", "urgency:<=3 _exists_:people source:*"),
        ("body:(ferry OR ship)", "body:(ferry OR ship)"),
        # no syntax of ours, though it looks like it
        ("Brandt: we sail", "Brandt\\: we sail"),
        ("https://news.example/a?b=c", "https\\:\\/\\/news.example\\/a?b\\=c"),
        ("AP/Reuters", "AP\\/Reuters"),
        ("/ferr.*/", "\\/ferr.*\\/"),
        ("who sails? where!", "who sails where"),
        ("covid-19 - talks", "covid\\-19  talks"),
        ('ferry "to sail', 'ferry "to sail"'),
        ('"to sail\\', '"to sail"'),
        ('"sail\\\\', '"sail\\\\"'),
        ('"sail\\\\" ferry', '"sail\\\\" ferry'),
        ("(ferry talks", "(ferry talks)"),
        ("ferry) talks", "ferry talks"),
        ("[draft] {x}", "\\[draft\\] \\{x\\}"),
        ("a\\", "a\\\\"),
        ("  *  ", ""),
        ("\x1b[31mferry\x00", "\\[31mferry"),
    ],
)
def test_what_is_typed_is_sent_as_it_is_meant(typed: str, sent: str) -> None:
    assert query_string(typed) == sent


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("x" * (LONGEST + 1), "characters"),
        ("a " * 101, "more than 100 words"),
        ('"' + "a " * 101 + '"', "more than 100 words"),
        ("(" * 11 + "a" + ")" * 11, "parentheses"),
        ("*sky", "cannot begin with"),
        ("?sky", "cannot begin with"),
        ("people:*sky", "cannot begin with"),
        ("a*b*c*d*e*f*g*h*i*j", "signs"),
        ("a~ b~ c~ d~ e~", "signs"),
        ("dates.value:2022", "not to be searched this way"),
        ("quotations.text:sail", "not to be searched this way"),
    ],
)
def test_what_would_cost_too_much_is_refused(typed: str, why: str) -> None:
    with pytest.raises(UserError, match=why) as refused:
        query_string(typed)
    assert refused.value.code is Code.USAGE


@given(st.text(alphabet=st.sampled_from('ab:*?~^"\\/()[]{}<>=+-!&|. \t'), max_size=60) | st.text(max_size=60))
def test_any_text_is_sent_or_refused(text: str) -> None:
    try:
        sent = query_string(text)
    except UserError:
        return
    bare = re.sub(r"\\.", "", sent)
    outside = "".join(bare.split('"')[::2])
    assert "/" not in outside  # no regular expression is left
    assert sum(sent.count(sign) for sign in "*?~") <= sum(text.count(sign) for sign in "*?~")
