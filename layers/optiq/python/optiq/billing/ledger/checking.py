"""What always holds in a ledger, read from its entries alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from optiq.billing.ledger.contracts import AVAILABLE, DEBT, HELD, Entry, Head, Source


@dataclass(slots=True)
class Books:
    """The accounts of a ledger, added up entry by entry."""

    accounts: Counter[str] = field(default_factory=Counter)
    sources: set[Source] = field(default_factory=set)
    sequence: int = 0
    at_ms: int = 0

    @property
    def balance(self) -> int:
        return self.accounts[AVAILABLE] + self.accounts[DEBT]

    def add(self, entry: Entry) -> str:
        """What is wrong with the next entry, or ""."""
        before = self.balance
        self.accounts.update(entry.postings)
        checks = {
            f"entry {self.sequence + 1} is missing": entry.sequence == self.sequence + 1,
            "its postings do not sum to 0": not sum(entry.postings.values()),
            "its amount is not what its postings say": self.balance == before + entry.amount,
            "its balance is not the sum of all amounts": self.balance == entry.balance_after,
            "its held credits are not the sum of all postings": self.accounts[HELD] == entry.held_after,
            "an account is on the wrong side": self.accounts[AVAILABLE] >= 0 >= self.accounts[DEBT],
            "credits are held below 0": self.accounts[HELD] >= 0,
            "credits are owed while some are available": not (self.accounts[AVAILABLE] and self.accounts[DEBT]),
            "its source has an entry already": entry.source not in self.sources,
            "it is before the entry before it": entry.at_ms >= self.at_ms,
        }
        self.sources.add(entry.source)
        self.sequence, self.at_ms = entry.sequence, entry.at_ms
        return next((fault for fault, good in checks.items() if not good), "")

    def end(self, head: Head) -> str:
        """What is wrong with the head after its last entry, or ""."""
        checks = {
            f"the head says {head.sequence} entries": head.sequence == self.sequence,
            "the head's lots are not what the entries say": sum(lot.remaining for lot in head.lots)
            == self.accounts[AVAILABLE],
            "the head's debt is not what the entries say": -head.debt == self.accounts[DEBT],
            "the head's holds are not what the entries say": head.held == self.accounts[HELD],
        }
        return next((fault for fault, good in checks.items() if not good), "")


def fault_in(entries: Iterable[Entry], head: Head) -> str:
    """What is wrong first, with the number of the entry; "" where all holds."""
    books = Books()
    for entry in entries:
        if fault := books.add(entry):
            return f"entry {entry.sequence}: {fault}"
    return books.end(head)
