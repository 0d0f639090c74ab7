"""A customer as loaded.

A customer is named by the keyed hash of one identifier (a user id, an anonymous id, a mail address …) and holds the
facts of the events it was the strongest identifier of. A person is all customers that counting links join
(links.py): one history, whose facts stay where they were stored.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Literal, NamedTuple

from optiq.journeys.contracts import CERTAIN, Grade
from optiq.journeys.days import Sealed, count_slots, slot_of
from optiq.journeys.history import FEW_BYTES, Fact, pack, unpack, unpack_few
from optiq.journeys.links import PERSONAL_TYPES, Link, counting, strength
from optiq.journeys.sessions import is_first_contact
from optiq.kernel.events import IdentityType

MAX_CONVERSIONS = 100
"""So many of a customer's latest conversions are known by id: when identifiers are linked or parted, they are written
again."""
MAX_WRITTEN = 8
"""So many of the names that a customer may be written under are known, the latest."""
MAX_LATEST = 200
"""Of an erased customer, the ids of so many events are known."""
MAX_RECREDITED = 20
MAX_RECREDITED_DAYS = 2
MAX_SHORT_HISTORY = 500
"""Of these, the latest so many are credited anew when something before them changes. Of a person with more events than
a short history has, it is those of the latest so many days, for each day is a piece of history to read. A recomputation
does the others."""


Crowded = Literal["", "PAGES", "ALL"]


@lru_cache(maxsize=2_048)
def _known_of_few(packed: bytes) -> tuple[Mapping[int, int], int | None]:
    """How many of few facts are of each slot, and the earliest that may open a visit: a person's other devices are read
    again for each of their batches, and hardly ever unpacked."""
    facts = unpack_few(packed)
    return count_slots(facts), min((fact.occurred_ms for fact in facts if is_first_contact(fact)), default=None)


def digest_of_id(event_id: str) -> str:
    """What tells that an event was known, and not which one."""
    return blake2b(event_id.encode(), digest_size=12).hexdigest()


class WrittenAs(NamedTuple):
    """The person under whose name something is written, and how sure it is that it is this person's."""

    customer_id: str
    grade: Grade


@dataclass(slots=True)
class Customer:
    """One customer as loaded; `changed` when something of it is not committed yet.

    Attributes:
        version: when it last changed, in milliseconds; always later than the change before.
        first_ms: the earliest event that may open a visit.
        recent_days: how many facts of each slot of a UTC day (days.py) are in the customer's own item. sealed: what was
            sealed of each.
        pages: sealed facts of the slots in `loaded_days`.
        conversions: the latest events that the site counted, by the conversion ids they give.
        crowded: too many identifiers were joined with it: PAGES when of its links those of servers' events count, ALL
            when none does.
        of_servers: a server's event named it.
        written_as: what its visits and conversions are written as. Several, where it is not sure which was last, for
            something committed was never noted as written; none where it is written as itself.
        is_first: all its facts are new, so none is written yet.
        erased_ms: everything of it was erased until then. It takes in nothing more: who has its identifier later is
            another customer (erasing/returning.py). latest: digests of the ids of the latest erased
            events: one whose time is corrected to when it comes is known by its id when it comes again.
        follows: the customer that its identifier was first, where that one was erased; else "".
    """

    customer_id: str
    identity_type: IdentityType
    version: int = 0
    read_version: int = 0
    links: dict[str, Link] = field(default_factory=dict)
    first_ms: int | None = None
    recent_days: dict[int, int] = field(default_factory=dict)
    sealed: dict[int, Sealed] = field(default_factory=dict)
    conversions: tuple[str, ...] = ()
    crowded: Crowded = ""
    of_servers: bool = False
    written_as: tuple[WrittenAs, ...] = ()
    is_first: bool = False
    erased_ms: int = 0
    latest: frozenset[str] = frozenset()
    follows: str = ""
    changed: bool = False
    pages: dict[int, tuple[Fact, ...]] = field(default_factory=dict)
    loaded_days: set[int] = field(default_factory=set)
    _packed: bytes = field(default=b"", repr=False)
    _recent: list[Fact] = field(default_factory=list)
    _by_event_id: dict[str, Fact] = field(default_factory=dict)
    _counting: dict[str, Link] | None = field(default=None, repr=False)
    _counted: dict[str, Link] | None = field(default=None, repr=False)
    _counted_crowded: Crowded = field(default="", repr=False)

    @property
    def hash(self) -> str:
        """The keyed hash of its identifier."""
        return (self.follows or self.customer_id).removeprefix("cus_")

    def begin(self, packed: bytes, days: dict[int, int] | None, first_ms: int | None) -> None:
        """Takes over what the table keeps; the recent facts are unpacked when somebody asks for them. Without `days`,
        what is not known of them follows from them."""
        self.first_ms, self._packed = first_ms, packed
        if days is not None:
            self.recent_days = days
            return
        # So few that what follows from them is not kept beside them.
        of_few, seen_ms = _known_of_few(packed)
        self.recent_days = dict(of_few)
        self.first_ms = min((at_ms for at_ms in (first_ms, seen_ms) if at_ms is not None), default=None)

    @property
    def recent(self) -> list[Fact]:
        """The facts in the customer's own item."""
        self._unpack()
        return self._recent

    @property
    def by_event_id(self) -> dict[str, Fact]:
        """Every loaded fact."""
        self._unpack()
        return self._by_event_id

    def _unpack(self) -> None:
        if self._packed:
            few = len(self._packed) <= FEW_BYTES
            self._recent, self._packed = list((unpack_few if few else unpack)(self._packed)), b""
            self._by_event_id |= {fact.event_id: fact for fact in self._recent}

    def packed(self) -> bytes:
        """The recent facts as the table keeps them."""
        return self._packed or pack(self._recent)

    def add(self, fact: Fact) -> None:
        self.is_first = self.is_first or not self.has_facts
        self.recent.append(fact)
        self._by_event_id[fact.event_id] = fact
        slot = slot_of(fact)
        self.recent_days[slot] = self.recent_days.get(slot, 0) + 1
        self._see(fact)
        self.changed = True

    def add_page(self, slot: int, facts: Sequence[Fact]) -> None:
        """Takes in sealed facts of a slot of which all are loaded."""
        self.pages[slot] = (*self.pages.get(slot, ()), *facts)
        self._by_event_id |= {fact.event_id: fact for fact in facts}

    def erase(self, erased_ms: int) -> None:
        """Leaves nothing but until when it was erased, and which pages there were. All its facts are loaded."""
        latest = sorted(self.by_event_id.values(), key=lambda fact: fact.occurred_ms)[-MAX_LATEST:]
        self.latest = frozenset(digest_of_id(fact.event_id) for fact in latest)
        self.forget_facts()
        self.links, self.of_servers, self.crowded, self.erased_ms = {}, False, "", erased_ms

    def forget_facts(self) -> None:
        """Its conversions and pages go with the facts; `sealed` still says which pages there were."""
        self._recent, self._packed, self._by_event_id = [], b"", {}
        self.recent_days, self.pages, self.first_ms, self.conversions, self.written_as = {}, {}, None, (), ()
        self.changed = True

    def seal(self, slot: int, facts: Sequence[Fact]) -> int:
        """Moves facts of a slot out of the recent ones; returns the number of their page."""
        gone = {fact.event_id for fact in facts}
        self._recent = [fact for fact in self.recent if fact.event_id not in gone]
        self.recent_days = count_slots(self._recent)
        pages, known = self.sealed.get(slot, (0, 0))
        self.sealed[slot] = Sealed(pages + 1, known + len(facts))
        if slot in self.loaded_days:
            self.pages[slot] = (*self.pages.get(slot, ()), *facts)
        return pages

    def keep_from(self, first_slot: int) -> None:
        """Forgets the facts of earlier slots. What is known of first visits stays: it says who is new."""
        self._recent = [fact for fact in self.recent if slot_of(fact) >= first_slot]
        self.recent_days = count_slots(self._recent)
        self.sealed = {slot: sealed for slot, sealed in self.sealed.items() if slot >= first_slot}

    def add_conversion(self, conversion_id: str) -> None:
        """Ids sort by time, so the latest are the greatest."""
        kept = tuple(sorted({*self.conversions, conversion_id})[-MAX_CONVERSIONS:])
        if kept != self.conversions:
            self.conversions, self.changed = kept, True

    def count_on(self, slot: int) -> int:
        """How many facts of a slot are kept, whether they are loaded or not."""
        sealed = self.sealed.get(slot)
        return self.recent_days.get(slot, 0) + (sealed.facts if sealed else 0)

    def facts_on(self, slots: Container[int]) -> Iterator[Fact]:
        """The loaded facts of some slots."""
        if any(slot in slots for slot in self.recent_days):
            yield from (fact for fact in self.recent if slot_of(fact) in slots)
        for slot, facts in self.pages.items():
            if slot in slots:
                yield from facts

    @property
    def has_facts(self) -> bool:
        return bool(self.recent_days or self.sealed)

    @property
    def written(self) -> tuple[WrittenAs, ...]:
        """See `written_as`."""
        return self.written_as or (WrittenAs(self.customer_id, self.own_grade),)

    @property
    def own_grade(self) -> Grade:
        return "CONSENT_LIMITED" if self.identity_type == "passing_id" else CERTAIN

    def is_written_as(self, written: WrittenAs) -> None:
        """All of it is written so."""
        self.written_as = () if written == WrittenAs(self.customer_id, self.own_grade) else (written,)

    def may_be_written_as(self, written: WrittenAs) -> None:
        """Some of it may be written so, or be written yet."""
        if written not in self.written:
            self.written_as, self.changed = (*self.written, written)[-MAX_WRITTEN:], True

    @property
    def matters(self) -> bool:
        """Whether anything that is written depends on whose it is: its facts, or that its person has such a name."""
        return self.has_facts or self.identity_type in PERSONAL_TYPES

    def counting_links(self) -> dict[str, Link]:
        if self.crowded == "ALL":
            return {}
        if self._counting is None or self._counted is not self.links or self._counted_crowded != self.crowded:
            links = (link for link in self.links.values() if link.from_server or not self.crowded)
            self._counting = counting(self.identity_type, links)
            self._counted, self._counted_crowded = self.links, self.crowded
        return self._counting

    def _see(self, fact: Fact) -> None:
        if (self.first_ms is None or fact.occurred_ms < self.first_ms) and is_first_contact(fact):
            self.first_ms = fact.occurred_ms

    @property
    def rank(self) -> tuple[int, str]:
        """Orders the customers of a person, of which the first names it: by what no event can change."""
        return strength(self.identity_type), self.customer_id
