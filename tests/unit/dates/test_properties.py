"""What holds for any text and any day, hostile ones too."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.enrich.dates.en import english
from pipeline.enrich.dates.reference import Reference
from pipeline.enrich.dates.tagger import tag_all
from pipeline.enrich.quotations import find_quotations

_LEXICON = english().grammar.lexicon
_WORDS = [
    *_LEXICON.words, *_LEXICON.exact, "1998", "5", "31", "0", "99", "7:30", "24:00", "10/12/98", "1/2", "2,000",
    "9999", "12.12.2012", "“", "”", '"', "'", "``", "''", "\n\n",
    "said", "will", "Smith", "invasion", "election", "Russia",
]  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(_WORDS), max_size=60).map(" ".join),
    st.lists(st.sampled_from(_WORDS), max_size=40).map("".join),
)


def _check(text: str, day: date) -> None:
    quotations = find_quotations(text)
    tagged = tag_all(text, reference=Reference(day=day), quotations=quotations)
    end = 0
    for timex in tagged.dates:
        assert end <= timex.start < timex.end <= len(text)
        assert text[timex.start : timex.end] == timex.text
        assert timex.text == timex.text.strip()
        assert timex.value
        if timex.interval is not None:
            gte, lt = (datetime.fromisoformat(bound) for bound in (timex.interval.gte, timex.interval.lt))
            assert gte < lt
            assert timex.type in ("DATE", "TIME")
        end = timex.end
    assert [(q.start, q.end, q.text, q.group) for q in tagged.quotations] == [
        (q.start, q.end, q.text, q.group) for q in quotations
    ]
    assert all(quotation.said is None or quotation.said <= day.isoformat() for quotation in tagged.quotations)
    end = 0
    for quotation in quotations:
        assert end <= quotation.start < quotation.end
        assert text[quotation.start : quotation.end] == quotation.text
        end = quotation.end


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, day=st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31)))
def test_any_text_on_any_day(text: str, day: date) -> None:
    _check(text, day)


HOSTILE = [
    "(", '"', '" ', "“", "‘a ", "'a ", "1", "1.", "a.a.", "\n", "\n ", '\n\n"', ", ", "- ", "the ", "the late ",
    "twenty ", "hundred and ", "Mon , ", "Mon,", "January ", "said Friday ", "“said Friday” he said Monday. ",
    '"a," he, ', "a year ago ",
    "the second day of the war ", "two weeks after the election of Russian presidential war ",
    "\ud800",
    "Officials will meet on Friday, Nov. 3, in Geneva to talk about last year's results. ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_ten_times_the_text_costs_at_most_thirteen_times_the_time(unit: str) -> None:
    def cost(times: int) -> float:
        text = unit * times
        start = time.process_time()
        tag_all(text, reference=Reference(day=date(2022, 2, 26), zone=UTC), quotations=find_quotations(text))
        return time.process_time() - start

    times = 16
    while cost(times) < 0.02 and times * len(unit) < 400_000:  # long enough to measure
        times *= 2
    ratios = []
    for _ in range(12):  # other work on the machine slows now one measurement, now the other
        ratios.append(cost(10 * times) / max(cost(times), 1e-9))
        if ratios[-1] <= 13:
            return
    pytest.fail(f"{unit!r}: {ratios}")
