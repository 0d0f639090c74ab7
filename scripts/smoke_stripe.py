"""Asks a sandbox of Stripe what the stand-in assumes. It was not run: whoever has a key closes what is assumed.

    OPTIQ_STRIPE_TEST_KEY=sk_test_… .venv/bin/python -m scripts.smoke_stripe

It takes a test key only, makes objects on a test clock, and prints a line for each assumption: `as assumed` or
`DIFFERS`.
"""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

import stripe
from optiq.billing.gateways.account import StripeAccount
from optiq.billing.gateways.contract import EventsLine
from optiq.billing.gateways.models import InvoiceModel, SubscriptionModel
from optiq.billing.gateways.stripe_client import StripeGateway
from optiq.billing.gateways.stripe_metering import StripeMetering
from optiq.billing.plans.catalogue import offered
from optiq.kernel.errors import ConflictError

_HOUR, _DAY = 3_600, 86_400
_SUMMED_SECONDS = 180
"""Stripe sums meters up some minutes later."""
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
    account = StripeAccount(secret_key=key)
    gateway, client = StripeGateway(account), stripe.StripeClient(key).v1
    report = Report()
    print(f"made: {', '.join(gateway.push(offered())) or 'nothing, all was there'}")
    report.compare("a second push makes", list(gateway.push(offered())), [])
    start = int(time.time())
    clock = client.test_helpers.test_clocks.create({"frozen_time": start, "name": "optiq smoke"})
    try:
        _live(report, gateway, client, clock.id, start)
    finally:
        client.test_helpers.test_clocks.delete(clock.id)
    _metered(report, StripeMetering(account), client)
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


def _metered(report: Report, metering: StripeMetering, client: Any) -> None:
    """Hours of a meter, and a line for events on a draft. A meter counts by the real time, without a test clock."""
    customer = client.customers.create({"metadata": {"org": "org_smoke"}})
    try:
        hour = int(time.time()) // _HOUR * _HOUR - 2 * _HOUR
        last, of_hour = hour + _HOUR - 1, f"smoke:{customer.id}:{hour}"
        metering.report_hour(customer.id, f"{of_hour}:r1", 12_345, last)
        metering.report_hour(customer.id, f"{of_hour}:r1", 12_345, last)  # A known identifier counts once.
        metering.report_hour(customer.id, f"{of_hour}:r2", 12_350, last)
        report.compare("the later value of an hour replaces the earlier", _hours(metering, customer.id, hour), 12_350)
        for days, says in ((36, "36 days past"), (-1, "a day ahead")):
            at_s = int(time.time()) - days * _DAY
            refused = _is_refused(lambda at=at_s: metering.report_hour(customer.id, f"{of_hour}:{at}", 1, at))  # type: ignore[misc]
            report.compare(f"a value of {says} is refused", refused, True)
        _billed(report, metering, client, customer.id, hour)
    finally:
        client.customers.delete(customer.id)


def _billed(report: Report, metering: StripeMetering, client: Any, customer_id: str, hour: int) -> None:
    source = f"smoke:{customer_id}"
    draft = metering.make_draft(customer_id, "USD", source)
    report.compare("the same source has the same draft", metering.make_draft(customer_id, "USD", source), draft)
    line = EventsLine(source, "250,000 events", 250_000, "250", 62_500_000, hour, hour + _HOUR)
    for _ in range(2):
        metering.add_events(draft, customer_id, "USD", line)
    invoice = client.invoices.retrieve(draft)
    report.compare("250,000 events at $0.25 per 1,000 come to cents", invoice.total, 6_250)
    report.compare("a draft can be held", metering.hold_draft(draft), True)
    client.invoices.delete(draft)


def _hours(metering: StripeMetering, customer_id: str, hour: int) -> int | None:
    """What Stripe has of an hour, once it has summed it up."""
    until = time.monotonic() + _SUMMED_SECONDS
    while not (found := metering.hours_of(customer_id, hour, hour + _HOUR).get(hour)) and time.monotonic() < until:
        time.sleep(5)
    time.sleep(5)  # A value that came later may be summed up later.
    return metering.hours_of(customer_id, hour, hour + _HOUR).get(hour, found)


def _is_refused(call: Callable[[], None]) -> bool:
    try:
        call()
    except ConflictError:
        return True
    return False


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
