"""A scheduled mail, and what became of each of its periods."""

from dataclasses import dataclass
from typing import Literal, TypedDict

from optiq.sharing.contracts import SharedKind

Every = Literal["DAY", "WEEK", "MONTH"]
RunStatus = Literal["WAITING", "SENT", "EMPTY", "FAILED", "MISSED"]
"""WAITING until it is sent or given up. EMPTY: there was nothing to say. MISSED: a later period was due already."""


@dataclass(frozen=True, slots=True)
class MailSchedule:
    """A dashboard or a view by mail, at an hour of a named timezone.

    Attributes:
        kind: of what is sent. shared_id: of the dashboard or the view.
        weekday: of WEEK: 1 is Monday, 7 is Sunday.
        month_day: of MONTH: a month that has no such day takes its last.
        recipients: ids of members.
        period: what is reported, of all cards; "" for the day, week or month before.
        attach_csv: tables are attached as files too.
        skip_empty: no mail goes out when there is nothing in any card.
        owner_id: the user, or the key, who made it: the mail has what they may see, while they may.
        active: it is sent; otherwise it rests.
        archived: it was removed.
        version: grows by one with every change.
    """

    organization_id: str
    site_id: str
    schedule_id: str
    name: str
    kind: SharedKind
    shared_id: str
    every: Every
    timezone: str
    hour: int
    recipients: tuple[str, ...]
    owner_id: str
    created_ms: int
    weekday: int = 1
    month_day: int = 1
    period: str = ""
    attach_csv: bool = True
    skip_empty: bool = False
    active: bool = True
    archived: bool = False
    version: int = 0


class MailScheduleChange(TypedDict, total=False):
    """What to change; what is absent stays."""

    name: str
    kind: SharedKind
    shared_id: str
    every: Every
    timezone: str
    hour: int
    recipients: tuple[str, ...]
    weekday: int
    month_day: int
    period: str
    attach_csv: bool
    skip_empty: bool
    active: bool


@dataclass(frozen=True, slots=True)
class ListedSchedule:
    """A scheduled mail, when it is due next, and which of its recipients ended it for themselves.

    Attributes:
        due_ms: None while it rests.
        unsubscribed: user ids.
    """

    schedule: MailSchedule
    due_ms: int | None
    unsubscribed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailRun:
    """What became of one period of a scheduled mail.

    Attributes:
        day: on which it was due, in the schedule's timezone: it names the period.
        due_ms: when. changed_ms: when the status was last written.
        sent: how many recipients have it.
        reason: why it was not sent, or not to all; "" when all is well.
    """

    schedule_id: str
    day: str
    status: RunStatus
    due_ms: int
    changed_ms: int
    sent: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep did: periods that ended, by mail or without, and periods that were left to the next sweep."""

    finished: int
    left: int
