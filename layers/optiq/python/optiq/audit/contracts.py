"""What is written down of a change, and what a check of the book finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from optiq.kernel.caller import Origin

Json = str | int | float | bool | None | list[str]
Fields = Mapping[str, Json]

PLATFORM = "_platform"
"""The book of what staff do."""


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did, to be written into a book.

    Attributes:
        book: an organization's id, a user's for what concerns a person alone, or PLATFORM.
        actor: who did it: the id of a user or a key, or "" for somebody unknown.
        action: a verb in the past with its noun, such as `password.changed`.
        entity: the id of the thing it was done to.
        before, after: the fields that changed. Never a secret, nor what a secret could be guessed from. What is too
            long to be kept stands there as its length and digest.
    """

    book: str
    actor: str
    action: str
    entity: str
    before: Fields = field(default_factory=dict)
    after: Fields = field(default_factory=dict)
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True, slots=True)
class Entry:
    """A change as it stands in its book: number `sequence`, from 1, at an instant never before its predecessor's."""

    sequence: int
    at_ms: int
    change: Change
    seal: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: how many entries were good from the first on, and what is wrong after them, or ""."""

    good_entries: int
    fault: str

    @property
    def intact(self) -> bool:
        return not self.fault
