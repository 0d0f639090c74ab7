"""A deletion, from the request to its proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["SITE", "WORKSPACE", "ORGANIZATION", "ACCOUNT"]
Status = Literal["WAITING", "RUNNING", "DONE", "CANCELLED"]
Phase = Literal[
    "CLOSE", "LEAVE_HELD", "COUNT_ITEMS", "COUNT_ROWS", "REMOVE_ITEMS", "REMOVE_ROWS", "CHECK_ITEMS", "CHECK_ROWS"
]
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Deletion:
    """What is deleted, when, and afterwards the proof.

    Attributes:
        organization_id: the organization, or for an ACCOUNT the user, whose log has its entries.
        target_id: the id of what is deleted. name: its name when it was asked for, "" of an account.
        asked_by: the user. due_ms: when it begins, unless it is cancelled before.
        sites: the sites of a workspace.
        phase, place: how far it is: what it does now, and after which item or day it goes on.
        deleted: items and rows by what they are, counted before the first was removed.
        kept: what stays, likewise; the manifests say why.
        remaining: what a check after the removal found; 0 once it is DONE.
        rounds: how often it removed and checked.
    """

    organization_id: str
    deletion_id: str
    kind: Kind
    target_id: str
    name: str
    asked_by: str
    asked_ms: int
    due_ms: int
    status: Status = "WAITING"
    sites: tuple[str, ...] = ()
    phase: Phase = "CLOSE"
    place: str = ""
    deleted: Counts = field(default_factory=dict)
    kept: Counts = field(default_factory=dict)
    remaining: int = 0
    rounds: int = 0
    ended_ms: int | None = None
    version: int = 0

    @property
    def owners(self) -> frozenset[str]:
        """The ids whose items and rows go."""
        return frozenset({self.target_id, *self.sites})


@dataclass(frozen=True, slots=True)
class Preview:
    """What a deletion would remove, as far as one look counts it.

    Attributes:
        counts: items and rows by what they are.
        keeps: what stays all the same, with the reason.
        complete: False where there are more items than one look counts.
        copied_ms: when the organization's lake was copied to its warehouse last, or None.
    """

    kind: Kind
    target_id: str
    name: str
    counts: Counts
    keeps: Mapping[str, str]
    complete: bool
    copied_ms: int | None
