"""What journeys tells other contexts about customers' touches and conversions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from optiq.journeys.links import LinkSource as LinkSource
from optiq.journeys.order_contracts import OrderLimit, OrderReport
from optiq.kernel.events import EventAccepted, EventRejected, IdentityType
from optiq.kernel.left_out import because

DIRECT = "Direct"
NOT_SET = "(not set)"
"""What a touch has for a campaign, source or medium that its address does not name."""

TouchType = Literal["LANDING", "AD_CLICK", "EMAIL_CLICK", "OFFLINE"]

Grade = Literal["DETERMINISTIC", "PROBABILISTIC", "CONSENT_LIMITED"]
"""How sure it is whose an event is: the customer's by identifiers that cannot be another's; by a link of less than full
confidence; or of somebody who was known for a day only, so that what came before may be missing."""
CERTAIN: Grade = "DETERMINISTIC"


@dataclass(frozen=True, slots=True)
class Touch:
    """One marketing contact.

    Attributes:
        session_id: the session it opened; "" for an offline one, which opens none.
        touch_type: AD_CLICK when an advertiser's click id came with it, EMAIL_CLICK when the link says that it stood in
            an e-mail, OFFLINE when a server told of it, else LANDING; "" for one that only the ledger knows.
        click_ids: parameter and value of each click id, in the order of the address.
        ad_ids: the same of what names the campaign, group or ad at its platform, such as gad_campaignid.
        landing_page: path of the page it led to, or "".
        referrer_domain: host it came from, or "".
        tagged: its link's utm_* values told source and medium.
    """

    touch_id: str
    session_id: str
    occurred_ms: int
    touch_type: TouchType | Literal[""]
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
    ad_ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Conversion:
    """An event the site counts as a goal, or an order, however many events report it.

    Attributes:
        event_id, name, occurred_ms: of the first report.
        value_micros: after refunds and changes; 0 when no report carried a value. gross_micros: before them.
        revision: grows with every change.
        order_id: the number of the order, or "".
        arrived_ms: when its first report reached us.
        verified: a server reported it, and no value of it is a page's alone.
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
    `conversions` has name and id of each report of a conversion. Paths of one customer share both tuples.
    """

    conversion: Conversion
    touches: tuple[Touch, ...]
    late: frozenset[str] = frozenset()
    conversions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StreamMessage:
    """A message with its place in the stream, and when it came there."""

    shard: str
    sequence: int
    content: EventAccepted | EventRejected
    arrived_ms: int


@dataclass(frozen=True, slots=True)
class IdentityLink:
    """That two identifiers are one person's, by the earliest event that named both, a server's first.

    Attributes:
        confidence: from 0 to 1. source: which event named both.
        counts: whether it joins the two now; a device counts for its first person only, and a cut link for nobody.
    """

    customer_id: str
    type: IdentityType
    other_customer_id: str
    other_type: IdentityType
    confidence: float
    source: LinkSource
    since_ms: int
    cut: bool
    counts: bool


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

    @property
    def because(self) -> str:
        """The reason as a sentence."""
        return because(self.reason)


@dataclass(frozen=True, slots=True)
class Background:
    """What stands behind a person's touches.

    Attributes:
        links: those that make their customers one person.
        seen_as: by touch, the customer (the identifier) it was seen of.
        passed: oldest first. reports, corrections: of the conversion, oldest first.
        limits: those that the order or its path reached.
    """

    links: tuple[IdentityLink, ...]
    seen_as: Mapping[str, str]
    passed: tuple[PassedVisit, ...]
    reports: tuple[OrderReport, ...] = ()
    corrections: tuple[OrderReport, ...] = ()
    limits: tuple[OrderLimit, ...] = ()
