"""Tells Stripe how many events each hour has, in absolute numbers, so that the same again or late changes nothing else.

A value is written with its revision before it is sent; the identifier follows from both. Who is killed between sends it
again, and Stripe knows the identifier, or takes the same value in place of itself.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from optiq.billing.gateways.contract import Metering
from optiq.billing.metering.contracts import ReportedDay, ReportedHour
from optiq.billing.metering.stored import reported_days, save_day
from optiq.billing.mirror.months import BillingMonth
from optiq.billing.plans.periods import last_second_of_hour
from optiq.billing.usage.reading import counted, hours_of
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, day_number, utc_day

OLDEST_MS = 34 * DAY_MS
"""Stripe takes 35 days. What is older is paid by the next invoice."""
LAG_MS = MINUTE_MS


def closed_hours(month: BillingMonth, now_ms: int) -> Mapping[int, int]:
    """Events of a month's hours that have ended, by the instant that each begins at."""
    start_ms, end_ms = month.period.hours
    until_ms = min(end_ms, (now_ms - LAG_MS) // HOUR_MS * HOUR_MS)
    if until_ms <= start_ms:
        return {}
    return counted(hours_of(month.organization_id, start_ms, until_ms), start_ms, until_ms).hours


def report(
    month: BillingMonth, hours: Mapping[int, int], metering: Metering, now_ms: int, again: Collection[int] = ()
) -> int:
    """Sends what Stripe does not have yet; returns how many hours.

    Args:
        again: hours to send anew, whatever Stripe was told of them.

    Raises:
        UpstreamError: Stripe or the table does not answer. ConflictError: Stripe refuses a value; it is sent again.
    """
    young = {hour_ms: events for hour_ms, events in hours.items() if hour_ms > now_ms - OLDEST_MS}
    if not young:
        return 0
    known = reported_days(month.organization_id, utc_day(min(young)), utc_day(max(young)))
    sent = 0
    for day in sorted({utc_day(hour_ms) for hour_ms in young}):
        of_day = {hour_ms: events for hour_ms, events in young.items() if utc_day(hour_ms) == day}
        sent += _report_day(month, day, known.get(day, ReportedDay()), of_day, metering, again)
    return sent


def _report_day(
    month: BillingMonth,
    day: str,
    before: ReportedDay,
    hours: Mapping[int, int],
    metering: Metering,
    again: Collection[int],
) -> int:
    changed = dict(before.hours)
    for hour_ms, events in hours.items():
        number = str((hour_ms % DAY_MS) // HOUR_MS)
        one = changed.get(number, ReportedHour())
        if one.events != events or hour_ms in again:
            changed[number] = replace(one, events=events, revision=one.revision + 1)
    waiting = [number for number, one in changed.items() if one.taken < one.revision]
    if not waiting:
        return 0
    if changed != before.hours:
        before = save_day(month.organization_id, day, replace(before, hours=changed))
    for number in waiting:
        one, hour_ms = changed[number], day_number(day) * DAY_MS + int(number) * HOUR_MS
        identifier = f"ev:{month.organization_id}:{hour_ms // HOUR_MS}:r{one.revision}"
        metering.report_hour(month.customer_id, identifier, one.events, last_second_of_hour(hour_ms))
        changed[number] = replace(one, taken=one.revision)
    save_day(month.organization_id, day, replace(before, hours=changed))
    return len(waiting)
