"""What Stripe's objects are here. Pure."""

from collections.abc import Callable, Sequence
from typing import get_args

from optiq.billing.gateways.minor_units import micros_of
from optiq.billing.gateways.models import (
    CustomerModel,
    DisputeModel,
    InvoiceModel,
    ItemModel,
    LineModel,
    PaymentIntentModel,
    PaymentMethodModel,
    PriceModel,
    ScheduleModel,
    SubscriptionModel,
)
from optiq.billing.mirror.contracts import (
    Customer,
    DisputeStatus,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Subscription,
)
from optiq.billing.plans.catalogue import plan_of_key
from optiq.billing.plans.contracts import Interval, Plan, SubscriptionStatus

PlanOf = Callable[[str], Plan | None]
"""The plan version of a price, by the price's id; None for a price that is no plan's."""
_INTERVALS: dict[str, Interval] = {"month": "month", "year": "year"}
_SUBSCRIPTION: dict[str, SubscriptionStatus] = {one.lower(): one for one in get_args(SubscriptionStatus)}
_INVOICE: dict[str, InvoiceStatus] = {one.lower(): one for one in get_args(InvoiceStatus)}
_DISPUTE: dict[str, DisputeStatus] = {"won": "WON", "lost": "LOST", "prevented": "WON", "warning_closed": "WON"}


def plan_of(price: PriceModel | None) -> Plan | None:
    return plan_of_key(price.lookup_key) if price and price.lookup_key else None


def subscription_from(
    organization_id: str,
    found: SubscriptionModel,
    schedule: ScheduleModel | None,
    price_of: Callable[[str], PriceModel | None],
    before: Subscription | None,
) -> Subscription:
    """
    Args:
        before: as it was mirrored last: where the price is of no plan, the organization keeps the plan that it had.

    Raises:
        ValueError: it has no item.
    """
    item, fault = _item_of(found)
    plan, price = plan_of(item.price), item.price
    following = _following(schedule, item.current_period_end)
    later = price_of(following[0]) if following else None
    next_plan = plan_of(later)
    return Subscription(
        organization_id=organization_id,
        subscription_id=found.id,
        customer_id=found.customer or "",
        plan=plan.slug if plan else before.plan if before else "",
        plan_version=plan.version if plan else before.plan_version if before else 0,
        interval=_INTERVALS.get(price.recurring.interval if price.recurring else "", "month"),
        currency=price.currency.upper(),
        amount_micros=micros_of(price.unit_amount or 0, price.currency),
        status=_SUBSCRIPTION[found.status],
        item_id=item.id,
        price_id=price.id,
        anchor_ms=found.billing_cycle_anchor * 1000,
        period_start_ms=item.current_period_start * 1000,
        period_end_ms=item.current_period_end * 1000,
        created_ms=found.created * 1000,
        cancel_at_period_end=found.cancel_at_period_end,
        ended_ms=_ms(found.ended_at),
        schedule_id=found.schedule or "",
        default_method_id=found.default_payment_method or "",
        next_plan=next_plan.slug if next_plan else "",
        next_interval=later.recurring.interval if next_plan and later and later.recurring else "",
        next_at_ms=following[1] * 1000 if following and next_plan else None,
        canceled_ms=_ms(found.canceled_at),
        fault=fault,
    )


def _item_of(found: SubscriptionModel) -> tuple[ItemModel, str]:
    """The item that is a plan's, or else the first; and what is wrong with the subscription, or ""."""
    items = found.items.data
    if not items:
        raise ValueError(f"{found.id} has no item")
    item = next((one for one in items if plan_of(one.price)), items[0])
    if len(items) > 1:
        return item, f"it has {len(items)} items in place of one"
    return item, "" if plan_of(item.price) else f"its price {item.price.id} is of no plan"


def _following(schedule: ScheduleModel | None, period_end: int) -> tuple[str, int] | None:
    """The price of the phase that begins when the period ends, and when that is."""
    if schedule is None or schedule.status != "active":
        return None
    phase = next((one for one in schedule.phases if one.start_date >= period_end), None)
    price_id = phase.items[0].price if phase else None
    return (price_id, phase.start_date) if phase and price_id else None


def invoice_from(organization_id: str, found: InvoiceModel, plan_of_price: PlanOf) -> Invoice:
    def micros(minor: int) -> int:
        return micros_of(minor, found.currency)

    return Invoice(
        organization_id=organization_id,
        invoice_id=found.id,
        number=found.number or "",
        status=_INVOICE[found.status or "draft"],
        reason=(found.billing_reason or "manual").upper(),
        currency=found.currency.upper(),
        subtotal_micros=micros(found.subtotal),
        discount_micros=micros(sum(one.amount for one in found.total_discount_amounts or ())),
        tax_micros=micros(sum(one.amount for one in found.total_taxes or ())),
        total_micros=micros(found.total),
        paid_micros=micros(found.amount_paid),
        due_micros=micros(found.amount_due),
        created_ms=found.created * 1000,
        subscription_id=found.subscription,
        paid_ms=_ms(found.status_transitions.paid_at),
        attempts=found.attempt_count,
        next_attempt_ms=_ms(found.next_payment_attempt),
        address=found.hosted_invoice_url or "",
        pdf=found.invoice_pdf or "",
        payment_ids=tuple(found.intents),
        lines=tuple(_line(one, found.currency, plan_of_price) for one in found.lines.data),
    )


def _line(found: LineModel, currency: str, plan_of_price: PlanOf) -> InvoiceLine:
    plan = plan_of_price(found.price_id) if found.price_id else None
    return InvoiceLine(
        description=found.description or "",
        amount_micros=micros_of(found.amount, currency),
        quantity=found.quantity or 1,
        from_ms=found.period.start * 1000,
        until_ms=found.period.end * 1000,
        plan=plan.slug if plan else "",
        plan_version=plan.version if plan else 0,
        proration=found.proration,
    )


def payment_from(
    organization_id: str, found: PaymentIntentModel, disputes: Sequence[DisputeModel], method: PaymentMethodModel | None
) -> Payment:
    charge, card = found.latest_charge, method.card if method else None
    return Payment(
        organization_id=organization_id,
        payment_id=found.id,
        status=_payment_status(found),
        currency=found.currency.upper(),
        amount_micros=micros_of(found.amount, found.currency),
        created_ms=found.created * 1000,
        refunded_micros=micros_of(charge.amount_refunded, found.currency) if charge else 0,
        dispute=_dispute(disputes),
        package_id=found.metadata.get("package", ""),
        package_name=found.metadata.get("package_name", ""),
        package_credits=int(found.metadata.get("package_credits") or 0),
        package_months=int(found.metadata["package_months"]) if found.metadata.get("package_months") else None,
        card_brand=card.brand if card else "",
        card_last4=card.last4 if card else "",
        receipt=(charge.receipt_url if charge else None) or "",
    )


def _payment_status(found: PaymentIntentModel) -> PaymentStatus:
    charge = found.latest_charge
    if found.status == "succeeded":
        return "REFUNDED" if charge and charge.amount_refunded >= charge.amount else "SUCCEEDED"
    return "FAILED" if found.status == "canceled" or (charge and charge.status == "failed") else "PENDING"


def _dispute(disputes: Sequence[DisputeModel]) -> DisputeStatus:
    """The newest one's; one that is not closed is open."""
    return _DISPUTE.get(disputes[0].status, "OPEN") if disputes else ""


def method_from(organization_id: str, found: PaymentMethodModel, fingerprint: str) -> PaymentMethod:
    card = found.card
    return PaymentMethod(
        organization_id=organization_id,
        method_id=found.id,
        kind=found.type,
        brand=card.brand if card else "",
        last4=card.last4 if card else "",
        expires=f"{card.exp_year}-{card.exp_month:02d}" if card else "",
        fingerprint=fingerprint,
        created_ms=found.created * 1000,
        ended=found.customer is None,
    )


def customer_from(organization_id: str, found: CustomerModel) -> Customer:
    return Customer(
        organization_id=organization_id,
        customer_id=found.id,
        default_method_id=found.invoice_settings.default_payment_method or "",
        ended=found.deleted,
    )


def _ms(seconds: int | None) -> int | None:
    return None if seconds is None else seconds * 1000
