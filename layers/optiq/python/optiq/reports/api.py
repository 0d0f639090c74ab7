"""The reports context: what was earned and what was spent, by dimension and day.

Money is in the organization's reporting currency, at the rate of each conversion's (or spend's) day: the latest the
ECB had published by then, at most a week old, through EUR. A conversion's value is converted once, half up, and
its credits are split anew so that they sum to the converted value, to the micro; totals are therefore the same
for every model. Without a rate the money is left out of every sum and said in `missing_rates`.

The ledger keeps every version of a conversion's credits, so it can be read as it stood: what was computed until an
instant, without what came later (a refund, a late touch, people found to be one). Rates are those known now.
"""

from collections.abc import Sequence

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, day_of, parse_timezone, system_clock
from optiq.reports import explaining, service
from optiq.reports.contracts import (
    AttributionReport,
    Comparison,
    Question,
    SpendReport,
    ValueExplanation,
)
from optiq.reports.domain import ATTRIBUTION_DIMENSIONS, MODELS, SPEND_DIMENSIONS, first_of_recent
from optiq.reports.events import listing
from optiq.reports.events.contracts import EventFilter, EventPage
from optiq.reports.tracked_spend import tell_spend
from optiq.tenancy import api as tenancy

__all__ = [
    "ATTRIBUTION_DIMENSIONS",
    "MODELS",
    "SPEND_DIMENSIONS",
    "attribution_report",
    "compare_models",
    "days_or_recent",
    "explain_value",
    "list_events",
    "spend_report",
    "tell_spend",
]


def attribution_report(caller: Caller, site_id: str, question: Question, *, model: str = "") -> AttributionReport:
    """One model's credits of the conversions asked for; without a model named, by the site's default one.

    Raises:
        NotFoundError: the organization has no such site.
        InvalidError: a model, dimension, range or instant that cannot be; the message says what is allowed.
        UpstreamError: the lake could not be read.
    """
    return service.attribution_report(caller, site_id, question, model, system_clock())


def compare_models(caller: Caller, site_id: str, question: Question, *, models: Sequence[str]) -> Comparison:
    """Several models' credits side by side, all from one reading; with `as_of`, then and now.

    Raises:
        NotFoundError, InvalidError, UpstreamError: as above.
    """
    return service.comparison(caller, site_id, question, models, system_clock())


def explain_value(
    caller: Caller,
    site_id: str,
    question: Question,
    *,
    value: str,
    model: str = "",
    limit: int = 20,
    cursor: str | None = None,
) -> ValueExplanation:
    """Why a value of the dimension earned what it did: the conversions that gave it, with their touches, by pages.

    Raises:
        NotFoundError, InvalidError, UpstreamError: as above; InvalidError also for a cursor we did not give.
    """
    return explaining.explain_value(caller, site_id, question, model, value, limit, cursor, system_clock())


def spend_report(caller: Caller, site_id: str, *, by: str, from_day: str, to_day: str) -> SpendReport:
    """What advertising cost on these days, both included.

    Raises:
        NotFoundError, InvalidError, UpstreamError: as above.
    """
    return service.spend_report(caller, site_id, by, from_day, to_day, system_clock())


def list_events(
    caller: Caller, site_id: str, wanted: EventFilter, *, limit: int = 50, cursor: str | None = None
) -> EventPage:
    """A page of a site's events, newest first, those that reports leave out too; of the last 7 days unless said.

    Raises:
        NotFoundError: the organization has no such site. UpstreamError: the lake could not be read.
        InvalidError: a range or reason that cannot be, or a cursor of another list.
    """
    return listing.list_events(caller, site_id, wanted, limit, cursor, system_clock())


def days_or_recent(
    caller: Caller, site_id: str, *, from_day: str = "", to_day: str = "", clock: Clock = system_clock
) -> tuple[str, str]:
    """The days asked for; instead of an empty `to_day` today in the site's timezone, of `from_day` 29 days before.

    Raises:
        NotFoundError: the organization has no such site.
        InvalidError: `to_day` is no day.
    """
    timezone = parse_timezone(tenancy.get_site(caller.organization_id, site_id).timezone)
    last = to_day or day_of(clock(), timezone).isoformat()
    return from_day or first_of_recent(last), last
