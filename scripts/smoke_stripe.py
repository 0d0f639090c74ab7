"""Asks a sandbox of Stripe what the stand-in assumes. Nobody has run it yet.

    OPTIQ_STRIPE_TEST_KEY=sk_test_… .venv/bin/python -m scripts.smoke_stripe

It takes a test key only, makes objects on a test clock, and prints a line for each assumption: `as assumed` or
`DIFFERS`.
"""

import os
import sys
import time
from typing import Any

import stripe
from optiq.billing.gateways.account import StripeAccount
from optiq.billing.gateways.models import InvoiceModel, SubscriptionModel
from optiq.billing.gateways.stripe_client import StripeGateway
from optiq.billing.plans.catalogue import offered

_DAY = 86_400
_STARTER, _PROFESSIONAL = "starter_month_usd_v1", "professional_month_usd_v1"


class Report:
    """Prints what is as assumed and what differs."""

    def __init__(self) -> None:
        self.differs = 0

    def compare(self, what: str, found: object, assumed: object) -> None:
        right = found == assumed
        self.differs += not right
        print(f"as assumed {what}: {found!r}" if right else f"DIFFERS    {what}: {found!r} in place of {assumed!r}")


def main() -> int:
    key = os.environ.get("OPTIQ_STRIPE_TEST_KEY", "")
    if not key.startswith(("sk_test_", "rk_test_")):
        print("OPTIQ_STRIPE_TEST_KEY must be a key of a sandbox, such as sk_test_…", file=sys.stderr)
        return 2
    gateway, client = StripeGateway(StripeAccount(secret_key=key)), stripe.StripeClient(key).v1
    report = Report()
    print(f"made: {', '.join(gateway.push(offered())) or 'nothing, all was there'}")
    report.compare("a second push makes", list(gateway.push(offered())), [])
    start = int(time.time())
    clock = client.test_helpers.test_clocks.create({"frozen_time": start, "name": "optiq smoke"})
    try:
        _live(report, gateway, client, clock.id, start)
    finally:
        client.test_helpers.test_clocks.delete(clock.id)
    return 1 if report.differs else 0


def _live(report: Report, gateway: StripeGateway, client: Any, clock_id: str, start: int) -> None:
    """A subscription's life on a test clock."""
    customer = client.customers.create({"test_clock": clock_id, "metadata": {"org": "org_smoke"}})
    method = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    client.customers.update(customer.id, {"invoice_settings": {"default_payment_method": method.id}})
    price = gateway.price_of(_STARTER)
    made = client.subscriptions.create({"customer": customer.id, "items": [{"price": price.id if price else ""}]})
    subscription = _subscription(gateway, made.id)
    report.compare("a paid subscription is", subscription.status, "active")
    _advance(client, clock_id, start + 10 * _DAY)
    at_s = start + 10 * _DAY
    shown = gateway.preview(subscription, _PROFESSIONAL, at_s)
    gateway.change_price(subscription, _PROFESSIONAL, at_s)
    subscription = _subscription(gateway, made.id)
    invoice = gateway.fetch("invoice", subscription.latest_invoice or "")
    if isinstance(invoice, InvoiceModel):
        report.compare("an upgrade's invoice costs what was previewed", invoice.total, shown.total)
        report.compare("its lines are prorations", [line.proration for line in invoice.lines.data], [True, True])
        report.compare("it names its payment", len(invoice.intents), 1)
    gateway.schedule_price(subscription, _STARTER)
    subscription = _subscription(gateway, made.id)
    report.compare("a schedule is attached", bool(subscription.schedule), True)
    gateway.release_schedule(subscription)
    gateway.set_cancel(made.id, at_period_end=True)
    report.compare("it ends with its period", _subscription(gateway, made.id).cancel_at_period_end, True)
    gateway.cancel_and_refund(made.id, f"smoke:{made.id}")
    report.compare("it is", _subscription(gateway, made.id).status, "canceled")


def _subscription(gateway: StripeGateway, subscription_id: str) -> SubscriptionModel:
    found = gateway.fetch("subscription", subscription_id)
    if not isinstance(found, SubscriptionModel):
        raise TypeError(f"{subscription_id} is no subscription")
    return found


def _advance(client: Any, clock_id: str, until: int) -> None:
    client.test_helpers.test_clocks.advance(clock_id, {"frozen_time": until})
    while client.test_helpers.test_clocks.retrieve(clock_id).status == "advancing":
        time.sleep(2)


if __name__ == "__main__":
    sys.exit(main())
