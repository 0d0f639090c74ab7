"""Syncs of advertising accounts as the API writes them."""

from typing import Annotated

from optiq.ads.sync.contracts import CoveredDay, KnownAfter, Restatement, Settling, SyncJob
from optiq.kernel.schemas import Day, DayIn, In, Out, PageOut, shows
from pydantic import Field


class AdSyncIn(In):
    """Without days: those that the platform may have changed, and today. `from` alone reads until today."""

    platform: Annotated[str, Field(min_length=1, max_length=40, examples=["GOOGLE_ADS"])]
    external_id: Annotated[str, Field(min_length=1, max_length=60, examples=["2223334445"])]
    from_day: DayIn | None = None
    to_day: DayIn | None = None


@shows(SyncJob, but=("next_to", "runs", "attempts", "ended_ms", "past"))
class AdSyncOut(Out):
    """`reason` says why it is WAITING or FAILED; a WAITING one goes on at `not_before_at`.

    The platform could not report `failed_days`; the other days were written.
    """

    from_day: Day
    to_day: Day


class AdSyncsOut(PageOut[AdSyncOut]):
    """By when they were due, the latest first. An account's first sync was due with its last daily one."""


@shows(CoveredDay)
class CoveredDayOut(Out):
    """NEVER: the day was not read, which is not 0. PROVISIONAL, SETTLING: its numbers may change."""

    day: Day


@shows(Restatement)
class RestatementOut(Out):
    """A campaign's day as it was read before, and as it was read at `at`. `gone`: the platform lists it no more."""

    day: Day


@shows(KnownAfter)
class KnownAfterOut(Out):
    """So many days after a day's end, this share of its final claim was known; more than 1 where it shrank later."""


@shows(Settling)
class SettlingOut(Out):
    """The median of `days` that have settled."""

    known_after: list[KnownAfterOut]


class AccountDaysOut(Out):
    """Both by day; restatements of a day by time. `settling` is null for fewer than 20 days that have settled."""

    days: list[CoveredDayOut]
    restatements: list[RestatementOut]
    settling: SettlingOut | None
