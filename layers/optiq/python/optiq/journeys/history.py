"""What we keep of a customer: the facts of their events, packed into a few bytes each.

Sessions, touches and journeys follow from these facts (`journey.derive`), conversions from these and from what was
reported of an order (`orders.py`), so the order in which events arrive cannot matter and a replay changes nothing.
"""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from optiq.journeys.agents import agent_of_event
from optiq.journeys.contracts import CERTAIN, Grade
from optiq.kernel.clock import MINUTE_MS, SECOND_MS
from optiq.kernel.events import Campaign, EventAccepted
from optiq.kernel.ids import moment
from optiq.kernel.short_texts import cached_when_short

_BLANK: list[object] = [0, "", "", "", 0, "", "", "", 0, "", None, "", "", 0, 0, 0, 0, 0]
"""A row without anything said. The agent and, at the end, the place are 0 where they are those of the row before."""
_KINDS = ("PAGE", "TRACK", "IDENTIFY")
PAGE_VIEW = "page_view"
"""The name of a page's view; a screen of an app has its own."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One event, as far as journeys need it.

    Attributes:
        receipt: names the delivery that stored it.
        agent: what agents.py made of the user agent.
        delay_ms: how long after it happened it reached us; of a page's events whole minutes, unless it happened on a
            whole second.
        place: `country|city`, or "".
        position: its place among the events of its request.
        from_server: a secret key came with it.
        evidence: depends on whose other identifiers are the customer's, and is not kept.
    """

    event_id: str
    receipt: str
    digest: str
    kind: str
    name: str
    occurred_ms: int
    url: str
    referrer: str
    campaign: Campaign | None
    session_hint: str
    value_micros: int | None
    currency: str
    order_id: str = ""
    agent: str = ""
    delay_ms: int = 0
    place: str = ""
    position: int = 0
    from_server: bool = False
    evidence: Grade = CERTAIN

    @property
    def arrived_ms(self) -> int:
        """When it reached us, as exactly as `delay_ms` tells."""
        return self.occurred_ms + self.delay_ms

    @property
    def order(self) -> tuple[int, int, int, str, str]:
        """Sorts facts: by time, then as their sender wrote them (docs/decisions/0030)."""
        return self.occurred_ms, self.delay_ms, self.position, self.digest, self.event_id

    @property
    def moment(self) -> int:
        """When it happened, also within its instant; compares with the moments in ids of touches and conversions."""
        return moment(self.occurred_ms, self.delay_ms, self.position)


def fact_of(event: EventAccepted) -> Fact:
    said = event.campaign
    return Fact(
        event_id=event.event_id,
        receipt=event.receipt,
        digest=event.digest,
        kind=event.kind,
        name=event.name,
        occurred_ms=event.occurred_ms,
        url=event.url,
        referrer=event.referrer,
        campaign=_campaign_of(said.source, said.medium, said.name, said.term, said.content) if said else None,
        session_hint=event.session_hint,
        value_micros=event.value_micros,
        currency=event.currency,
        order_id=event.order_id,
        agent=agent_of_event(event),
        delay_ms=delay_of(event),
        place=place_text(event.country, event.city),
        position=event.position,
        from_server=event.from_server,
    )


def delay_of(event: EventAccepted) -> int:
    """How long after it happened an event reached us, in milliseconds.

    A clock of whole seconds, or a server that gives several requests one time, needs it exactly: only it orders the
    events of one instant. For a page a whole minute will do, which is mostly none and then costs no byte.
    """
    delay_ms = max(0, event.received_ms - event.occurred_ms)
    exact = event.from_server or event.occurred_ms % SECOND_MS == 0
    return delay_ms if exact else delay_ms - delay_ms % MINUTE_MS


def place_text(country: str, city: str) -> str:
    return f"{country}|{city}" if country or city else ""


def pack(facts: Iterable[Fact]) -> bytes:
    """Times are kept as differences, agents and places where they change, trailing blanks not at all; compressed."""
    rows: list[list[object]] = []
    previous_ms, previous_agent, previous_place = 0, "", ""
    for fact in facts:
        campaign = fact.campaign
        row: list[object] = [
            fact.occurred_ms - previous_ms,
            fact.event_id,
            fact.receipt,
            fact.digest,
            _KINDS.index(fact.kind),
            "" if fact.kind == "PAGE" and fact.name == PAGE_VIEW else fact.name,
            fact.url,
            fact.referrer,
            [campaign.source, campaign.medium, campaign.name, campaign.term, campaign.content] if campaign else 0,
            fact.session_hint,
            fact.value_micros,
            fact.currency,
            fact.order_id,
            0 if fact.agent == previous_agent else fact.agent,
            fact.delay_ms,
            0 if fact.place == previous_place else fact.place,
            fact.position,
            int(fact.from_server),
        ]
        while row[-1] == _BLANK[len(row) - 1]:
            row.pop()
        rows.append(row)
        previous_ms, previous_agent, previous_place = fact.occurred_ms, fact.agent, fact.place
    return zlib.compress(json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode(), 6)


def unpack(packed: bytes) -> list[Fact]:
    facts: list[Fact] = []
    occurred_ms, agent, place = 0, "", ""
    for row in json.loads(zlib.decompress(packed)):
        row += _BLANK[len(row) :]
        occurred_ms += row[0]
        agent = agent if row[13] == 0 else row[13]
        place = place if row[15] == 0 else row[15]
        kind = _KINDS[row[4]]
        facts.append(
            Fact(
                event_id=row[1],
                receipt=row[2],
                digest=row[3],
                kind=kind,
                name=row[5] or (PAGE_VIEW if kind == "PAGE" else ""),
                occurred_ms=occurred_ms,
                url=row[6],
                referrer=row[7],
                campaign=_campaign(row[8]),
                session_hint=row[9],
                value_micros=row[10],
                currency=row[11],
                order_id=row[12],
                agent=agent,
                delay_ms=row[14],
                place=place,
                position=row[16],
                from_server=bool(row[17]),
            )
        )
    return facts


FEW_BYTES = 1024
"""Packed, so few facts are unpacked for each batch of their person; what is known of them is kept nowhere else."""


@lru_cache(maxsize=512)
def unpack_few(packed: bytes) -> tuple[Fact, ...]:
    """The facts of an item that has few: those of a person's other devices are read again for each of their batches."""
    return tuple(unpack(packed))


@lru_cache(maxsize=128)
def unpack_page(packed: bytes) -> tuple[Fact, ...]:
    """The facts of a page, which never changes: some customers' are read again for each of their batches."""
    return tuple(unpack(packed))


def _campaign(values: list[str] | int) -> Campaign | None:
    return None if isinstance(values, int) else _campaign_of(*values)


@cached_when_short(8192)
def _campaign_of(source: str, medium: str, name: str, term: str, content: str) -> Campaign:
    """One object for each: what is cached by a campaign is found without comparing its texts."""
    return Campaign(source=source, medium=medium, name=name, term=term, content=content)
