"""Questions: every table, series and tile is the answer to one."""

from dataclasses import replace

from pydantic import TypeAdapter

from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, Clock, system_clock
from optiq.reports.answers import Wanted, give
from optiq.reports.questions.answering import answer
from optiq.reports.questions.asked import MOST_ROWS, Asked, checked
from optiq.reports.questions.catalogue import BUCKETS, CATALOGUE, Catalogue, Dimension, Kind, Metric, Source
from optiq.reports.questions.contracts import Answer, Ask
from optiq.reports.questions.exporting import Format, exported
from optiq.reports.questions.filters import Filter, Filters, Operator
from optiq.reports.questions.naming import Names
from optiq.reports.questions.notes import incomplete_days, tables_read
from optiq.reports.questions.periods import COMPARISONS, DEFAULT_PERIOD, NAMED
from optiq.reports.questions.rows import first_of
from optiq.reports.steps.watermark import complete_until
from optiq.tenancy import api as tenancy

__all__ = [
    "BUCKETS",
    "CATALOGUE",
    "COMPARISONS",
    "DEFAULT_PERIOD",
    "MOST_ROWS",
    "NAMED",
    "Catalogue",
    "Dimension",
    "Filter",
    "Filters",
    "Format",
    "Kind",
    "Metric",
    "Operator",
    "Source",
    "ask",
    "catalogue_of",
    "check",
    "exported",
    "first_of",
]

_FORM = 1
"""Grows when the same question gets another answer of the same files."""
_SAME_HOURS_MS = 5 * MINUTE_MS
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


def catalogue_of(caller: Caller, site_id: str) -> Catalogue:
    """What can be asked of a site, its own dimensions among it. Raises NotFoundError."""
    return Names(tenancy.get_site(caller.organization_id, site_id)).catalogue


def check(caller: Caller, site_id: str, question: Ask, *, clock: Clock = system_clock) -> None:
    """Raises what `ask` raises for a question that cannot be asked, and asks nothing."""
    checked(caller, site_id, question, clock())


def ask(caller: Caller, site_id: str, question: Ask, *, clock: Clock = system_clock) -> Answer:
    """
    Raises:
        NotFoundError: there is no such site. UpstreamError: the lake cannot be read.
        InvalidError: a question that cannot be asked; the message begins with the field's name.
    """
    now_ms = clock()
    asked = checked(caller, site_id, question, now_ms)
    until_ms = complete_until(caller.organization_id) if "events" in asked.sums else None
    kept = give(_wanted(asked, now_ms), clock)
    data_until_ms = kept.seen_ms if until_ms is None else min(kept.seen_ms, until_ms)
    return replace(
        kept.value, data_until_ms=data_until_ms, incomplete_days=incomplete_days(asked.part.days, data_until_ms)
    )


def _wanted(asked: Asked, now_ms: int) -> Wanted[Answer]:
    earlier = asked.earlier(now_ms)
    read = tables_read(asked)
    if earlier:
        then = tables_read(earlier)
        read = {name: (min(days[0], then[name][0]), max(days[1], then[name][1])) for name, days in read.items()}
    # Today's hours go on without anything new: what they are compared with does too.
    hours = now_ms // _SAME_HOURS_MS if earlier and earlier.part.until_ms is not None else 0
    depends_on = (_FORM, asked.ask, asked.part, asked.version, hours)
    return Wanted(
        asked.caller.organization_id,
        asked.part.site_id,
        repr(depends_on),
        read,
        _ANSWER,
        lambda: answer(asked, now_ms),
    )
