"""Stripe by its own package. Every call goes through `asked`, at our pace."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from optiq.billing.gateways.account import StripeAccount
from optiq.billing.gateways.asking import asked, asked_or_none, connect, once, read, read_any
from optiq.billing.gateways.minor_units import minor_of
from optiq.billing.gateways.models import (
    DisputeModel,
    InvoiceModel,
    PriceModel,
    SessionModel,
    StripeObject,
    SubscriptionModel,
)
from optiq.billing.gateways.pace import Pace
from optiq.billing.gateways.stripe_coupons import StripeCoupons
from optiq.billing.gateways.stripe_lists import StripeLists
from optiq.billing.gateways.stripe_metering import meter_of, push_meter
from optiq.billing.plans.contracts import Plan, product_id_of
from optiq.kernel.errors import ConflictError

_PORTAL = {
    "customer_update": {"enabled": True, "allowed_updates": ["email", "address", "tax_id"]},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {"enabled": False},
    "subscription_update": {"enabled": False, "default_allowed_updates": [], "products": []},
}
_MADE_BY = {"made_by": "optiq"}


class StripeGateway:
    """The ports `Reading` and `Acting` (contract.py)."""

    def __init__(self, account: StripeAccount, pace: Pace | None = None) -> None:
        client = connect(account)
        self._v1, self._portal, self._pace = client.v1, account.portal_configuration, pace or Pace()
        self.lists = StripeLists(client, self._pace)
        self.coupons = StripeCoupons(client, self._pace)
        self._prices: dict[str, PriceModel] = {}
        self._fetches: dict[str, Callable[[str], Any]] = {
            "charge": self._v1.charges.retrieve,
            "checkout.session": self._v1.checkout.sessions.retrieve,
            "credit_note": self._v1.credit_notes.retrieve,
            "customer": self._v1.customers.retrieve,
            "dispute": self._v1.disputes.retrieve,
            "invoice": lambda found: self._v1.invoices.retrieve(found, {"expand": ["payments"]}),
            "invoice_payment": self._v1.invoice_payments.retrieve,
            "payment_intent": lambda found: self._v1.payment_intents.retrieve(found, {"expand": ["latest_charge"]}),
            "payment_method": self._v1.payment_methods.retrieve,
            "refund": self._v1.refunds.retrieve,
            "subscription": self._v1.subscriptions.retrieve,
            "subscription_schedule": self._v1.subscription_schedules.retrieve,
        }

    def fetch(self, kind: str, object_id: str) -> StripeObject | None:
        self._pace.wait()
        found = asked_or_none(lambda: self._fetches[kind](object_id))
        return None if found is None else read_any(found)

    def price(self, price_id: str) -> PriceModel | None:
        if price_id not in self._prices:
            self._pace.wait()
            found = asked_or_none(lambda: self._v1.prices.retrieve(price_id))
            if found is None:
                return None
            self._prices[price_id] = read(PriceModel, found)
        return self._prices[price_id]

    def disputes_of(self, intent_id: str) -> Sequence[DisputeModel]:
        self._pace.wait()
        found = asked(lambda: self._v1.disputes.list({"payment_intent": intent_id}))
        return [read(DisputeModel, one) for one in found.data]

    def cancel_and_refund(self, subscription_id: str, source: str) -> None:
        subscription = self.fetch("subscription", subscription_id)
        if not isinstance(subscription, SubscriptionModel):
            return
        if subscription.status not in ("canceled", "incomplete_expired"):
            asked(lambda: self._v1.subscriptions.cancel(subscription_id))
        invoice = self.fetch("invoice", subscription.latest_invoice) if subscription.latest_invoice else None
        for intent in invoice.intents if isinstance(invoice, InvoiceModel) and invoice.status == "paid" else ():
            self._refund(intent, source)

    def _refund(self, intent: str, source: str) -> None:
        """Gives a payment back, unless it was: Stripe knows a key for a day only."""

        def given_back() -> Any:
            return next(iter(asked(lambda: self._v1.refunds.list({"payment_intent": intent, "limit": 1})).data), None)

        if not given_back():
            params: Any = {"payment_intent": intent, "reason": "duplicate"}
            once(
                lambda key: self._v1.refunds.create(params, {"idempotency_key": key}), f"{source}:{intent}", given_back
            )

    def create_customer(self, organization_id: str, email: str) -> str:
        params: Any = {"metadata": {"org": organization_id}} | ({"email": email} if email else {})
        created = once(
            lambda key: self._v1.customers.create(params, {"idempotency_key": key}), f"customer:{organization_id}"
        )
        return created.id

    def start_checkout(
        self,
        *,
        organization_id: str,
        customer_id: str,
        lookup_key: str,
        attempt: str,
        success_url: str,
        cancel_url: str,
        expires_s: int,
    ) -> SessionModel:
        metadata = {"org": organization_id}
        params: Any = {
            "mode": "subscription",
            "customer": customer_id,
            "client_reference_id": organization_id,
            "metadata": metadata,
            "line_items": [{"price": self._price_id(lookup_key), "quantity": 1}],
            "subscription_data": {"metadata": metadata},
            "allow_promotion_codes": True,
            "success_url": success_url,
            "cancel_url": cancel_url,
            "expires_at": expires_s,
        }
        made = once(
            lambda key: self._v1.checkout.sessions.create(params, {"idempotency_key": key}),
            f"checkout:{organization_id}:{attempt}",
        )
        return read(SessionModel, made)

    def start_purchase(
        self,
        *,
        organization_id: str,
        customer_id: str,
        name: str,
        amount_micros: int,
        currency: str,
        says: Mapping[str, str],
        return_url: str,
    ) -> SessionModel:
        metadata = {"org": organization_id, **says}
        price = _amount(amount_micros, currency) | {"product_data": {"name": name}}
        params: Any = {
            "mode": "payment",
            "customer": customer_id,
            "client_reference_id": organization_id,
            "metadata": metadata,
            "line_items": [{"price_data": price, "quantity": 1}],
            # The payment says what it is for, whatever becomes of the session.
            "payment_intent_data": {"metadata": metadata},
            "success_url": f"{return_url}?paid=1",
            "cancel_url": return_url,
        }
        return read(SessionModel, asked(lambda: self._v1.checkout.sessions.create(params)))

    def expire_checkout(self, session_id: str) -> None:
        session = self.fetch("checkout.session", session_id)
        if isinstance(session, SessionModel) and session.status == "open":
            asked(lambda: self._v1.checkout.sessions.expire(session_id))

    def live_subscriptions(self, customer_id: str) -> Sequence[SubscriptionModel]:
        found = asked(lambda: self._v1.subscriptions.list({"customer": customer_id}))
        return [read(SubscriptionModel, one) for one in found.data]

    def preview(self, subscription: SubscriptionModel, lookup_key: str, at_s: int) -> InvoiceModel:
        details: Any = self._change(subscription, lookup_key, at_s)
        params: Any = {"subscription": subscription.id, "subscription_details": details}
        return read(InvoiceModel, asked(lambda: self._v1.invoices.create_preview(params)))

    def change_price(self, subscription: SubscriptionModel, lookup_key: str, at_s: int) -> None:
        # In one call, so that a card that is declined leaves the end of the plan as it was asked for.
        params: Any = self._change(subscription, lookup_key, at_s) | {
            "payment_behavior": "error_if_incomplete",
            "cancel_at_period_end": False,
        }
        key = f"change:{subscription.id}:{lookup_key}:{at_s}"
        once(lambda one: self._v1.subscriptions.update(subscription.id, params, {"idempotency_key": one}), key)

    def schedule_price(self, subscription: SubscriptionModel, lookup_key: str) -> None:
        (item,) = subscription.items.data
        price_id = self._price_id(lookup_key)
        made = asked(lambda: self._v1.subscription_schedules.create({"from_subscription": subscription.id}))
        later = self.price(price_id)
        interval = later.recurring.interval if later and later.recurring else "month"
        phases: Any = [
            {
                "items": [{"price": item.price.id, "quantity": 1}],
                "start_date": item.current_period_start,
                "end_date": item.current_period_end,
            },
            {"items": [{"price": price_id, "quantity": 1}], "duration": {"interval": interval, "interval_count": 1}},
        ]
        params: Any = {"phases": phases, "end_behavior": "release", "proration_behavior": "none"}
        asked(lambda: self._v1.subscription_schedules.update(made.id, params))

    def release_schedule(self, subscription: SubscriptionModel) -> None:
        if subscription.schedule:
            schedule_id = subscription.schedule
            asked(lambda: self._v1.subscription_schedules.release(schedule_id))

    def set_cancel(self, subscription_id: str, *, at_period_end: bool) -> None:
        asked(lambda: self._v1.subscriptions.update(subscription_id, {"cancel_at_period_end": at_period_end}))

    def pause(self, subscription_id: str) -> None:
        asked(lambda: self._v1.subscriptions.pause(subscription_id, {"type": "subscription"}))

    def resume(self, subscription_id: str) -> None:
        params: Any = {"payment_behavior": "resume_on_payment_success"}
        asked(lambda: self._v1.subscriptions.resume(subscription_id, params))

    def open_portal(self, customer_id: str, return_url: str) -> str:
        configuration = self._portal or self._made_portal()
        params: Any = {"customer": customer_id, "configuration": configuration, "return_url": return_url}
        return asked(lambda: self._v1.billing_portal.sessions.create(params)).url

    def price_of(self, lookup_key: str) -> PriceModel | None:
        params: Any = {"lookup_keys": [lookup_key], "active": True, "limit": 1}
        found = asked(lambda: self._v1.prices.list(params)).data
        return read(PriceModel, found[0]) if found else None

    def portal_fault(self) -> str:
        if self._portal or self._made_portal_or_none():
            return ""
        return "missing: run `optiq billing push`"

    def meter_fault(self) -> str:
        return "" if meter_of(self._v1) else "missing: run `optiq billing push`"

    def push(self, plans: Sequence[Plan]) -> Sequence[str]:
        made = []
        for plan in plans:
            if plan.prices:
                made += self._push_plan(plan)
        if self._made_portal_or_none() is None:
            configuration: Any = {"features": _PORTAL, "metadata": _MADE_BY}
            asked(lambda: self._v1.billing_portal.configurations.create(configuration))
            made.append("configuration of the customer portal")
        return made + push_meter(self._v1)

    def _push_plan(self, plan: Plan) -> list[str]:
        prices: dict[str, dict[str, Any]] = {
            plan.lookup_key(price): _amount(price.amount_micros, price.currency)
            | {"recurring": {"interval": price.interval}}
            for price in plan.prices
        }
        return self._push_product(product_id_of(plan.slug), plan.title, prices)

    def _push_product(self, product_id: str, title: str, prices: Mapping[str, dict[str, Any]]) -> list[str]:
        """Args:
        prices: by lookup key.
        """
        made = []
        if asked_or_none(lambda: self._v1.products.retrieve(product_id)) is None:
            asked(lambda: self._v1.products.create({"id": product_id, "name": title}))
            made.append(f"product {title}")
        found = asked(lambda: self._v1.prices.list({"lookup_keys": list(prices), "limit": 10}))
        known = {one.lookup_key for one in found.data}
        for key, price in prices.items():
            if key not in known:
                # A price never changes; a new one takes the key over.
                params: Any = price | {"product": product_id, "lookup_key": key, "transfer_lookup_key": True}
                asked(lambda one=params: self._v1.prices.create(one))  # type: ignore[misc]
                made.append(f"price {key}")
        return made

    def _change(self, subscription: SubscriptionModel, lookup_key: str, at_s: int) -> dict[str, Any]:
        (item,) = subscription.items.data
        items = [{"id": item.id, "price": self._price_id(lookup_key)}]
        return {"items": items, "proration_behavior": "always_invoice", "proration_date": at_s}

    def _price_id(self, lookup_key: str) -> str:
        found = self.price_of(lookup_key)
        if found is None:
            raise ConflictError(f"Stripe has no price {lookup_key}: run `optiq billing push`")
        return found.id

    def _made_portal(self) -> str:
        found = self._made_portal_or_none()
        if found is None:
            raise ConflictError("Stripe has no configuration of the portal: run `optiq billing push`")
        return found

    def _made_portal_or_none(self) -> str | None:
        found = asked(lambda: self._v1.billing_portal.configurations.list({"active": True, "limit": 100}))
        return next((one.id for one in found.data if one.to_dict()["metadata"] == _MADE_BY), None)


def _amount(micros: int, currency: str) -> dict[str, Any]:
    return {"currency": currency.lower(), "unit_amount": minor_of(micros, currency)}
