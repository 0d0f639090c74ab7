"""Reads days of an account and writes those that changed, each whole.

First the account's own rows of all days, in one call. Days whose row is as it was written last need nothing more. Of
the others every level is read, checked against the account, written to the lake, and then noted. Killed between the
two, the next pull writes equal rows again, which changes nothing for readers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from optiq.ads.connections.asking import asking
from optiq.ads.connections.contracts import AdAccount, Connection
from optiq.ads.lake import AD_DAILY
from optiq.ads.platforms.contract import Level, MovedPagesError, Platform, ReportedRow
from optiq.ads.platforms.registry import reporting
from optiq.ads.sync import digests
from optiq.ads.sync.digests import Account, WrittenDay, digest_of
from optiq.ads.sync.snapshots import SnapshotRow, SumMismatchError, as_lake_row, by_day, snapshot
from optiq.kernel.clock import Clock, each_day, parse_day
from optiq.ports import wiring

_RESTARTS = 3
_NANOSECONDS = 1_000_000
_NOTED_TOGETHER = 10
"""Days: a pull that is killed reads at most so many again."""


class UnstableError(Exception):
    """The platform's answers did not fit together, however often they were asked for: nothing was written."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """How many days were written, and how many were as before."""

    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Reader:
    connection: Connection
    account: AdAccount
    clock: Clock

    def rows(self, level: Level, first: str, last: str) -> dict[str, list[ReportedRow]]:
        def ask(platform: Platform, access: str) -> list[ReportedRow]:
            one = self.account
            return reporting(platform).report(access, one.external_id, one.login_id, level, first, last)

        return by_day(asking(self.connection, ask, clock=self.clock))


def pull(
    connection: Connection, account: AdAccount, first: str, last: str, clock: Clock, *, whole: bool = False
) -> Pulled:
    """Reads the days from `first` to `last`, both included, and writes those that changed.

    Args:
        whole: also looks below the account's row of days where that is unchanged.

    Raises:
        UnstableError, PlatformError, NoCredentialError, BadNumberError: nothing of the failed answer was written.
    """
    key = (account.organization_id, account.platform, account.external_id)
    days = [day.isoformat() for day in each_day(parse_day(first), parse_day(last))]
    known = digests.written(key, days)
    reader, reason = _Reader(connection, account, clock), ""
    for _ in range(1 + _RESTARTS):
        try:
            totals = reader.rows("ACCOUNT", first, last)
            probes = {day: digest_of(totals.get(day, ())) for day in days}
            to_read = [day for day in days if whole or day not in known or known[day].probe != probes[day]]
            found = _snapshots(reader, totals, to_read) if to_read else {}
        except (SumMismatchError, MovedPagesError) as error:
            reason = str(error)
            continue  # Something changed between two answers: all of them again.
        written = _write(key, account, found, known, probes, clock())
        return Pulled(written, len(days) - written)
    raise UnstableError(f"{reason}, {1 + _RESTARTS} times")


def _snapshots(
    reader: _Reader, totals: dict[str, list[ReportedRow]], days: Sequence[str]
) -> dict[str, list[SnapshotRow]]:
    campaigns, ads = (reader.rows(level, days[0], days[-1]) for level in ("CAMPAIGN", "AD"))
    return {day: snapshot(day, totals.get(day, ()), campaigns.get(day, ()), ads.get(day, ())) for day in days}


def _write(
    key: Account,
    account: AdAccount,
    found: dict[str, list[SnapshotRow]],
    known: dict[str, WrittenDay],
    probes: dict[str, str],
    now_ms: int,
) -> int:
    """Writes the days that differ from what was written last, files before their note; returns how many."""
    written: dict[str, WrittenDay] = {}
    noted = 0
    for day, rows in found.items():
        digest = digest_of(rows)
        before = known.get(day)
        if before is not None and before.rows == digest:
            continue
        revision = max(now_ms * _NANOSECONDS, before.revision + 1 if before else 0)
        append(key, account.currency, day, rows, revision, now_ms)
        spend = sum(one.row.spend_micros for one in rows if one.level == "ACCOUNT")
        written[day] = WrittenDay(probes[day], digest, spend, revision, now_ms)
        if len(written) - noted == _NOTED_TOGETHER:
            noted = len(written)
            digests.keep(key, written)
    if len(written) > noted:
        digests.keep(key, written)
    return len(written)


def append(key: Account, currency: str, day: str, rows: Sequence[SnapshotRow], revision: int, now_ms: int) -> None:
    """Writes one version of an account's day to the lake."""
    # Imported when a day is written: who only starts jobs has no packages for columns.
    from optiq.ports.lake_rows import arrow_table, name_of

    organization_id, platform, external_id = key
    of_all = {
        "platform": platform,
        "account": external_id,
        "currency": currency,
        "pulled_at": now_ms,
        "revision": revision,
    }
    lines = [as_lake_row(one, of_all) for one in rows]
    wiring.lake().append(AD_DAILY.name, organization_id, day, name_of("ads", lines), arrow_table(AD_DAILY, lines))
