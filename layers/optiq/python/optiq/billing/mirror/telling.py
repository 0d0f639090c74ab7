"""Which mails follow from what is mirrored, each with a source id by which it is sent once. Pure."""

from dataclasses import dataclass
from typing import Literal

from optiq.billing.gateways.minor_units import text_of
from optiq.billing.mirror.contracts import ENDED, Invoice, Payment, Subscription
from optiq.billing.plans.catalogue import newest
from optiq.billing.plans.contracts import Catalogue
from optiq.kernel.clock import utc_day

Notice = Literal[
    "PLAN_STARTED",
    "INVOICE_PAID",
    "PACKAGE_PAID",
    "PAYMENT_FAILED",
    "INVOICE_FAILED",
    "REFUNDED",
    "CANCEL_SET",
    "CHANGE_SET",
    "SUBSCRIPTION_ENDED",
    "DUPLICATE_CANCELED",
    "TRIAL_ENDING",
    "TRIAL_ENDED",
]
_RENEWAL = "SUBSCRIPTION_CYCLE"
_LATER = (_RENEWAL, "SUBSCRIPTION_UPDATE", "MANUAL")
"""Why invoices are made after the first; MANUAL is for events beyond a limit where no renewal's takes their line."""


@dataclass(frozen=True, slots=True)
class Tell:
    """A mail to who pays. `details` complete it in their order, such as a plan's title and an amount."""

    source: str
    organization_id: str
    notice: Notice
    details: tuple[str, ...] = ()


def of_invoice(invoice: Invoice, catalogue: Catalogue) -> list[Tell]:
    """A receipt where it is paid, a warning for each try that failed."""
    organization_id, found = invoice.organization_id, list[Tell]()
    if invoice.status == "PAID":
        paid = text_of(invoice.paid_micros, invoice.currency)
        if invoice.reason == "SUBSCRIPTION_CREATE" and (title := _title(invoice, catalogue)):
            found.append(
                Tell(f"mail:started:{invoice.subscription_id}", organization_id, "PLAN_STARTED", (title, paid))
            )
        elif invoice.reason in _LATER and invoice.paid_micros > 0:
            found.append(
                Tell(f"mail:paid:{invoice.invoice_id}", organization_id, "INVOICE_PAID", (paid, invoice.number))
            )
    if invoice.status == "OPEN" and invoice.attempts > 0 and invoice.reason != "SUBSCRIPTION_CREATE":
        source = f"mail:failed:{invoice.invoice_id}:{invoice.attempts}"
        notice: Notice = "PAYMENT_FAILED" if invoice.reason == _RENEWAL else "INVOICE_FAILED"
        found.append(Tell(source, organization_id, notice, (invoice.number,)))
    return found


def of_subscription(subscription: Subscription) -> list[Tell]:
    """Of the one that counts: that it ended, or what it becomes at the end of the period."""
    organization_id, named = subscription.organization_id, subscription.subscription_id
    title, until = _title_of(subscription.plan), utc_day(subscription.period_end_ms)
    if subscription.status == "CANCELED":
        return [Tell(f"mail:ended:{named}", organization_id, "SUBSCRIPTION_ENDED", (title,))]
    if subscription.status in ENDED:
        return []
    found = []
    if subscription.cancel_at_period_end:
        asked_ms = subscription.canceled_ms or subscription.period_end_ms
        found.append(Tell(f"mail:cancel:{named}:{asked_ms}", organization_id, "CANCEL_SET", (title, until)))
    if subscription.next_plan:
        source = f"mail:change:{named}:{subscription.schedule_id}"
        details = (_title_of(subscription.next_plan), until, title)
        found.append(Tell(source, organization_id, "CHANGE_SET", details))
    return found


def of_payment(payment: Payment) -> list[Tell]:
    """The receipt of a package, and each sum that was given back."""
    organization_id, found = payment.organization_id, list[Tell]()
    if payment.package_id and payment.status in ("SUCCEEDED", "REFUNDED"):
        details = (text_of(payment.amount_micros, payment.currency), f"{payment.package_credits:,}")
        found.append(Tell(f"mail:bought:{payment.payment_id}", organization_id, "PACKAGE_PAID", details))
    if payment.refunded_micros:
        source = f"mail:refund:{payment.payment_id}:{payment.refunded_micros}"
        sums = (text_of(each, payment.currency) for each in (payment.refunded_micros, payment.amount_micros))
        found.append(Tell(source, organization_id, "REFUNDED", tuple(sums)))
    return found


def _title(invoice: Invoice, catalogue: Catalogue) -> str:
    """Of the plan that an invoice begins; "" for none."""
    line = next((one for one in invoice.lines if one.plan and not one.proration and one.amount_micros >= 0), None)
    return catalogue[line.plan, line.plan_version].title if line else ""


def _title_of(slug: str) -> str:
    plan = newest(slug)
    return plan.title if plan else slug.title()
