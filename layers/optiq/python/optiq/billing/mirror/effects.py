"""What follows from what is mirrored, each with a source id by which it happens once. Pure.

Effects follow from how things are, never from an event: a delivery, a repair and a read may all try.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from optiq.billing.mirror.contracts import LIVE, Invoice, InvoiceLine, Payment, Subscription
from optiq.billing.months import period_at
from optiq.billing.plans.contracts import Catalogue, Plan

Notice = Literal["PLAN_STARTED", "PAYMENT_FAILED", "SUBSCRIPTION_ENDED", "DUPLICATE_CANCELED"]
_ALLOTS = frozenset({"SUBSCRIPTION_CREATE", "SUBSCRIPTION_CYCLE"})


@dataclass(frozen=True, slots=True)
class Allot:
    """A paid period begins: last month's credits roll over or expire, and the plan's are granted."""

    source: str
    organization_id: str
    plan: str
    plan_version: int
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class TopUp:
    """An upgrade within a period: the part of the difference that is left of it."""

    source: str
    organization_id: str
    credits_granted: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Bought:
    """A package was paid; `refunded_micros` of `amount_micros` were given back, or a dispute took all of it."""

    source: str
    organization_id: str
    package_id: str
    amount_micros: int
    refunded_micros: int
    disputed: bool


@dataclass(frozen=True, slots=True)
class Tell:
    """A mail to the owners. `detail` completes it, such as a plan's title or an amount."""

    source: str
    organization_id: str
    notice: Notice
    detail: str


@dataclass(frozen=True, slots=True)
class CancelDuplicate:
    """A second subscription of an organization: it is canceled, and its payment refunded."""

    source: str
    organization_id: str
    subscription_id: str


Effect = Allot | TopUp | Bought | Tell | CancelDuplicate


def of_invoice(invoice: Invoice, anchor_ms: int | None, catalogue: Catalogue) -> list[Effect]:
    """Args:
    anchor_ms: of its subscription, or None where that is not known yet; an upgrade waits for it.
    """
    found: list[Effect] = []
    if invoice.status == "PAID" and invoice.reason in _ALLOTS:
        found += [_allot(invoice, line) for line in invoice.lines if line.plan and not line.proration]
        if invoice.reason == "SUBSCRIPTION_CREATE" and (plan := _plan_started(invoice, catalogue)):
            source = f"mail:started:{invoice.subscription_id}"
            found.append(Tell(source, invoice.organization_id, "PLAN_STARTED", plan.title))
    if invoice.status == "PAID" and invoice.reason == "SUBSCRIPTION_UPDATE" and anchor_ms is not None:
        found += _top_up(invoice, anchor_ms, catalogue)
    if invoice.status == "OPEN" and invoice.attempts > 0 and invoice.reason != "SUBSCRIPTION_CREATE":
        source = f"mail:failed:{invoice.invoice_id}:{invoice.attempts}"
        found.append(Tell(source, invoice.organization_id, "PAYMENT_FAILED", invoice.number))
    return found


def _allot(invoice: Invoice, line: InvoiceLine) -> Allot:
    source = f"regen:{invoice.organization_id}:{line.from_ms}"
    return Allot(source, invoice.organization_id, line.plan, line.plan_version, line.from_ms, line.until_ms)


def _plan_started(invoice: Invoice, catalogue: Catalogue) -> Plan | None:
    return next((catalogue[line.plan, line.plan_version] for line in invoice.lines if line.plan), None)


def _top_up(invoice: Invoice, anchor_ms: int, catalogue: Catalogue) -> list[Effect]:
    """The new plan's credits less the old one's, for the seconds that are left of the month."""
    plans = [(line, catalogue[line.plan, line.plan_version]) for line in invoice.lines if line.plan]
    old = next((plan for line, plan in plans if line.amount_micros < 0), None)
    new, line = next(((plan, line) for line, plan in plans if line.amount_micros > 0), (None, None))
    if old is None or new is None or line is None:
        return []
    granted = part_left(new.credits_per_month - old.credits_per_month, anchor_ms, line.from_ms)
    if granted <= 0:
        return []
    until_ms = period_at(anchor_ms, "month", line.from_ms).end_ms
    return [TopUp(f"upgrade:{invoice.invoice_id}", invoice.organization_id, granted, until_ms)]


def part_left(number: int, anchor_ms: int, at_ms: int) -> int:
    """The part of a month's credits for the seconds that are left of it, rounded down."""
    start_ms, end_ms = period_at(anchor_ms, at_ms)
    return number * (end_ms - at_ms) // (end_ms - start_ms)


def of_subscriptions(subscriptions: Iterable[Subscription]) -> list[Effect]:
    """The oldest live subscription of an organization is kept; any other is canceled."""
    live = sorted(
        (one for one in subscriptions if one.status in LIVE), key=lambda one: (one.created_ms, one.subscription_id)
    )
    return [CancelDuplicate(f"dup:{one.subscription_id}", one.organization_id, one.subscription_id) for one in live[1:]]


def of_ended(subscription: Subscription) -> list[Effect]:
    if subscription.status != "CANCELED":
        return []
    source = f"mail:ended:{subscription.subscription_id}"
    return [Tell(source, subscription.organization_id, "SUBSCRIPTION_ENDED", subscription.plan.title())]


def of_payment(payment: Payment) -> list[Effect]:
    if not payment.package_id or payment.status not in ("SUCCEEDED", "REFUNDED"):
        return []
    return [
        Bought(
            f"pi:{payment.payment_id}",
            payment.organization_id,
            payment.package_id,
            payment.amount_micros,
            payment.refunded_micros,
            payment.dispute in ("OPEN", "LOST"),
        )
    ]
