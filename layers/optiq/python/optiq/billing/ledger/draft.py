"""A ledger while a command changes it: lots are added to and taken from, and each change is entered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from optiq.billing.ledger.contracts import (
    AVAILABLE,
    DEBT,
    Entry,
    EntryType,
    Head,
    Hold,
    Lot,
    LotKind,
    PendingBonus,
    Purchase,
    Source,
    Terms,
)

_MOST_LOTS = 100


@dataclass(slots=True)
class Draft:
    """Mutable; a posting makes one of the head and reads the new head of it."""

    before: Head
    now_ms: int
    lots: list[Lot]
    holds: dict[str, Hold]
    debt: int
    overdraft: int
    terms: Terms | None
    period_ms: int
    allotted: dict[str, int]
    bonuses: tuple[PendingBonus, ...]
    entries: list[Entry] = field(default_factory=list)
    purchase: Purchase | None = None
    _kinds: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, head: Head, now_ms: int) -> "Draft":
        """The clock never runs backwards in a ledger."""
        draft = cls(
            before=head,
            now_ms=max(now_ms, head.at_ms),
            lots=list(head.lots),
            holds={hold.hold_id: hold for hold in head.holds},
            debt=head.debt,
            overdraft=head.overdraft,
            terms=head.terms,
            period_ms=head.period_ms,
            allotted=dict(head.allotted),
            bonuses=head.bonuses,
        )
        draft._kinds = draft._by_kind()
        return draft

    def ended(self) -> Head:
        """The head as the next version; its seal is still that of the entry before."""
        self._merge()
        changed = replace(
            self.before,
            sequence=self.before.sequence + len(self.entries),
            at_ms=self.entries[-1].at_ms if self.entries else self.before.at_ms,
            lots=tuple(self.lots),
            holds=tuple(self.holds.values()),
            debt=self.debt,
            overdraft=self.overdraft,
            terms=self.terms,
            period_ms=self.period_ms,
            allotted=self.allotted,
            bonuses=self.bonuses,
        )
        return changed if changed == self.before else replace(changed, version=self.before.version + 1)

    @property
    def remaining(self) -> int:
        return sum(lot.remaining for lot in self.lots)

    @property
    def sequence(self) -> int:
        """Of the entry that comes next."""
        return self.before.sequence + len(self.entries) + 1

    def add(
        self, kind: LotKind, amount: int, expires_ms: int | None, *, paid: bool, source: str = ""
    ) -> dict[str, int]:
        """Adds credits: they repay what is owed, the rest is a lot. Returns the postings."""
        return self.give_back((Lot(kind, amount, expires_ms, paid, source, self.sequence),))

    def give_back(self, parts: Sequence[Lot]) -> dict[str, int]:
        """Adds lots, or parts of lots, as `add`."""
        postings = Counter[str]()
        for part in parts:
            repaid = min(self.debt, part.remaining)
            self.debt -= repaid
            postings[DEBT] += repaid
            postings[AVAILABLE] += part.remaining - repaid
            if part.remaining > repaid:
                self._put(replace(part, remaining=part.remaining - repaid))
        return dict(postings)

    def take(self, amount: int, first: str = "") -> tuple[tuple[Lot, ...], int]:
        """Takes credits out of lots in the order of spending; what no lot has is owed.

        Args:
            first: the source of the lots that are taken from before others.

        Returns:
            What was taken of which lots, and how much is owed more.
        """
        parts, left, kept = [], amount, []
        for lot in sorted(self.lots, key=lambda one: (not (first and one.source == first), one.place)):
            part = min(left, lot.remaining)
            left -= part
            if part:
                parts.append(replace(lot, remaining=part))
            if lot.remaining > part:
                kept.append(replace(lot, remaining=lot.remaining - part))
        self.lots = sorted(kept, key=lambda one: one.place)
        self.debt += left
        return tuple(parts), left

    def enter(
        self,
        kind: EntryType,
        source: Source,
        postings: Mapping[str, int],
        *,
        asked: int = 0,
        product: str = "",
        actor: str = "",
        note: str = "",
        hold_id: str = "",
        reverses: int | None = None,
        due_ms: int | None = None,
    ) -> None:
        """Adds an entry of what was just changed. Raises ValueError for postings that do not sum to 0."""
        if sum(postings.values()):
            raise ValueError(f"postings do not sum to 0: {postings}")
        now_by_kind = self._by_kind()
        changed = {name: now_by_kind[name] - self._kinds[name] for name in sorted({*now_by_kind, *self._kinds})}
        self._kinds = now_by_kind
        entry = Entry(
            sequence=self.sequence,
            at_ms=self.now_ms,
            type=kind,
            amount=postings.get(AVAILABLE, 0) + postings.get(DEBT, 0),
            balance_after=self.remaining - self.debt,
            held_after=sum(hold.left for hold in self.holds.values()),
            source=source,
            asked=asked,
            postings={name: amount for name, amount in postings.items() if amount},
            kinds={name: amount for name, amount in changed.items() if amount},
            product=product,
            actor=actor,
            note=note,
            hold_id=hold_id,
            reverses=reverses,
            due_ms=due_ms,
        )
        self.entries.append(entry)

    def _put(self, added: Lot) -> None:
        """Adds to the lot that it is a part of, or as a lot."""
        for place, lot in enumerate(self.lots):
            if replace(lot, remaining=added.remaining) == added:
                self.lots[place] = replace(lot, remaining=lot.remaining + added.remaining)
                return
        self.lots.append(added)
        self.lots.sort(key=lambda one: one.place)

    def _merge(self) -> None:
        """Keeps the lots few: of one kind, the two that expire closest together become one, to the later end."""
        while len(self.lots) > _MOST_LOTS:
            pairs = (
                (_distance(one, other), place, other_place)
                for place, one in enumerate(self.lots)
                for other_place, other in enumerate(self.lots[place + 1 :], place + 1)
                if (one.kind, one.paid) == (other.kind, other.paid)
            )
            _, place, other_place = min(pairs)
            one, other = self.lots[place], self.lots.pop(other_place)
            self.lots[place] = replace(other, remaining=one.remaining + other.remaining, source="")
            self.lots.sort(key=lambda each: each.place)

    def _by_kind(self) -> Counter[str]:
        found = Counter[str]()
        for lot in self.lots:
            found[lot.kind] += lot.remaining
        return found


def _distance(one: Lot, other: Lot) -> float:
    """Between the ends of two lots; those that never expire are only merged with one another."""
    return 0.0 if one.expires_ms == other.expires_ms else other.place[0] - one.place[0]
