"""What questions of advertising have in common: the site, its days, its model, and the accounts that are its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from optiq.attribution import api as attribution
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, day_of, parse_timezone
from optiq.reports.domain import DayRange
from optiq.reports.questions.contracts import Days, Frame, Note
from optiq.reports.questions.notes import incomplete_days
from optiq.reports.questions.periods import period_days
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site


@dataclass(frozen=True, slots=True)
class Asked:
    """
    Attributes:
        days: of the site; claims and spend are of the accounts' own days of the same dates.
    """

    caller: Caller
    site: Site
    currency: str
    days: DayRange
    model: str
    now_ms: int


def asked(caller: Caller, site_id: str, period: str, model: str, clock: Clock) -> Asked:
    """Raises NotFoundError; InvalidError for a period that cannot be."""
    now_ms, site = clock(), tenancy.get_site(caller.organization_id, site_id)
    timezone = parse_timezone(site.timezone)
    return Asked(
        caller,
        site,
        tenancy.get_organization(caller.organization_id).currency,
        period_days(period, day_of(now_ms, timezone), timezone),
        model or attribution.get_settings(caller, site_id).default_model.value,
        now_ms,
    )


def frame_of(of: Asked, notes: Sequence[Note] = ()) -> Frame:
    """What an answer is of."""
    incomplete = incomplete_days(of.days, of.now_ms)
    return Frame(str(of.days.timezone), Days.of(of.days), of.now_ms, incomplete, tuple(notes))
