"""What follows from what is mirrored, each with a source id by which it happens once. Pure.

Effects follow from how things are, never from an event: a delivery, a repair and a read may all try.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from optiq.billing.mirror import telling
from optiq.billing.mirror.contracts import ENDED, Invoice, InvoiceLine, Payment, Subscription
from optiq.billing.mirror.telling import Tell
from optiq.billing.own_site.contracts import Earned, Returned
from optiq.billing.plans.contracts import Catalogue, Plan


@dataclass(frozen=True, slots=True)
class Allot:
    """A paid period begins: each of its months grants the plan's credits.

    Attributes:
        anchor_ms: months are counted from it.
    """

    source: str
    organization_id: str
    plan: str
    plan_version: int
    anchor_ms: int
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A larger plan within a period: the part of the difference that is left of the month is granted at once."""

    source: str
    organization_id: str
    old: Plan
    new: Plan
    anchor_ms: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Lower:
    """A smaller plan began with a period."""

    source: str
    organization_id: str
    plan: str
    plan_version: int
    anchor_ms: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class FallBack:
    """The subscription ended: the free plan begins."""

    source: str
    organization_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Bought:
    """A package was paid; `refunded_micros` of `amount_micros` were given back, or a dispute took all of it."""

    source: str
    organization_id: str
    package_name: str
    credits_granted: int
    months: int | None
    amount_micros: int
    refunded_micros: int
    disputed: bool
    bought_ms: int


@dataclass(frozen=True, slots=True)
class CancelDuplicate:
    """A second subscription of an organization: it is canceled, and its payment refunded."""

    source: str
    organization_id: str
    subscription_id: str


@dataclass(frozen=True, slots=True)
class FollowMonths:
    """The subscription's months are counted and paid by what it is now."""

    source: str
    organization_id: str
    subscription: Subscription


Effect = Allot | Upgrade | Lower | FallBack | Bought | Tell | CancelDuplicate | Earned | Returned | FollowMonths


def of_invoice(invoice: Invoice, anchor_ms: int | None, catalogue: Catalogue) -> list[Effect]:
    """Args:
    anchor_ms: of its subscription, or None where it has none.
    """
    found: list[Effect] = []
    if invoice.status == "PAID" and anchor_ms is not None:
        # Lines of proration never grant a month: they share its start with the invoice that does.
        whole = [line for line in invoice.lines if line.plan and not line.proration and line.amount_micros >= 0]
        found += [_allot(invoice, line, anchor_ms) for line in whole]
        if invoice.reason == "SUBSCRIPTION_UPDATE" and not whole:
            found += _upgrade(invoice, anchor_ms, catalogue)
    return [*found, *telling.of_invoice(invoice, catalogue), *_earned(invoice)]


def _earned(invoice: Invoice) -> list[Effect]:
    if invoice.status != "PAID" or invoice.paid_micros <= 0:
        return []
    plan = next((line.plan for line in invoice.lines if line.plan and line.amount_micros >= 0), "")
    return [
        Earned(
            f"own:paid:{invoice.invoice_id}",
            invoice.organization_id,
            next(iter(invoice.payment_ids), invoice.invoice_id),
            invoice.paid_ms or invoice.created_ms,
            invoice.currency,
            invoice.paid_micros,
            plan,
        )
    ]


def _allot(invoice: Invoice, line: InvoiceLine, anchor_ms: int) -> Allot:
    source = f"regen:{invoice.organization_id}:{line.from_ms}"
    return Allot(source, invoice.organization_id, line.plan, line.plan_version, anchor_ms, line.from_ms, line.until_ms)


def _upgrade(invoice: Invoice, anchor_ms: int, catalogue: Catalogue) -> list[Effect]:
    plans = [(line, catalogue[line.plan, line.plan_version]) for line in invoice.lines if line.plan]
    old = next((plan for line, plan in plans if line.amount_micros < 0), None)
    new = next((plan for line, plan in plans if line.amount_micros > 0), None)
    if old is None or new is None:
        return []
    at_ms = plans[0][0].from_ms
    return [Upgrade(f"upgrade:{invoice.invoice_id}", invoice.organization_id, old, new, anchor_ms, at_ms)]


def of_subscriptions(subscriptions: Iterable[Subscription]) -> list[Effect]:
    """The oldest live subscription of an organization is kept; any other is canceled.

    One whose first payment is not made takes nobody's place, and ends by itself.
    """
    paid = (one for one in subscriptions if one.status not in ENDED and one.status != "INCOMPLETE")
    live = sorted(paid, key=lambda one: (one.created_ms, one.subscription_id))
    return [CancelDuplicate(f"dup:{one.subscription_id}", one.organization_id, one.subscription_id) for one in live[1:]]


def of_subscription(subscription: Subscription) -> list[Effect]:
    """Of the one that counts for its organization; nothing while its plan is not known."""
    if not subscription.plan:
        return []
    as_it_is = replace(subscription, version=0)
    source = f"months:{subscription.subscription_id}"
    return [FollowMonths(source, subscription.organization_id, as_it_is), *_credits_of(subscription)]


def _credits_of(subscription: Subscription) -> list[Effect]:
    organization_id = subscription.organization_id
    told = telling.of_subscription(subscription)
    if subscription.status == "CANCELED":
        ended_ms = subscription.ended_ms or subscription.period_end_ms
        return [FallBack(f"ended:{subscription.subscription_id}", organization_id, ended_ms), *told]
    if subscription.status == "ACTIVE":
        source = f"lower:{subscription.subscription_id}:{subscription.period_start_ms}"
        plan, version = subscription.plan, subscription.plan_version
        began_ms = subscription.period_start_ms
        return [Lower(source, organization_id, plan, version, subscription.anchor_ms, began_ms), *told]
    return [*told]


def of_payment(payment: Payment) -> list[Effect]:
    told: list[Effect] = [*telling.of_payment(payment)]
    if payment.status == "REFUNDED":
        source = f"own:returned:{payment.payment_id}"
        told.append(Returned(source, payment.organization_id, payment.payment_id, payment.created_ms))
    if not payment.package_id or payment.status not in ("SUCCEEDED", "REFUNDED"):
        return told
    return [
        Bought(
            f"pi:{payment.payment_id}",
            payment.organization_id,
            payment.package_name,
            payment.package_credits,
            payment.package_months,
            payment.amount_micros,
            payment.refunded_micros,
            payment.dispute in ("OPEN", "LOST"),
            payment.created_ms,
        ),
        Earned(
            f"own:paid:{payment.payment_id}",
            payment.organization_id,
            payment.payment_id,
            payment.created_ms,
            payment.currency,
            payment.amount_micros,
            "CREDITS",
        ),
        *told,
    ]
