"""What an audit log keeps of a change, and what a check of it finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from optiq.kernel.caller import Origin

Json = str | int | float | bool | None | list[str]
Fields = Mapping[str, Json]

PLATFORM = "_platform"
"""The audit log of what staff do."""
EARLIER = "earlier"
"""The chain of entries from before each context had a chain of its own. Nothing is added to it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did, for the audit log.

    Attributes:
        log: an organization's id, a user's for what concerns a person alone, or PLATFORM.
        actor: who did it: the id of a user or a key, or "" for somebody unknown.
        action: a noun and a verb in the past, such as `password.changed`. A context's manifest names its nouns
            (`audits`), and the noun decides the chain.
        entity: the id of the thing it was done to.
        before, after: the fields that changed. Never a secret, nor what a secret could be guessed from. A field that
            is too long is kept as its length and digest.
    """

    log: str
    actor: str
    action: str
    entity: str
    before: Fields = field(default_factory=dict)
    after: Fields = field(default_factory=dict)
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True, slots=True)
class Entry:
    """A change in a chain: number `sequence`, from 1, at an instant never before its predecessor's.

    `chain` is the name of a context, or EARLIER.
    """

    chain: str
    sequence: int
    at_ms: int
    change: Change
    seal: str


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """How many entries of a chain are good, from the first on, and what is wrong after them, or ""."""

    chain: str
    good_entries: int
    fault: str


@dataclass(frozen=True, slots=True)
class LogCheck:
    """The check of every chain of a log, by name. `missing` says what the log as a whole lacks, or ""."""

    chains: tuple[ChainCheck, ...]
    missing: str = ""

    @property
    def good_entries(self) -> int:
        return sum(check.good_entries for check in self.chains)

    @property
    def intact(self) -> bool:
        return not self.fault

    @property
    def fault(self) -> str:
        """What is wrong first, with the name of the chain; "" for an intact log."""
        broken = (f"{check.chain}: {check.fault}" for check in self.chains if check.fault)
        return self.missing or next(broken, "")
