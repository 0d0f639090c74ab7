"""Closes months: all their events are counted, Stripe has the same hours, what is beyond the limit is on an invoice.

Each step is written before the next, and each may be done again. A draft stays a draft until both sides agree.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from optiq.billing.accounts.stored import account_of
from optiq.billing.gateways.contract import EventsLine, Metering
from optiq.billing.metering.reporting import LAG_MS, OLDEST_MS, closed_hours, report
from optiq.billing.mirror import shelf
from optiq.billing.mirror.contracts import ENDED, Invoice, Subscription
from optiq.billing.mirror.months import BillingMonth, months_of, open_month, save_month
from optiq.billing.plans.catalogue import CATALOGUE
from optiq.billing.plans.contracts import Plan
from optiq.billing.plans.entitlements import limit_of
from optiq.billing.plans.overage import Cap, Overage, overage
from optiq.billing.usage.marking import marked_shards, put_marks
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, utc_day

_LOG = logging.getLogger(__name__)
LATE_MS = 45 * MINUTE_MS
_NEAR_PERCENT = 90
_AGAIN_MS = 30 * MINUTE_MS
_RENEWAL = "SUBSCRIPTION_CYCLE"
_LOOKED_AT = 20
Outcome = Literal["CLOSED", "WAITING", "LATE"]


def close(month: BillingMonth, metering: Metering, now_ms: int) -> Outcome:
    """Goes as far with a month that has ended as it can now. LATE: it waits for longer than it should.

    Raises:
        UpstreamError: Stripe, the table or the stream does not answer; try again.
    """
    if month.status == "OPEN":
        month = _begin(month, now_ms)
    month = _hold_draft(month, metering, now_ms)
    if not marked_shards(month.organization_id, month.start_ms).issuperset(month.shards):
        return _waits(month, "its last events are not counted", now_ms)
    hours = closed_hours(month, now_ms)
    report(month, hours, metering, now_ms)
    if wrong := _differs(month, hours, metering, now_ms):
        if now_ms >= (month.compared_ms or month.marked_ms) + _AGAIN_MS:
            month = save_month(replace(month, compared_ms=now_ms))
            report(month, {hour_ms: hours.get(hour_ms, 0) for hour_ms in wrong}, metering, now_ms, again=wrong)
        return _waits(month, f"Stripe has {len(wrong)} hours otherwise", now_ms)
    _pay(month, sum(hours.values()), metering, now_ms)
    return "CLOSED"


def _begin(month: BillingMonth, now_ms: int) -> BillingMonth:
    """From now on the next month runs, if the subscription goes on."""
    subscription = shelf.TableShelf().read(Subscription, month.organization_id, month.subscription_id)
    known = {one.start_ms for one in months_of(month.organization_id)}
    if subscription and subscription.status not in ENDED and month.end_ms not in known:
        open_month(subscription, month.end_ms)
    account = account_of(month.organization_id, now_ms)
    terms = replace(month, limit=limit_of(account.overrides, _plan(month)), cap_micros=account.spend_cap_micros)
    shards = put_marks(month.organization_id, month.start_ms)
    return save_month(replace(terms, status="CLOSING", shards=shards, marked_ms=now_ms))


def _hold_draft(month: BillingMonth, metering: Metering, now_ms: int) -> BillingMonth:
    """Drafts of months that stayed far below their limit become final by themselves."""
    draft = _draft_of(month)
    if month.invoice_id or draft is None or month.limit is None:
        return month
    if sum(closed_hours(month, now_ms).values()) * 100 < month.limit * _NEAR_PERCENT:
        return month
    held = metering.hold_draft(draft.invoice_id)
    return save_month(replace(month, invoice_id=draft.invoice_id)) if held else month


def _waits(month: BillingMonth, why: str, now_ms: int) -> Outcome:
    if now_ms < month.marked_ms + LATE_MS:
        return "WAITING"
    _LOG.error("the month of %s from %s is not closed: %s", month.organization_id, utc_day(month.start_ms), why)
    return "LATE"


def _differs(month: BillingMonth, hours: Mapping[int, int], metering: Metering, now_ms: int) -> set[int]:
    """The hours that Stripe has otherwise, of those that it takes."""
    start_ms, end_ms = month.period.hours
    start_ms = max(start_ms, (now_ms - OLDEST_MS) // HOUR_MS * HOUR_MS + HOUR_MS)
    if start_ms >= end_ms:
        return set()
    theirs = metering.hours_of(month.customer_id, start_ms // SECOND_MS, end_ms // SECOND_MS)
    there = {second * SECOND_MS: events for second, events in theirs.items()}
    both = {hour_ms for hour_ms in {*hours, *there} if start_ms <= hour_ms < end_ms}
    return {hour_ms for hour_ms in both if hours.get(hour_ms, 0) != there.get(hour_ms, 0)}


def _pay(month: BillingMonth, stored: int, metering: Metering, now_ms: int) -> None:
    found = _overage(month, stored)
    lines = [line for line in (_late_line(month, now_ms), _line(month, found)) if line is not None]
    invoice_id = month.invoice_id
    if lines and not invoice_id:
        draft = _draft_of(month)
        is_held = draft is not None and metering.hold_draft(draft.invoice_id)
        source = f"{month.organization_id}:{month.start_ms}"
        made = "" if is_held else metering.make_draft(month.customer_id, month.currency, source)
        invoice_id = draft.invoice_id if draft and is_held else made
        month = save_month(replace(month, invoice_id=invoice_id))
    for line in lines:
        metering.add_events(invoice_id, month.customer_id, month.currency, line)
    if invoice_id:
        metering.finalize(invoice_id)
    save_month(
        replace(
            month,
            status="CLOSED",
            stored=stored,
            billed=found.billed,
            amount_micros=found.amount_micros,
            closed_ms=now_ms,
        )
    )


def _overage(month: BillingMonth, stored: int) -> Overage:
    cap = None if month.cap_micros is None else Cap(month.cap_micros)
    return overage(stored, month.limit, _plan(month).overage_per_event, cap)


def _plan(month: BillingMonth) -> Plan:
    return CATALOGUE[month.plan, month.plan_version]


def _line(month: BillingMonth, found: Overage, late: str = "") -> EventsLine | None:
    if not found.amount_micros:
        return None
    first, last = utc_day(month.start_ms), utc_day(month.end_ms - 1)
    return EventsLine(
        source=f"events:{month.organization_id}:{month.start_ms}{late and ':late'}",
        description=f"{found.billed:,} events beyond the plan's limit, {first} to {last}{late}",
        events=found.billed,
        per_event=_plan(month).overage_per_event,
        amount_micros=found.amount_micros,
        from_s=month.start_ms // SECOND_MS,
        until_s=month.end_ms // SECOND_MS,
    )


def _late_line(month: BillingMonth, now_ms: int) -> EventsLine | None:
    """What came of the month before after it was closed: its own invoice is final."""
    before = next((one for one in months_of(month.organization_id) if one.end_ms == month.start_ms), None)
    if before is None or before.status != "CLOSED":
        return None
    stored = sum(closed_hours(before, now_ms).values())
    found = _overage(before, stored)
    more, micros = found.billed - before.billed, found.amount_micros - before.amount_micros
    if stored <= before.stored or more <= 0:
        return None
    return _line(before, Overage(more, more, micros), ", counted after its invoice")


def _draft_of(month: BillingMonth) -> Invoice | None:
    """The renewal's draft that was made when the month ended."""
    page = shelf.page_of_kind(Invoice, month.organization_id, _LOOKED_AT, None)
    return next(
        (
            one
            for one in page.items
            if (one.status, one.reason, one.subscription_id) == ("DRAFT", _RENEWAL, month.subscription_id)
            and month.end_ms <= one.created_ms < month.end_ms + 5 * DAY_MS
        ),
        None,
    )


def is_due(month: BillingMonth, now_ms: int) -> bool:
    return now_ms >= month.end_ms + LAG_MS
