"""Reading the numbers of advertising accounts: jobs, and what is known of an account's days."""

from dataclasses import dataclass
from typing import Literal

from optiq.kernel.background_jobs import Attempt

JobKind = Literal["DAILY_SYNC", "INTRADAY_SYNC", "WEEKLY_SYNC", "MONTHLY_SYNC", "MANUAL", "BACKFILL"]
"""DAILY: what may have changed, once a day. INTRADAY: the last three days, within it. WEEKLY, MONTHLY: the daily one
of a day, which also looks below unchanged totals, and 90 days back. BACKFILL: older days.
"""
JobStatus = Literal["QUEUED", "RUNNING", "WAITING", "SUCCEEDED", "FAILED", "CANCELLED"]
DayStatus = Literal["NEVER", "PROVISIONAL", "SETTLING", "SETTLED"]
OPEN: tuple[JobStatus, ...] = ("QUEUED", "RUNNING", "WAITING")


@dataclass(frozen=True, slots=True)
class AdAccountRead:
    """Days of an account that somebody waits for were read: the first ones after it was chosen, or those asked for."""

    platform: str
    external_id: str


@dataclass(frozen=True, slots=True)
class AdSyncFailed:
    """Days of an account could not be read. `reason` says why; the next turn reads them again."""

    sync_id: str
    platform: str
    external_id: str
    kind: JobKind
    from_day: str
    to_day: str
    reason: str


@dataclass(frozen=True, slots=True)
class Turn:
    """An instant at which an account is read, and what it is read for."""

    kind: JobKind
    at_ms: int

    @property
    def is_intraday(self) -> bool:
        return self.kind == "INTRADAY_SYNC"


@dataclass(frozen=True, slots=True)
class SyncJob:
    """Reads one account's days. Days are the account's own.

    Attributes:
        from_day, to_day: the days to read, both included. next_to: the last one that is not read yet; "" when all are.
        not_before_ms: when a job that is WAITING goes on, or one that is RUNNING looks again for a report.
        attempts: how often the platform failed in a row. runs: how often it was started.
        days_changed, days_unchanged: days that were written, and days that needed nothing.
        failed_days: days that the platform's report failed for, the others being written. The job ends as FAILED.
        reason: why it is WAITING or FAILED. note: what people should know of it.
        ended_ms: when it ended, or None. past: earlier times that it was started and failed.
    """

    organization_id: str
    sync_id: str
    kind: JobKind
    platform: str
    external_id: str
    status: JobStatus
    from_day: str
    to_day: str
    next_to: str
    created_ms: int
    not_before_ms: int | None = None
    attempts: int = 0
    runs: int = 0
    days_changed: int = 0
    days_unchanged: int = 0
    failed_days: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""
    ended_ms: int | None = None
    past: tuple[Attempt, ...] = ()
    version: int = 0

    @property
    def account(self) -> tuple[str, str, str]:
        """The key of the account: organization, platform and id."""
        return self.organization_id, self.platform, self.external_id


@dataclass(frozen=True, slots=True)
class CoveredDay:
    """What is known of a day of an account.

    Attributes:
        status: NEVER: it was not read, which is not 0. PROVISIONAL: it was read before it was over for three hours.
            SETTLING: the platform may still change it. SETTLED: it does so no more.
        pulled_ms: when it was read last, or None. spend_micros: 0 for a day that was never read.
    """

    day: str
    status: DayStatus
    pulled_ms: int | None
    spend_micros: int


@dataclass(frozen=True, slots=True)
class AccountDays:
    """What is known of an account's days, and what the platform changed of its campaigns after they were read."""

    days: tuple["CoveredDay", ...]
    restatements: tuple["Restatement", ...]
    settling: "Settling | None"


@dataclass(frozen=True, slots=True)
class KnownAfter:
    """So many days after a day's end, this share of what the platform claims of it in the end was known."""

    days: int
    share: float


@dataclass(frozen=True, slots=True)
class Settling:
    """The median of so many days that have settled, the soonest first."""

    days: int
    known_after: tuple[KnownAfter, ...]


@dataclass(frozen=True, slots=True)
class Restatement:
    """A platform changed a number of a day after it was read.

    Attributes:
        at_ms: when that was read. entity_id: of the level. gone: the platform lists it no more.
    """

    day: str
    entity_id: str
    at_ms: int
    spend_before_micros: int
    spend_after_micros: int
    claimed_before_micros: int
    claimed_after_micros: int
    gone: bool


@dataclass(frozen=True, slots=True)
class ConnectionHealth:
    """How a connection does of which a site has costs.

    Attributes:
        title: of the platform. accounts: of the connection, those that are read and have costs of the site.
        status: of the connection; reason: why it is not CONNECTED, in words.
        granted_by: the actor who connected it last.
        failures: of the account that failed most often in a row; failing: how, the last time.
        late_ms: how long ago the last day ended that was read whole, or somebody connected, of the account that is
            latest; None where no account was ever read whole.
    """

    connection_id: str
    title: str
    accounts: tuple[str, ...]
    status: str
    reason: str
    granted_by: str
    failures: int
    failing: str
    late_ms: int | None
