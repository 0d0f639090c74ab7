"""Brings what is kept here to what Stripe has now.

The version of what is kept is read first, then Stripe is asked, then it is written if the version is still the same.
What was asked after reading a version is at least as new as that, so no clock is compared and nothing older can win.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, cast

from optiq.billing.gateways.contract import Reading
from optiq.billing.gateways.models import (
    ChargeModel,
    CreditNoteModel,
    CustomerModel,
    DisputeModel,
    InvoiceModel,
    OneInvoicePayment,
    PaymentIntentModel,
    PaymentMethodModel,
    RefundModel,
    ScheduleModel,
    SessionModel,
    StripeObject,
    SubscriptionModel,
)
from optiq.billing.mirror import effects, mapping
from optiq.billing.mirror.contracts import ENDED, Customer, Invoice, Payment, PaymentMethod, Subscription
from optiq.billing.mirror.port import E, Shelf
from optiq.billing.plans.catalogue import CATALOGUE
from optiq.billing.plans.contracts import Plan
from optiq.kernel.errors import ConflictError, UpstreamError, VersionError

Outcome = Literal["MIRRORED", "PARKED", "GONE", "FAULTY"]
_TRIES = 5
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mirror:
    """Attributes:
    perform: makes an effect happen, once for its source.
    """

    gateway: Reading
    shelf: Shelf
    perform: Callable[[effects.Effect], None]

    def mirror_or_note(self, kind: str, object_id: str) -> Outcome:
        """As `mirror`; an object that cannot be read here is noted for staff, and holds no other up.

        Raises:
            UpstreamError, VersionError: Stripe or the table does not answer, or somebody else wrote the same; the same
                may succeed later.
        """
        try:
            outcome = self.mirror(kind, object_id)
        except VersionError:
            raise
        except (ValueError, KeyError, ConflictError) as error:
            _LOG.exception("%s %s cannot be mirrored", kind, object_id)
            self.shelf.note_fault(kind, object_id, self.shelf.owner_of(object_id), f"it cannot be read: {error}"[:500])
            return "FAULTY"
        if outcome != "FAULTY":
            self.shelf.clear_fault(kind, object_id)
        return outcome

    def mirror(self, kind: str, object_id: str) -> Outcome:
        """Mirrors an object, or what it is a part of, and makes happen what follows.

        Raises:
            UpstreamError: Stripe or the table does not answer; the same may succeed later.
            ValueError, KeyError, ConflictError: the object is not as it can be.
        """
        if kind in self._own_kinds:
            return self._own_kinds[kind](object_id)
        found = self.gateway.fetch(kind, object_id)
        for whole_kind, whole_id in _whole_of(found):
            return self.mirror(whole_kind, whole_id)
        return "GONE"

    @cached_property
    def _own_kinds(self) -> dict[str, Callable[[str], Outcome]]:
        return {
            "subscription": self._subscription,
            "invoice": self._invoice,
            "payment_intent": self._payment,
            "payment_method": self._method,
            "customer": self._customer,
        }

    def _subscription(self, object_id: str) -> Outcome:
        def build(organization_id: str, found: StripeObject) -> Subscription:
            model = cast(SubscriptionModel, found)
            schedule = self.gateway.fetch("subscription_schedule", model.schedule) if model.schedule else None
            known = schedule if isinstance(schedule, ScheduleModel) else None
            before = self.shelf.read(Subscription, organization_id, object_id)
            return mapping.subscription_from(organization_id, model, known, self.gateway.price, before)

        written = self._bring(Subscription, "subscription", object_id, build)
        if not isinstance(written, Subscription):
            return written
        all_of_them = self.shelf.subscriptions_of(written.organization_id)
        counting = counting_of(all_of_them)
        of_it = effects.of_subscription(written) if counting and counting.subscription_id == object_id else []
        self._perform(effects.of_subscriptions(all_of_them) + of_it)
        if written.fault and written.status not in ENDED:
            self.shelf.note_fault("subscription", object_id, written.organization_id, written.fault)
            return "FAULTY"
        return "MIRRORED"

    def _invoice(self, object_id: str) -> Outcome:
        def build(organization_id: str, found: StripeObject) -> Invoice:
            return mapping.invoice_from(organization_id, cast(InvoiceModel, found), self.plan_of)

        written = self._bring(Invoice, "invoice", object_id, build)
        if not isinstance(written, Invoice):
            return written
        if written.subscription_id:
            self.mirror("subscription", written.subscription_id)
        for payment_id in written.payment_ids:
            self.mirror("payment_intent", payment_id)
        organization_id, subscription_id = written.organization_id, written.subscription_id
        subscription = self.shelf.read(Subscription, organization_id, subscription_id) if subscription_id else None
        anchor_ms = subscription.anchor_ms if subscription else None
        self._perform(effects.of_invoice(written, anchor_ms, CATALOGUE))
        return "MIRRORED"

    def _payment(self, object_id: str) -> Outcome:
        def build(organization_id: str, found: StripeObject) -> Payment:
            model = cast(PaymentIntentModel, found)
            charge = model.latest_charge
            disputes = self.gateway.disputes_of(model.id) if charge and charge.disputed else ()
            method = self.gateway.fetch("payment_method", model.payment_method) if model.payment_method else None
            known = method if isinstance(method, PaymentMethodModel) else None
            return mapping.payment_from(organization_id, model, disputes, known)

        written = self._bring(Payment, "payment_intent", object_id, build)
        if not isinstance(written, Payment):
            return written
        self._perform(effects.of_payment(written))
        return "MIRRORED"

    def _method(self, object_id: str) -> Outcome:
        def build(organization_id: str, found: StripeObject) -> PaymentMethod:
            model = cast(PaymentMethodModel, found)
            plain = model.card.fingerprint if model.card else None
            return mapping.method_from(organization_id, model, self.shelf.fingerprint(plain) if plain else "")

        written = self._bring(PaymentMethod, "payment_method", object_id, build)
        return "MIRRORED" if isinstance(written, PaymentMethod) else written

    def _customer(self, object_id: str) -> Outcome:
        def build(organization_id: str, found: StripeObject) -> Customer:
            return mapping.customer_from(organization_id, cast(CustomerModel, found))

        written = self._bring(Customer, "customer", object_id, build)
        return "MIRRORED" if isinstance(written, Customer) else written

    def _bring(
        self, kind: type[E], stripe_kind: str, object_id: str, build: Callable[[str, StripeObject], E]
    ) -> E | Literal["PARKED", "GONE"]:
        organization_id = self.shelf.owner_of(object_id) or self._owner(stripe_kind, object_id)
        if organization_id in ("PARKED", "GONE"):
            return cast(Literal["PARKED", "GONE"], organization_id)
        for _ in range(_TRIES):
            before = self.shelf.read(kind, organization_id, object_id)
            found = self.gateway.fetch(stripe_kind, object_id)
            if found is None:
                return "GONE"
            version = before.version if before else 0
            after = replace(build(organization_id, found), version=version)
            if after == before:
                return after
            if self.shelf.write(replace(after, version=version + 1), version):
                return after
        raise UpstreamError("an object of Stripe changes all the time", retryable=True)

    def _owner(self, stripe_kind: str, object_id: str) -> str:
        """The organization of an object that was not seen before; PARKED where it is not known, GONE without object."""
        found = self.gateway.fetch(stripe_kind, object_id)
        customer_id = object_id if stripe_kind == "customer" else getattr(found, "customer", None)
        if found is None or not customer_id:
            return "GONE"
        organization_id = self.shelf.owner_of(customer_id) or self._linked(customer_id)
        if not organization_id:
            self.shelf.park(customer_id, stripe_kind, object_id)
            return "PARKED"
        self.shelf.own(organization_id, object_id)
        return organization_id

    def _linked(self, customer_id: str) -> str:
        """The organization that a customer names, from now on its own; "" for none."""
        customer = self.gateway.fetch("customer", customer_id)
        named = customer.metadata.get("org", "") if isinstance(customer, CustomerModel) else ""
        if not named or not self.shelf.link_customer(named, customer_id):
            return ""
        for kind, object_id in self.shelf.take_parked(customer_id):
            self.mirror(kind, object_id)
        return named

    def plan_of(self, price_id: str) -> Plan | None:
        """The plan version of a price."""
        return mapping.plan_of(self.gateway.price(price_id))

    def _perform(self, found: Sequence[effects.Effect]) -> None:
        for effect in found:
            self.perform(effect)


def _whole_of(found: StripeObject | None) -> list[tuple[str, str]]:
    """What an object is a part of, by kind and id; none for one that is gone."""
    match found:
        case ScheduleModel():
            named = ("subscription", found.subscription or found.released_subscription)
        case CreditNoteModel() | OneInvoicePayment():
            named = ("invoice", found.invoice)
        case ChargeModel() | RefundModel() | DisputeModel():
            named = ("payment_intent", found.payment_intent)
        case SessionModel() if found.status == "complete" and found.payment_status != "unpaid":
            named = (
                ("subscription", found.subscription) if found.subscription else ("payment_intent", found.payment_intent)
            )
        case _:
            return []
    return [(named[0], named[1])] if named[1] else []


def counting_of(subscriptions: Sequence[Subscription]) -> Subscription | None:
    """The subscription that counts for an organization: the oldest that lives, else the one that ended last.

    One whose first payment is not made counts only beside none that was paid.
    """
    living = [one for one in subscriptions if one.status not in ENDED]
    if living:
        return min(living, key=lambda one: (one.status == "INCOMPLETE", one.created_ms, one.subscription_id))
    return max(subscriptions, key=lambda one: (one.ended_ms or 0, one.created_ms), default=None)
