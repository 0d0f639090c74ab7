"""Days as spans, each from its first to its last day. A few tell years: what is read daily makes one."""

from collections.abc import Iterable
from itertools import pairwise

from optiq.kernel.clock import days_before

Spans = tuple[tuple[str, str], ...]


def with_span(spans: Spans, first: str, last: str) -> Spans:
    """The spans with one more, by day; those that touch are one."""
    joined: list[tuple[str, str]] = []
    for begin, end in sorted((*spans, (first, last))):
        if joined and begin <= days_before(joined[-1][1], -1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return tuple(joined)


def within(spans: Iterable[tuple[str, str]], first: str, last: str) -> Spans:
    """The parts of the spans that lie between two days, both included."""
    cut = ((max(begin, first), min(end, last)) for begin, end in spans)
    return tuple((begin, end) for begin, end in cut if begin <= end)


def between(spans: Spans, first: str, last: str) -> Spans:
    """The days from `first` to `last` that are in none of the spans."""
    inside = within(spans, first, last)
    edges = [("", days_before(first, 1)), *inside, (days_before(last, -1), "")]
    left = ((days_before(before[1], -1), days_before(after[0], 1)) for before, after in pairwise(edges))
    return tuple((begin, end) for begin, end in left if begin <= end)
