"""What travels on the stream. Each message is one JSON object with a `type`, by which consumers filter.

The dialects of collection (tracker, pixel, Segment) end in `EventAccepted`; after it nobody knows where an
event came from. Schemas under `events/schemas/` are generated from these models.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Correction = Literal["UPDATE", "CANCEL", "REFUND"]
"""What an event changes of an order that was made before."""
UPDATED = "Order Updated"
REFUNDED = "Order Refunded"
CORRECTIONS: Mapping[str, Correction] = {
    UPDATED: "UPDATE",
    "Order Cancelled": "CANCEL",
    "Order Canceled": "CANCEL",
    REFUNDED: "REFUND",
    "refund": "REFUND",
}
"""By the names of Segment (segment.com/docs/connections/spec/ecommerce) and Google Analytics 4."""


@lru_cache(maxsize=1024)
def correction_of(name: str) -> Correction | None:
    """What an event of this name corrects of an order; a name is read in any case, with any of ` _-` between words."""
    return _FOLDED.get(_folded(name))


def _folded(name: str) -> str:
    return name.translate(_WITHOUT_SEPARATORS).lower()


SEPARATORS = " _-"
"""May stand between the words of a name, or not."""
_WITHOUT_SEPARATORS = str.maketrans("", "", SEPARATORS)
_FOLDED = {_folded(name): correction for name, correction in CORRECTIONS.items()}
FOLDED_CORRECTIONS = tuple(_FOLDED)
"""The names of CORRECTIONS in small letters and without SEPARATORS."""


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Campaign(_Message):
    """The utm_* values of a visit, as sent."""

    source: str = ""
    medium: str = ""
    name: str = ""
    term: str = ""
    content: str = ""


IdentityType = Literal["user_id", "custom", "email", "phone", "ga_cid", "anonymous_id", "passing_id"]
"""`passing_id` is whoever sends no id: a network and a browser, for a day."""


class Identity(_Message):
    """A keyed hash of one identifier of a person."""

    type: IdentityType
    hash: str


class Product(_Message):
    """One line of an order: the sender's number of the product, the price of one, and how many."""

    product_id: str
    price_micros: int | None = None
    quantity: int = 1


OF_API = "api:"
"""Begins the ids of events that Optiq's API makes. No sender's id is kept with this beginning."""
ERASED_EVENT = "erased:"
"""Begins the ids of events that are nobody's any more (journeys/erased_ids.py)."""
OF_CONVERSION = "conversion:"
"""Begins the numbers of conversions without an order. No sender's number is read with this beginning."""


class EventAccepted(_Message):
    """One event a site sent, normalised.

    Attributes:
        event_id: names the event within its site; the same id again is the same event.
        own_id: the id carries its visitor's id (our tracker makes such ids) or follows from the event's content, its
            visitor included; so nobody else can have used it.
        from_server: a secret key came with it, so no visitor can have made it up.
        opted_out: the browser sent Do Not Track or Global Privacy Control.
        ads: what the visitor says of advertising (kernel/ad_consent.py), or "".
        token_id: the ingestion token it came by, or "" for a public key.
        replay_of: the failed event it is a replay of, or "".
        position: its place among the events of its request, from 0; it orders events of one instant.
        receipt: names this delivery. The same event delivered twice has two receipts; a replay has the same.
        digest: of all that the sender sent of the event, except the sending time.
        identities: all identifiers the sender named, the strongest first; never none.
        session_hint: the sender's own session id, or ""; a change of it starts a session.
        occurred_ms: when it happened, on our clock. received_ms: when we got it.
        clock_corrected: the sender's time was unusable and our own was taken.
        country, city: where the visitor was, as far as that is known: two letters of ISO 3166-1, an English name.
        value_micros: the value in `currency`, or None when the event carries none.
        order_id: the sender's number of the order it is about, or ""; every report of one order has the same.
        products: the lines of that order that the sender listed.
        refund_id: the sender's own id of a refund, or "": the same one again is the same refund.
        warnings: what could not be read and was dropped or shortened, and what was replaced because it is personal, a
            sentence each.
        properties: what else was sent, as JSON text.
    """

    type: Literal["EventAccepted"] = "EventAccepted"
    organization_id: str
    site_id: str
    event_id: str
    own_id: bool = False
    from_server: bool = False
    opted_out: bool = False
    ads: str = ""
    token_id: str = ""
    replay_of: str = ""
    position: int = 0
    receipt: str
    digest: str
    kind: Literal["PAGE", "TRACK", "IDENTIFY"]
    name: str
    identities: tuple[Identity, ...]
    session_hint: str = ""
    occurred_ms: int
    received_ms: int
    clock_corrected: bool = False
    url: str = ""
    referrer: str = ""
    title: str = ""
    campaign: Campaign | None = None
    user_agent: str = ""
    country: str = ""
    city: str = ""
    value_micros: int | None = None
    currency: str = ""
    order_id: str = ""
    products: tuple[Product, ...] = ()
    refund_id: str = ""
    warnings: tuple[str, ...] = ()
    properties: str = "{}"


class EventRejected(_Message):
    """Something that reached us and could not be accepted.

    `organization_id` and `site_id` are empty when it named no site we know. `body` is the received bytes,
    base64, without personal data and keys. `source` is the route it came by, `token_id` the ingestion token, if
    one. `refused` says that its sender was, whatever the body. `not_kept` is how many more could not be accepted
    before it, of the same site or of none, of which nothing is kept.
    """

    type: Literal["EventRejected"] = "EventRejected"
    organization_id: str = ""
    site_id: str = ""
    token_id: str = ""
    receipt: str
    received_ms: int
    source: str
    user_agent: str = ""
    refused: bool = False
    reason: str
    not_kept: int = 0
    body: str


class MatchKeysTaken(_Message):
    """What advertising platforms recognise a buyer by, on its way to where it is kept. It comes before its event.

    Attributes:
        subject: the keyed hash of the visitor's device, else of the person.
        goal: the event is a conversion. contact: it names the person, so other conversions of theirs may use it.
        order_id: the number of the event's order, or "".
        digest: tells whether two have the same keys, and nothing else of them.
        sealed: the keys (optiq.collect.match_keys), for the organization, site and event: base64.
    """

    type: Literal["MatchKeysTaken"] = "MatchKeysTaken"
    organization_id: str
    site_id: str
    event_id: str
    subject: str
    goal: bool = False
    contact: bool = False
    order_id: str = ""
    opted_out: bool = False
    received_ms: int
    digest: str
    sealed: str


class ConversionRecorded(_Message):
    """A conversion stands, stands no more, or the touches before it changed."""

    type: Literal["ConversionRecorded"] = "ConversionRecorded"
    organization_id: str
    site_id: str
    customer_id: str
    conversion_id: str


class UsageMark(_Message):
    """Stands on a shard behind all events of a month that is closed: whoever reads it has counted those."""

    type: Literal["UsageMark"] = "UsageMark"
    organization_id: str
    month_ms: int


Content = EventAccepted | EventRejected | MatchKeysTaken | ConversionRecorded | UsageMark
Message = Annotated[Content, Field(discriminator="type")]

_adapter: TypeAdapter[Message] = TypeAdapter(Message)


def encode(message: Content) -> bytes:
    """As JSON without the fields that have their defaults: that is two fifths less on the stream."""
    fields = message.model_dump_json(exclude_defaults=True)
    return f'{{"type":"{message.type}",{fields[1:]}'.encode()


def decode(data: bytes) -> Content:
    """Raises pydantic.ValidationError for anything else."""
    return _adapter.validate_json(data)
