"""What is asked of Stripe, whoever answers. Every method raises UpstreamError when Stripe does not answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from optiq.billing.coupons.contracts import CouponGateway
from optiq.billing.gateways.models import (
    DisputeModel,
    EventModel,
    InvoiceModel,
    PriceModel,
    SessionModel,
    StripeObject,
    SubscriptionModel,
)
from optiq.billing.plans.contracts import Plan


class Reading(Protocol):
    def fetch(self, kind: str, object_id: str) -> StripeObject | None:
        """An object as it is now, by its kind, such as `invoice`; None for one that is not there."""
        ...

    def price(self, price_id: str) -> PriceModel | None:
        """A price, which never changes what it costs."""
        ...

    def disputes_of(self, intent_id: str) -> Sequence[DisputeModel]: ...

    def cancel_and_refund(self, subscription_id: str, source: str) -> None:
        """Ends a subscription at once, and gives its last payment back. The same source again does nothing more."""
        ...


class Listing(Protocol):
    """Stripe's lists, newest first, a page of 100 at a time; `after` is the id that the page before ended with, or "".

    Each returns the page, and whether there are more.
    """

    def subscriptions(self, after: str) -> tuple[Sequence[SubscriptionModel], bool]:
        """All, also those that ended."""
        ...

    def invoices(self, since_s: int, after: str) -> tuple[Sequence[InvoiceModel], bool]:
        """Those that were made since."""
        ...

    def undelivered(self, since_s: int, after: str) -> tuple[Sequence[EventModel], bool]:
        """Events since that our receiver has not taken."""
        ...


class Acting(Protocol):
    """Raises PaymentRequiredError for a card that is declined, ConflictError for what else Stripe refuses."""

    def create_customer(self, organization_id: str, email: str) -> str:
        """The id of the organization's customer; the same one again for the same organization."""
        ...

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
        """A page where a person pays for a subscription; the same one again for the same attempt."""
        ...

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
        """A page where a person pays once. `says`: what the payment is for, by which it is known later."""
        ...

    def expire_checkout(self, session_id: str) -> None:
        """Ends a page that was not paid; nothing for one that has ended."""
        ...

    def live_subscriptions(self, customer_id: str) -> Sequence[SubscriptionModel]: ...

    def preview(self, subscription: SubscriptionModel, lookup_key: str, at_s: int) -> InvoiceModel:
        """The invoice that changing the price would make, prorated from an instant."""
        ...

    def change_price(self, subscription: SubscriptionModel, lookup_key: str, at_s: int) -> None:
        """Changes the price, charges the difference, and takes an end with the period back; without payment nothing
        changes."""
        ...

    def schedule_price(self, subscription: SubscriptionModel, lookup_key: str) -> None:
        """Changes the price at the end of the period. The subscription has no schedule."""
        ...

    def release_schedule(self, subscription: SubscriptionModel) -> None:
        """Takes back what was scheduled, if anything was."""
        ...

    def set_cancel(self, subscription_id: str, *, at_period_end: bool) -> None: ...

    def pause(self, subscription_id: str) -> None: ...

    def resume(self, subscription_id: str) -> None:
        """Takes a payment, and begins a period."""
        ...

    def open_portal(self, customer_id: str, return_url: str) -> str:
        """The address of the customer portal, good once."""
        ...

    def price_of(self, lookup_key: str) -> PriceModel | None:
        """The active price of a key; None where there is none."""
        ...

    def portal_fault(self) -> str:
        """What is wrong with the customer portal's configuration, or ""."""
        ...

    def meter_fault(self) -> str:
        """What is wrong with the meter of events, or ""."""
        ...

    def push(self, plans: Sequence[Plan]) -> Sequence[str]:
        """Makes the products and prices that are missing, and the portal's configuration; says what it made."""
        ...


class Metering(Protocol):
    """Usage as Stripe has it. Raises ConflictError for what Stripe refuses."""

    def report_hour(self, customer_id: str, identifier: str, value: int, at_s: int) -> None:
        """Says how many events an hour has, in place of what was said of it before.

        Args:
            identifier: names this saying: the same one again does nothing more. at_s: a second within the hour.
        """
        ...

    def hours_of(self, customer_id: str, from_s: int, until_s: int) -> Mapping[int, int]:
        """How many events each hour has, by the second at which it begins. Both bounds are whole hours."""
        ...

    def hold_draft(self, invoice_id: str) -> bool:
        """Keeps a draft a draft until it is finalized by `finalize`; False for one that is none any more."""
        ...

    def make_draft(self, customer_id: str, currency: str, source: str) -> str:
        """The id of an empty invoice; the same one again for the same source."""
        ...

    def add_events(self, invoice_id: str, customer_id: str, currency: str, line: "EventsLine") -> None:
        """Adds a line to a draft, once for its source."""
        ...

    def finalize(self, invoice_id: str) -> None:
        """Makes a draft final, and charges it; nothing for one that is no draft."""
        ...


@dataclass(frozen=True, slots=True)
class EventsLine:
    """A line for events beyond a limit.

    Attributes:
        per_event: micros as a decimal text. amount_micros: what the line must come to.
        from_s, until_s: the time that it is for.
    """

    source: str
    description: str
    events: int
    per_event: str
    amount_micros: int
    from_s: int
    until_s: int


class Stripe(Reading, Acting, Protocol):
    """All that is asked of Stripe."""

    @property
    def lists(self) -> Listing: ...

    @property
    def coupons(self) -> CouponGateway: ...
