"""Customers and their journeys as the API writes them."""

from typing import Annotated, Any

from optiq.journeys.contracts import LinkSource
from optiq.journeys.customer_contracts import CUSTOMER_LIMITS, CustomerLimit, JourneyStatus
from optiq.kernel.events import IdentityType
from optiq.kernel.schemas import In, Instant, Micros, Out, PageOut
from pydantic import BeforeValidator, Field


class CustomerSummaryOut(Out):
    """First and last touch or conversion of a customer, and how many of each."""

    customer_id: str
    first_seen_at: Instant
    last_seen_at: Instant
    touches: int
    conversions: int


class CustomersOut(PageOut[CustomerSummaryOut]):
    """The customer active last comes first."""


class IdentityOut(Out):
    customer_id: str
    type: IdentityType


class IdentityLinkOut(Out):
    """That two identifiers are one person's. `counts` is false for a cut link, and for a device's later users."""

    customer_id: str
    type: IdentityType
    other_customer_id: str
    other_type: IdentityType
    confidence: float = Field(description="how sure that is, from 0 to 1")
    source: LinkSource = Field(description="the event that named both: a login, another event, or an order")
    since: Instant
    cut: bool
    counts: bool


class TimelineTouchOut(Out):
    touch_id: str
    channel: str
    source: str
    medium: str
    campaign: str


class TimelineConversionOut(Out):
    conversion_id: str
    value_micros: Micros
    currency: str


class TimelineEventOut(Out):
    """An event, with the touch it opened and the conversion it is, if any."""

    occurred_at: Instant
    event_id: str
    name: str
    url: str
    touch: TimelineTouchOut | None
    conversion: TimelineConversionOut | None


class JourneyOut(Out):
    status: JourneyStatus
    started_at: Instant
    last_activity_at: Instant
    conversion_id: str
    touches: int
    events: int
    value_micros: Micros


class CustomerLimitOut(Out):
    """A limit that the customer reached, and what follows from it."""

    limit: CustomerLimit
    because: str


def _explained(limit: Any) -> Any:
    return {"limit": limit, "because": CUSTOMER_LIMITS[limit]} if isinstance(limit, str) else limit


class CustomerOut(Out):
    """A person: every identifier known to be theirs, how we know, and all they did, oldest first.

    `limits` are those they reached; none for nearly everybody.
    """

    customer_id: str
    identities: list[IdentityOut]
    links: list[IdentityLinkOut]
    journeys: list[JourneyOut]
    timeline: list[TimelineEventOut]
    limits: list[Annotated[CustomerLimitOut, BeforeValidator(_explained)]]


class PersonIn(In):
    """What is known of a person. It is hashed and not kept."""

    identifier: str = Field(
        min_length=1,
        max_length=200,
        description="a user id, e-mail address, phone number with its country, `kind:id`, or the id of a browser",
        examples=["anna@example.com"],
    )


class LinkCutIn(In):
    """The two ends of a link, as the customer's `links` name it."""

    customer_id: str
    other_customer_id: str


class JourneySummaryOut(Out):
    """The conversion's fields are empty without one.

    `abandonment_recorded_at` is when a sweep recorded that it is abandoned: null before, and when it moved on.
    """

    customer_id: str
    status: JourneyStatus
    started_at: Instant
    last_activity_at: Instant
    touches: int
    first_channel: str
    last_channel: str
    conversion_id: str
    value_micros: Micros
    currency: str
    abandonment_recorded_at: Instant | None


class JourneysOut(PageOut[JourneySummaryOut]):
    """The journey that moved last comes first."""
