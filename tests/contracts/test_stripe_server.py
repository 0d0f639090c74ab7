"""The stand-in of Stripe is held to the types of the package `stripe`: its objects, parameters, routes and manners.

A new version of the package that moves a field fails here, and names it.
"""

import inspect
import pkgutil
import re
import sys
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, ForwardRef, Union, get_args, get_origin

import pytest
import stripe

from infra.local.stripe_server import checkout, payments
from infra.local.stripe_server.customers import DECLINED, FAILS_LATER, GOOD
from infra.local.stripe_server.errors import StripeFault
from infra.local.stripe_server.routes import CALLS
from infra.local.stripe_server.server import TEST_KEY, Fault, StripeServer, running_stripe
from infra.local.stripe_server.world import World

START = 1_774_708_632  # 2026-03-28T14:37:12Z
DAY = 86_400
_KINDS: dict[str, Any] = {
    "billing.meter": stripe.billing.Meter,
    "billing.meter_event": stripe.billing.MeterEvent,
    "billing.meter_event_summary": stripe.billing.MeterEventSummary,
    "billing_portal.configuration": stripe.billing_portal.Configuration,
    "billing_portal.session": stripe.billing_portal.Session,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "coupon": stripe.Coupon,
    "customer": stripe.Customer,
    "discount": stripe.Discount,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "invoice": stripe.Invoice,
    "invoice_payment": stripe.InvoicePayment,
    "invoiceitem": stripe.InvoiceItem,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
    "price": stripe.Price,
    "product": stripe.Product,
    "promotion_code": stripe.PromotionCode,
    "refund": stripe.Refund,
    "subscription": stripe.Subscription,
    "subscription_schedule": stripe.SubscriptionSchedule,
    "test_helpers.test_clock": stripe.test_helpers.TestClock,
}


class Account:
    """A running stand-in, its clock, and the package's client."""

    def __init__(self, server: StripeServer, now: list[int]) -> None:
        self.server, self.world, self.now = server, server.world, now
        options = {"base_addresses": {"api": server.url}, "max_network_retries": 0}
        self.client = stripe.StripeClient(TEST_KEY, **options).v1  # type: ignore[arg-type]
        self.starter = self.price("starter", 2900)

    def price(self, name: str, amount: int, interval: str = "month") -> str:
        product = self.client.products.create({"name": name})
        made = self.client.prices.create(
            {
                "product": product.id,
                "currency": "usd",
                "unit_amount": amount,
                "recurring": {"interval": interval},  # type: ignore[typeddict-item]
                "lookup_key": f"{name}_{interval}",
            }
        )
        return made.id

    def customer(self) -> str:
        return self.client.customers.create({"email": "a@b.example", "metadata": {"org": "org_1"}}).id

    def session(self, customer: str, price: str = "", **more: Any) -> Any:
        asked = {
            "mode": "subscription",
            "customer": customer,
            "line_items": [{"price": price or self.starter, "quantity": 1}],
            "success_url": "https://optiq.example/done",
            "subscription_data": {"metadata": {"org": "org_1"}},
        }
        return self.client.checkout.sessions.create({**asked, **more})  # type: ignore[typeddict-item]

    def subscribed(self, card: str = GOOD, price: str = "", **more: Any) -> Any:
        customer = self.customer()
        checkout.complete(self.world, self.session(customer, price, **more).id, card)
        return self.client.subscriptions.list({"customer": customer}).data[0]

    def change(self, subscription: Any, price: str, at: int, **more: Any) -> Any:
        items = [{"id": subscription["items"].data[0].id, "price": price}]
        asked = {"items": items, "proration_behavior": "always_invoice", "proration_date": at, **more}
        return self.client.subscriptions.update(subscription.id, asked)  # type: ignore[arg-type]

    def pass_days(self, days: float) -> None:
        """Time passes, and somebody looks."""
        self.now[0] += int(days * DAY)
        self.client.products.retrieve(self.world.all_of("product")[0]["id"])


@pytest.fixture
def account() -> Iterator[Account]:
    now = [START]
    with running_stripe(World(now=lambda: now[0])) as server:
        yield Account(server, now)


def _everything(account: Account) -> None:
    """A life with something of every kind."""
    client = account.client
    coupon = client.coupons.create({"percent_off": 25, "duration": "once"})
    code = client.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "SPRING-25"})
    subscription = account.subscribed(discounts=[{"promotion_code": code.id}])
    larger = account.price("professional", 9900)
    account.pass_days(10)
    account.change(subscription, larger, account.now[0])
    schedule = client.subscription_schedules.create({"from_subscription": subscription.id})
    client.subscription_schedules.release(schedule.id)
    account.pass_days(30)
    account.pass_days(0.1)
    charge = client.charges.list({"customer": subscription.customer}).data[0]
    client.refunds.create({"charge": charge.id, "amount": 100})
    payments.open_dispute(account.world, charge.id)
    client.billing.meters.create(
        {
            "display_name": "Events",
            "event_name": "events",
            "default_aggregation": {"formula": "last"},
            "event_time_window": "hour",
        }
    )
    draft = client.invoices.create({"customer": subscription.customer, "currency": "usd"})
    client.invoice_items.create(
        {
            "customer": subscription.customer,
            "invoice": draft.id,
            "currency": "usd",
            "quantity": 250_000,
            "unit_amount_decimal": Decimal("0.025"),
        }
    )
    payload = {"stripe_customer_id": subscription.customer, "value": "5"}
    client.billing.meter_events.create({"event_name": "events", "payload": payload, "identifier": "a"})
    configuration = client.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}, "customer_update": {"enabled": False}}}
    )
    client.billing_portal.sessions.create({"customer": subscription.customer, "configuration": configuration.id})
    client.test_helpers.test_clocks.create({"frozen_time": START})


def test_objects_are_of_the_packages_types(account: Account) -> None:
    _everything(account)
    objects = [*account.world.objects.values(), *account.world.events.values()]
    kinds = {one["object"] for one in objects}
    assert kinds >= _KINDS.keys() - {"billing.meter_event_summary"}
    wrong = {problem for one in objects for problem in _problems(one, _KINDS[one["object"]], one["object"])}
    assert "\n".join(sorted(wrong)) == ""


def _problems(value: Any, kind: Any, path: str) -> Iterator[str]:
    """What of a value is not as a type says: fields that it does not have, and those that may not be missing."""
    for name in value.keys() - kind.__annotations__.keys() - ({"id"} if path == "billing.meter_event" else set()):
        yield f"{path}.{name}: unknown"
    for name, hint in kind.__annotations__.items():
        if get_origin(hint) is typing.ClassVar or (name == "deleted" and name not in value):
            continue
        if name not in value:
            if not _may_be_none(hint):
                yield f"{path}.{name}: missing"
        else:
            yield from _wrong(value[name], hint, f"{path}.{name}", kind)


def _wrong(value: Any, hint: Any, path: str, kind: Any) -> Iterator[str]:
    hint = _resolved(hint, kind)
    if hint is None or isinstance(hint, typing.TypeVar):
        return
    if get_origin(hint) in (Union, types.UnionType):
        branches = [list(_wrong(value, each, path, kind)) for each in get_args(hint)]
        if all(branches):
            yield from min(branches, key=len)
    elif get_origin(hint) is typing.Literal:
        if value not in get_args(hint):
            yield f"{path}: {value!r} is no {hint}"
    elif get_origin(hint):
        if not isinstance(value, list | dict):
            yield f"{path}: must be a list"
            return
        is_list = issubclass(get_origin(hint), stripe.ListObject)
        each_of = value if get_origin(hint) is list else value["data"] if is_list else []
        for each in each_of:
            yield from _wrong(each, get_args(hint)[0], f"{path}[]", kind)
    else:
        yield from _wrong_plain(value, hint, path)


def _wrong_plain(value: Any, hint: Any, path: str) -> Iterator[str]:
    if inspect.isclass(hint) and issubclass(hint, stripe.StripeObject):
        if not isinstance(value, dict):
            yield f"{path}: must be an object"
        elif hint.__annotations__:
            yield from _problems(value, hint, path)
    elif hint is type(None):
        if value is not None:
            yield f"{path}: must be null"
    elif hint in (str, int, bool) and type(value) is not hint:
        yield f"{path}: {value!r} must be {hint.__name__}"


def _may_be_none(hint: Any) -> bool:
    return type(None) in get_args(hint)


def _resolved(hint: Any, kind: Any) -> Any:
    """The type behind a name; None for one that is not checked."""
    if not isinstance(hint, ForwardRef | str):
        return hint
    name = hint.__forward_arg__ if isinstance(hint, ForwardRef) else hint
    return getattr(sys.modules[kind.__module__], name, None) or getattr(stripe, name, None)


def test_routes_are_those_of_the_package() -> None:
    folder = Path(inspect.getfile(stripe)).parent
    texts = [path.read_text() for path in folder.rglob("*_service.py")]
    known = {re.sub(r"\{\w+\}", "{}", path) for text in texts for path in re.findall(r'"(/v[12]/[^"]+)"', text)}
    assert {re.sub(r"\{\w+\}", "{}", call.path) for call in CALLS} <= known


def test_parameters_are_those_of_the_package() -> None:
    names = {call.params for call in CALLS if call.params}
    for name in names:
        module, _, kind = f"stripe.params.{name}".rpartition(".")
        assert hasattr(import_module(module), kind), name
    assert len(list(pkgutil.iter_modules(stripe.params.__path__))) > 100


def test_unknown_parameter_is_refused(account: Account) -> None:
    subscription = account.subscribed()
    with pytest.raises(stripe.InvalidRequestError, match="Received unknown parameter: coupon") as refused:
        account.client.subscriptions.update(subscription.id, {"coupon": "x"})  # type: ignore[typeddict-unknown-key]
    assert refused.value.code == "parameter_unknown"


def test_key_answers_as_it_did_first(account: Account) -> None:
    """Idempotency keys keep the first answer, a 500 too, and refuse other parameters."""
    account.server.faults.append(Fault("/v1/customers", 500, after=True))
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            account.client.customers.create({"email": "a@b.example"}, {"idempotency_key": "k"})
    assert len(account.world.all_of("customer")) == 1
    with pytest.raises(stripe.IdempotencyError):
        account.client.customers.create({"email": "other@b.example"}, {"idempotency_key": "k"})


def test_missing_object_answers_404(account: Account) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        account.client.subscriptions.retrieve("sub_none")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_card_that_is_declined_makes_no_subscription(account: Account) -> None:
    """Case 8, at Stripe."""
    customer = account.customer()
    session = account.session(customer)
    with pytest.raises(StripeFault, match="declined"):
        checkout.complete(account.world, session.id, DECLINED)
    assert account.client.subscriptions.list({"customer": customer, "status": "all"}).data == []
    assert account.client.checkout.sessions.retrieve(session.id).status == "open"


def test_subscription_without_payment_expires_after_23_hours(account: Account) -> None:
    subscription = account.client.subscriptions.create(
        {"customer": account.customer(), "items": [{"price": account.starter}]}
    )
    assert subscription.status == "incomplete"
    account.pass_days(23 / 24)
    assert account.client.subscriptions.retrieve(subscription.id).status == "incomplete_expired"


@pytest.mark.parametrize(
    ("old", "new", "days", "passed", "lines"),
    [(1000, 2000, 30, 15.0, [-500, 1000]), (2900, 9900, 31, 20.5, [-982, 3353])],
)
def test_upgrade_is_prorated_to_the_second(
    account: Account, old: int, new: int, days: int, passed: float, lines: list[int]
) -> None:
    """Case 12: the preview is the invoice."""
    account.now[0] = 1_777_593_600 if days == 30 else START  # the month from 2026-05-01 has 31 days, so take April
    if days == 30:
        account.now[0] -= 30 * DAY
    subscription = account.subscribed(price=account.price("old", old))
    larger = account.price("new", new)
    account.pass_days(passed)
    asked = {
        "items": [{"id": subscription["items"].data[0].id, "price": larger}],
        "proration_date": account.now[0],
        "proration_behavior": "always_invoice",
    }
    preview = account.client.invoices.create_preview({"subscription": subscription.id, "subscription_details": asked})  # type: ignore[typeddict-item]
    assert [line.amount for line in preview.lines.data] == lines
    account.change(subscription, larger, account.now[0])
    invoice = account.client.invoices.list({"subscription": subscription.id, "limit": 1}).data[0]
    assert (invoice.total, invoice.status, invoice.billing_reason) == (sum(lines), "paid", "subscription_update")
    assert preview.total == invoice.total


def test_upgrade_with_a_failing_card_changes_nothing(account: Account) -> None:
    subscription = account.subscribed(FAILS_LATER)
    larger = account.price("professional", 9900)
    with pytest.raises(stripe.CardError):
        account.change(subscription, larger, account.now[0], payment_behavior="error_if_incomplete")
    assert account.client.subscriptions.retrieve(subscription.id)["items"].data[0].price.id == account.starter


def test_renewal_is_a_draft_for_an_hour(account: Account) -> None:
    subscription = account.subscribed()
    account.pass_days(31)
    invoice = account.client.invoices.list({"subscription": subscription.id, "limit": 1}).data[0]
    assert (invoice.status, invoice.billing_reason) == ("draft", "subscription_cycle")
    account.pass_days(1 / 24)
    assert account.client.invoices.retrieve(invoice.id).status == "paid"


def test_failed_renewal_is_tried_again_until_the_subscription_ends(account: Account) -> None:
    subscription = account.subscribed(FAILS_LATER)
    account.pass_days(31.1)
    late = account.client.subscriptions.retrieve(subscription.id)
    invoice = account.client.invoices.retrieve(str(late.latest_invoice))
    assert (late.status, invoice.attempt_count) == ("past_due", 1)
    account.pass_days(8)
    assert account.client.subscriptions.retrieve(subscription.id).status == "canceled"
    assert account.client.invoices.retrieve(invoice.id).attempt_count == 4


def test_schedule_owns_its_subscription(account: Account) -> None:
    subscription = account.subscribed(price=account.price("professional", 9900))
    schedule = account.client.subscription_schedules.create({"from_subscription": subscription.id})
    with pytest.raises(stripe.InvalidRequestError, match="managed by the subscription schedule"):
        account.client.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    period = subscription["items"].data[0]
    phases = [
        {
            "items": [{"price": period.price.id}],
            "start_date": period.current_period_start,
            "end_date": period.current_period_end,
        },
        {"items": [{"price": account.starter}], "duration": {"interval": "month"}},
    ]
    account.client.subscription_schedules.update(schedule.id, {"phases": phases, "end_behavior": "release"})  # type: ignore[typeddict-item]
    account.pass_days(31.1)
    changed = account.client.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice"]})
    assert changed["items"].data[0].price.id == account.starter
    invoice = account.client.invoices.list({"subscription": subscription.id, "limit": 1}).data[0]
    assert (invoice.total, invoice.status) == (2900, "paid")


def test_hour_of_a_meter_has_the_value_that_came_last(account: Account) -> None:
    customer = account.customer()
    meter = account.client.billing.meters.create(
        {
            "display_name": "Events",
            "event_name": "events",
            "default_aggregation": {"formula": "last"},
            "event_time_window": "hour",
        }
    )
    hour = START - START % 3600
    for revision, value in enumerate((12_345, 12_350)):
        payload = {"stripe_customer_id": customer, "value": str(value)}
        event = {
            "event_name": "events",
            "payload": payload,
            "identifier": f"r{revision}",
            "timestamp": hour + 3599 - 3600,
        }
        account.client.billing.meter_events.create(event)  # type: ignore[arg-type]
        with pytest.raises(stripe.InvalidRequestError, match="already exists"):
            account.client.billing.meter_events.create(event)  # type: ignore[arg-type]
    window = {"customer": customer, "start_time": hour - 3600, "end_time": hour}
    summaries = account.client.billing.meters.event_summaries.list(meter.id, window)  # type: ignore[arg-type]
    assert [one.aggregated_value for one in summaries.data] == [12_350]


def test_coupon_for_once_is_over_with_the_next_invoice(account: Account) -> None:
    """Case 30: 25 % once on $29 is $21.75, and $29 the month after."""
    coupon = account.client.coupons.create({"percent_off": 25, "duration": "once"})
    subscription = account.subscribed(discounts=[{"coupon": coupon.id}])
    account.pass_days(31.1)
    invoices = account.client.invoices.list({"subscription": subscription.id}).data
    assert [one.total for one in invoices] == [2900, 2175]


def test_page_takes_a_test_card_and_leads_back(account: Account) -> None:
    session = account.session(account.customer())
    path = session.url.removeprefix(account.server.url)
    status, page, _ = account.server.page("GET", path, "")
    assert status == 200
    assert "29.00 USD" in page
    status, page, _ = account.server.page("POST", path, f"card={DECLINED}")
    assert (status, "Your card was declined." in page) == (402, True)
    status, _, headers = account.server.page("POST", path, f"card={GOOD}")
    assert (status, headers["location"]) == (303, "https://optiq.example/done")
