"""What journeys tells other contexts about customers' touches and conversions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from optiq.kernel.events import EventAccepted, EventRejected, IdentityType

DIRECT = "Direct"

TouchType = Literal["LANDING", "AD_CLICK", "EMAIL_CLICK", "OFFLINE"]

Grade = Literal["DETERMINISTIC", "PROBABILISTIC", "CONSENT_LIMITED"]
"""How sure it is whose an event is: the customer's by identifiers that cannot be another's; by a link of less than full
confidence; or of somebody who was known for a day only, so that what came before may be missing."""
CERTAIN: Grade = "DETERMINISTIC"

JourneyStatus = Literal["IN_PROGRESS", "CONVERTED", "ABANDONED"]


@dataclass(frozen=True, slots=True)
class Touch:
    """One marketing contact.

    Attributes:
        session_id: the session it opened; "" for an offline one, which opens none.
        touch_type: AD_CLICK when an advertiser's click id came with it, EMAIL_CLICK when the link says that it stood in
            an e-mail, OFFLINE when a server told of it, else LANDING.
        click_ids: parameter and value of each click id, in the order of the address.
        landing_page: path of the page it led to, or "".
        referrer_domain: host it came from, or "".
        tagged: its link's utm_* values told source and medium.
    """

    touch_id: str
    session_id: str
    occurred_ms: int
    touch_type: str
    channel: str
    source: str
    medium: str
    campaign: str
    term: str
    content: str
    click_ids: tuple[tuple[str, str], ...]
    landing_page: str
    referrer_domain: str
    tagged: bool = False
    evidence: Grade = CERTAIN


@dataclass(frozen=True, slots=True)
class Conversion:
    """An event the site counts as a goal, or an order, however many events report it.

    Attributes:
        event_id, name, occurred_ms: of the first report.
        value_micros: after refunds and changes; 0 when no report carried a value. gross_micros: before them.
        revision: grows with every change.
        order_id: the number of the order, or "".
        arrived_ms: when its first report reached us.
        verified: a server reported it.
        part_of: the conversion it is a later report of; itself where the site leaves out what is not verified; "" for
            one that stands.
    """

    organization_id: str
    site_id: str
    customer_id: str
    conversion_id: str
    event_id: str
    name: str
    occurred_ms: int
    value_micros: int
    currency: str
    revision: int
    order_id: str = ""
    gross_micros: int = 0
    arrived_ms: int = 0
    evidence: Grade = CERTAIN
    verified: bool = False
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class ConversionRef:
    """Where to find a conversion and its path."""

    organization_id: str
    site_id: str
    customer_id: str
    conversion_id: str


@dataclass(frozen=True, slots=True)
class ConversionPath:
    """A conversion and all touches of its customer, oldest first; which of them count is attribution's to say.

    `late` names the touches we learned of only after the conversion, where somebody asks for one conversion.
    `conversions` has name and instant of each of the customer's conversions. Paths of one customer share both tuples.
    """

    conversion: Conversion
    touches: tuple[Touch, ...]
    late: frozenset[str] = frozenset()
    conversions: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CreditKept:
    """Returns from a payment or sign-in page (or another excluded referrer) that took no credit.

    `returns` counts page views, `sessions` the sessions they fell in.
    """

    referrer: str
    returns: int
    sessions: int


@dataclass(frozen=True, slots=True)
class CreditGuard:
    """What the guard against credit thieves kept, most first: of all days, and of each day that has any, in order."""

    rows: tuple[CreditKept, ...]
    days: tuple[tuple[str, tuple[CreditKept, ...]], ...]


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """Touches that stand in one channel and would stand in another; `share` is theirs of all touches, 0 to 1."""

    old_channel: str
    new_channel: str
    touches: int
    share: float


@dataclass(frozen=True, slots=True)
class DryRun:
    """What channel rules would change of the touches of some days: only what changes, the most touches first."""

    from_day: str
    to_day: str
    touches: int
    changes: tuple[ChannelChange, ...]


@dataclass(frozen=True, slots=True)
class DimensionValue:
    """A value of touches' and when it was first and last seen. `category` is a referrer's, and "" elsewhere."""

    value: str
    first_seen_ms: int
    last_seen_ms: int
    touches: int
    category: str


@dataclass(frozen=True, slots=True)
class StreamMessage:
    """A message with its place in the stream."""

    shard: str
    sequence: int
    content: EventAccepted | EventRejected


@dataclass(frozen=True, slots=True)
class Journey:
    """The way from the first contact to a conversion, or to now."""

    status: JourneyStatus
    started_ms: int
    last_activity_ms: int
    conversion_id: str
    touches: int
    events: int
    value_micros: int


@dataclass(frozen=True, slots=True)
class IdentityLink:
    """That two identifiers are one person's, by the earliest event that named both.

    Attributes:
        confidence: from 0 to 1. source: `login`, `sdk` or `order`.
        counts: whether it joins the two now; a device counts for its first person only, and a cut link for nobody.
    """

    customer_id: str
    identity_type: IdentityType
    other_customer_id: str
    other_type: IdentityType
    confidence: float
    source: str
    since_ms: int
    cut: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class OrderReport:
    """An event that reports a conversion, or corrects it.

    `refusal` says why a correction changes nothing (orders.py), or is "".
    """

    event_id: str
    name: str
    occurred_ms: int
    value_micros: int | None
    currency: str
    from_server: bool
    refusal: str


@dataclass(frozen=True, slots=True)
class WaitingCorrection:
    """A refund or change of an order that nothing has reported yet."""

    order_id: str
    report: OrderReport


@dataclass(frozen=True, slots=True)
class WaitingCorrections:
    """Corrections that wait, the oldest first, and where the next page starts (None at the end)."""

    items: tuple[WaitingCorrection, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class PassedVisit:
    """A visit, or a return within one, that made no touch: a bot's, or from a payment or sign-in page (`referrer`).

    OVER_LIMIT stands for a whole UTC day that has more events than a person makes.
    """

    reason: Literal["BOT", "EXCLUDED_REFERRER", "OVER_LIMIT"]
    session_id: str
    started_ms: int
    landing_page: str
    referrer: str


@dataclass(frozen=True, slots=True)
class Background:
    """What stands behind a person's touches.

    Attributes:
        links: those that make their customers one person.
        seen_as: by touch, the customer (the identifier) it was seen of.
        passed: oldest first. reports, corrections: of the conversion, oldest first.
        limits: those that the order reached: MANY_REPORTS (more events name its number than are kept).
    """

    links: tuple[IdentityLink, ...]
    seen_as: Mapping[str, str]
    passed: tuple[PassedVisit, ...]
    reports: tuple[OrderReport, ...] = ()
    corrections: tuple[OrderReport, ...] = ()
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One event of a customer, with the touch it opened and the conversion it is, if any."""

    occurred_ms: int
    event_id: str
    name: str
    url: str
    touch: Touch | None
    conversion: Conversion | None


@dataclass(frozen=True, slots=True)
class Customer:
    """A person as we know them; every list oldest first.

    Attributes:
        customer_id: the identifier that names them now.
        limits: which limits they reached: MANY_IDENTIFIERS (none of their links counts any more), LONG_HISTORY (only
            the latest events are shown), CROWDED_DAY (a day has too many events for visits).
    """

    customer_id: str
    identities: tuple[tuple[str, IdentityType], ...]
    links: tuple[IdentityLink, ...]
    timeline: tuple[TimelineEvent, ...]
    journeys: tuple[Journey, ...]
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerSummary:
    """A customer in a list: first and last touch or conversion, and how many of each."""

    customer_id: str
    first_seen_ms: int
    last_seen_ms: int
    touches: int
    conversions: int


@dataclass(frozen=True, slots=True)
class JourneySummary:
    """A journey in a list; the conversion's fields are empty without one.

    `recorded_ms` is when a sweep recorded that it is abandoned; None before that, and when it moved on.
    """

    customer_id: str
    status: JourneyStatus
    started_ms: int
    last_activity_ms: int
    touches: int
    first_channel: str
    last_channel: str
    conversion_id: str
    value_micros: int
    currency: str
    recorded_ms: int | None


@dataclass(frozen=True, slots=True)
class JourneySweep:
    """How many journeys a sweep recorded as abandoned (or as changed since), and how many it took back."""

    recorded: int
    taken_back: int
