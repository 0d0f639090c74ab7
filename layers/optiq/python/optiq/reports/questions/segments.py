"""Segments: filters that a site saved under a name, as views of the kind SEGMENT."""

from collections.abc import Iterator, Sequence

from optiq.kernel.caller import Caller
from optiq.kernel.errors import NotFoundError
from optiq.reports.questions.filters import Filter, Filters, read_filters
from optiq.reports.questions.wrong import wrong
from optiq.reports.views import api as views

MOST_SEGMENTS = 5


def with_segments(caller: Caller, site_id: str, filters: Filters, segments: Sequence[str]) -> Filters:
    """The filters, and those of the caller's own or shared segments as they are now.

    Raises:
        InvalidError: there is no such segment; the message begins with `segments`.
    """
    if len(segments) > MOST_SEGMENTS:
        raise wrong("segments", f"use at most {MOST_SEGMENTS}")
    return (*filters, *(group for view_id in segments for group in _groups(caller, site_id, view_id)))


def _groups(caller: Caller, site_id: str, view_id: str) -> Iterator[tuple[Filter, ...]]:
    try:
        view = views.get_view(caller, site_id, view_id)
    except NotFoundError as error:
        reason = f"there is no segment '{view_id[:60]}' for you: it was removed, or its owner does not share it"
        raise wrong("segments", reason) from error
    if view.kind != "SEGMENT":
        raise wrong("segments", f"'{view_id[:60]}' is a view of another kind: {view.kind}")
    yield from read_filters(view.question["filters"])
