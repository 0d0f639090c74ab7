"""What an organization would have paid with another plan, for the events of its last twelve months."""

from collections.abc import Iterator
from itertools import pairwise

from optiq.billing.mirror import shelf
from optiq.billing.mirror.contracts import Invoice, Payment
from optiq.billing.months import months_after
from optiq.billing.plans.catalogue import CURRENCIES, newest
from optiq.billing.plans.contracts import Interval, Plan
from optiq.billing.plans.overage import overage
from optiq.billing.plans.periods import Period, billing_period, calendar_month
from optiq.billing.usage.contracts import SimulatedMonth, Simulation
from optiq.billing.usage.reading import HourOfToken, hours_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError

MONTHS = 12


def simulate(
    caller: Caller, *, plan: str, interval: Interval = "month", currency: str = "", clock: Clock = system_clock
) -> Simulation:
    """The last twelve months that are over, as if the plan had been the organization's in all of them.

    Args:
        currency: by default that of its subscription, else the first that plans are sold in. Payments in another are
            left out.

    Raises:
        InvalidError: the plan is not sold so.
    """
    organization_id, now_ms = caller.organization_id, clock()
    subscription = shelf.subscription_of(organization_id)
    chosen = currency or (subscription.currency if subscription else CURRENCIES[0])
    wanted = newest(plan)
    if wanted is None:
        raise InvalidError("plan: must be one of GET /v1/plans")
    base_micros = _month_of(wanted, interval, chosen)
    current = billing_period(subscription.anchor_ms, "month", now_ms) if subscription else calendar_month(now_ms)
    bounds = [months_after(current.start_ms, back - MONTHS) for back in range(MONTHS + 1)]
    months = [Period(start_ms, end_ms) for start_ms, end_ms in pairwise(bounds)]
    found = hours_of(organization_id, months[0].hours[0], months[-1].hours[1])
    paid = list(_paid(organization_id, chosen, bounds[0]))
    simulated = [_simulated(month, found, paid, wanted, base_micros) for month in months]
    while simulated and not (simulated[0].events or simulated[0].paid_micros):
        simulated.pop(0)
    return Simulation(
        plan=wanted.slug,
        interval=interval,
        currency=chosen,
        total_micros=sum(one.total_micros for one in simulated),
        paid_micros=sum(one.paid_micros for one in simulated),
        holds=0 if wanted.overage_per_event else sum(one.beyond > 0 for one in simulated),
        months=tuple(simulated),
    )


def _month_of(plan: Plan, interval: Interval, currency: str) -> int:
    """What a month costs; of a year, a twelfth. The free plan costs nothing in every currency."""
    if not plan.prices:
        return 0
    price = plan.price(interval, currency)
    if price is None:
        raise InvalidError("plan: is not sold for this interval and currency; see its prices in GET /v1/plans")
    return price.amount_micros if interval == "month" else price.amount_micros // MONTHS


def _simulated(
    month: Period, found: list[HourOfToken], paid: list[tuple[int, int]], plan: Plan, base_micros: int
) -> SimulatedMonth:
    start_ms, end_ms = month.hours
    events = sum(one.events for one in found if start_ms <= one.hour_ms < end_ms)
    more = overage(events, plan.monthly_events, plan.overage_per_event, None)
    return SimulatedMonth(
        start_ms=start_ms,
        end_ms=end_ms,
        events=events,
        beyond=more.events,
        base_micros=base_micros,
        beyond_micros=more.amount_micros,
        total_micros=base_micros + more.amount_micros,
        paid_micros=sum(micros for at_ms, micros in paid if month.start_ms <= at_ms < month.end_ms),
    )


def _paid(organization_id: str, currency: str, since_ms: int) -> Iterator[tuple[int, int]]:
    """When what was paid for plans, and given back of it since an instant."""
    for invoice in shelf.newest_of(Invoice, organization_id, since_ms):
        if invoice.currency == currency and invoice.status == "PAID":
            yield invoice.created_ms, invoice.paid_micros
    for payment in shelf.newest_of(Payment, organization_id, since_ms):
        if payment.currency == currency and not payment.package_id and payment.refunded_micros:
            yield payment.created_ms, -payment.refunded_micros
