"""Spans of days."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

from optiq.ads.sync.spans import Spans, between, with_span, within

FIRST = date(2026, 2, 20)
DAYS = [(FIRST + timedelta(days=number)).isoformat() for number in range(30)]


def days_of(spans: Spans) -> set[str]:
    return {day for first, last in spans for day in DAYS if first <= day <= last}


def test_spans_have_the_days_that_were_added_whatever_their_order() -> None:
    random = Random(3)
    for _ in range(200):
        spans: Spans = ()
        added: set[str] = set()
        for _ in range(random.randrange(1, 8)):
            first, last = sorted(random.choices(DAYS, k=2))
            spans = with_span(spans, first, last)
            added |= days_of(((first, last),))
            assert days_of(spans) == added
        # Those that touch are one, so what is read daily stays one.
        assert all(after > before for (_, before), (after, _) in pairwise(spans))
        first, last = sorted(random.choices(DAYS, k=2))
        asked = days_of(((first, last),))
        assert days_of(within(spans, first, last)) == added & asked
        assert days_of(between(spans, first, last)) == asked - added


def test_days_that_follow_each_other_make_one_span() -> None:
    assert with_span((("2026-02-20", "2026-02-28"),), "2026-03-01", "2026-03-01") == (("2026-02-20", "2026-03-01"),)
    assert len(with_span((("2026-02-20", "2026-02-27"),), "2026-03-01", "2026-03-01")) == 2
