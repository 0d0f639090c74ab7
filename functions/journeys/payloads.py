"""What the journeys routes answer, and how it is made of the context's contracts."""

from collections.abc import Mapping

from optiq.journeys.contracts import (
    Customer,
    CustomerSummary,
    IdentityLink,
    Journey,
    JourneyStatus,
    JourneySummary,
    TimelineEvent,
)
from optiq.kernel.clock import to_rfc3339, to_rfc3339_or_none
from optiq.kernel.paging import Page
from pydantic import BaseModel, Field

LIMITS: Mapping[str, str] = {
    "MANY_IDENTIFIERS": "More than 500 identifiers were linked: a kiosk, a call centre or a shared test login. "
    "From then on each identifier is a customer of its own.",
    "LONG_HISTORY": "The history is long: only the latest 5,000 events or so of each identifier are shown.",
    "CROWDED_DAY": "On some UTC days there are more events than a person makes: over 1,000, or a whole day without a "
    "pause of 30 minutes. No visits are made of these days.",
}
"""What each limit of a customer means (optiq/journeys/contracts.py)."""


class CustomerInList(BaseModel):
    customer_id: str
    first_seen_at: str
    last_seen_at: str
    touches: int
    conversions: int


class CustomersDocument(BaseModel):
    """`cursor` asks for the next page and is null at the end."""

    items: list[CustomerInList]
    cursor: str | None

    @classmethod
    def of(cls, page: Page[CustomerSummary]) -> "CustomersDocument":
        items = [
            CustomerInList(
                customer_id=item.customer_id,
                first_seen_at=to_rfc3339(item.first_seen_ms),
                last_seen_at=to_rfc3339(item.last_seen_ms),
                touches=item.touches,
                conversions=item.conversions,
            )
            for item in page.items
        ]
        return cls(items=items, cursor=page.cursor)


class IdentityDocument(BaseModel):
    customer_id: str
    type: str


class LinkDocument(BaseModel):
    """That two identifiers are one person's. `counts` is false for a cut link, and for a device's later users."""

    customer_id: str
    type: str
    other_customer_id: str
    other_type: str
    confidence: float
    source: str
    since: str
    cut: bool
    counts: bool

    @classmethod
    def of(cls, link: IdentityLink) -> "LinkDocument":
        return cls(
            customer_id=link.customer_id,
            type=link.identity_type,
            other_customer_id=link.other_customer_id,
            other_type=link.other_type,
            confidence=link.confidence,
            source=link.source,
            since=to_rfc3339(link.since_ms),
            cut=link.cut,
            counts=link.counts,
        )


class TouchInTimeline(BaseModel):
    touch_id: str
    channel: str
    source: str
    medium: str
    campaign: str


class ConversionInTimeline(BaseModel):
    conversion_id: str
    value_micros: int
    currency: str


class TimelineEntry(BaseModel):
    """An event, with the touch it opened and the conversion it is, if any."""

    occurred_at: str
    event_id: str
    name: str
    url: str
    touch: TouchInTimeline | None
    conversion: ConversionInTimeline | None

    @classmethod
    def of(cls, event: TimelineEvent) -> "TimelineEntry":
        touch, conversion = event.touch, event.conversion
        return cls(
            occurred_at=to_rfc3339(event.occurred_ms),
            event_id=event.event_id,
            name=event.name,
            url=event.url,
            touch=touch and TouchInTimeline.model_validate(touch, from_attributes=True),
            conversion=conversion and ConversionInTimeline.model_validate(conversion, from_attributes=True),
        )


class JourneyOfCustomer(BaseModel):
    status: JourneyStatus
    started_at: str
    last_activity_at: str
    conversion_id: str
    touches: int
    events: int
    value_micros: int

    @classmethod
    def of(cls, journey: Journey) -> "JourneyOfCustomer":
        return cls(
            status=journey.status,
            started_at=to_rfc3339(journey.started_ms),
            last_activity_at=to_rfc3339(journey.last_activity_ms),
            conversion_id=journey.conversion_id,
            touches=journey.touches,
            events=journey.events,
            value_micros=journey.value_micros,
        )


class LimitDetail(BaseModel):
    """A limit that the customer reached, and what follows from it."""

    limit: str = Field(examples=[*LIMITS])
    because: str


class CustomerDocument(BaseModel):
    """A person: every identifier known to be theirs, how we know, and all they did, oldest first.

    `limits` are those they reached; none for nearly everybody.
    """

    customer_id: str
    identities: list[IdentityDocument]
    links: list[LinkDocument]
    journeys: list[JourneyOfCustomer]
    timeline: list[TimelineEntry]
    limits: list[LimitDetail]

    @classmethod
    def of(cls, customer: Customer) -> "CustomerDocument":
        return cls(
            customer_id=customer.customer_id,
            identities=[IdentityDocument(customer_id=c, type=kind) for c, kind in customer.identities],
            links=[LinkDocument.of(link) for link in customer.links],
            journeys=[JourneyOfCustomer.of(journey) for journey in customer.journeys],
            timeline=[TimelineEntry.of(event) for event in customer.timeline],
            limits=[LimitDetail(limit=limit, because=LIMITS.get(limit, "")) for limit in customer.limits],
        )


class JourneyInList(BaseModel):
    """The conversion's fields are empty without one.

    `abandonment_recorded_at` is when a sweep recorded that it is abandoned: null before, and when it moved on.
    """

    customer_id: str
    status: JourneyStatus
    started_at: str
    last_activity_at: str
    touches: int
    first_channel: str
    last_channel: str
    conversion_id: str
    value_micros: int
    currency: str
    abandonment_recorded_at: str | None


class JourneysDocument(BaseModel):
    """`cursor` asks for the next page and is null at the end."""

    items: list[JourneyInList]
    cursor: str | None

    @classmethod
    def of(cls, page: Page[JourneySummary]) -> "JourneysDocument":
        items = [
            JourneyInList(
                customer_id=item.customer_id,
                status=item.status,
                started_at=to_rfc3339(item.started_ms),
                last_activity_at=to_rfc3339(item.last_activity_ms),
                touches=item.touches,
                first_channel=item.first_channel,
                last_channel=item.last_channel,
                conversion_id=item.conversion_id,
                value_micros=item.value_micros,
                currency=item.currency,
                abandonment_recorded_at=to_rfc3339_or_none(item.recorded_ms),
            )
            for item in page.items
        ]
        return cls(items=items, cursor=page.cursor)
