"""Reads days of an account and writes those that changed, each whole.

First the account's own rows of all days, in one call. Days whose row is as it was written last need nothing more. Of
the others every level is read, checked against the account, written to the lake, and then noted. Killed between the
two, the next pull writes equal rows again, which changes nothing for readers.

Where a platform prepares reports, many days are read by runs (runs.py). The account's rows are then read once more
after them, because the runs take minutes; what is noted of a day is its row from before, so that a day which changed
in between is read again by the next pull.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from optiq.ads.connections.reader import Reader
from optiq.ads.digest import digest_of
from optiq.ads.lake import REVISIONS_A_MS
from optiq.ads.platforms.reported import EntityId, ReportedRow
from optiq.ads.platforms.verdicts import MovedPagesError, PlatformError
from optiq.ads.sync import daily, digests, hourly, runs
from optiq.ads.sync.digests import WrittenDay
from optiq.ads.sync.runs import Reading
from optiq.ads.sync.snapshots import Part, SumMismatchError, by_day, snapshot
from optiq.kernel.clock import each_day, parse_day

_TRIES = 4
"""The first, and three restarts."""
_NOTED_TOGETHER = 10
"""Days: a pull that is killed reads at most so many again."""


class UnstableError(Exception):
    """The platform's answers did not fit together, however often they were asked for: nothing was written."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"{error}, {_TRIES} times")


@dataclass(frozen=True, slots=True)
class Pulled:
    """How many days were written, and how many were as before.

    Attributes:
        reported: what has numbers on those that were written. failed: the days that could not be read, and why.
    """

    changed: int
    unchanged: int
    reported: frozenset[EntityId] = frozenset()
    failed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pending:
    """The platform prepares a report, since an instant: nothing is written yet."""

    begun_ms: int


def pull(reader: Reader, sync_id: str, first: str, last: str, *, whole: bool = False) -> Pulled | Pending:
    """Reads the days from `first` to `last`, both included, and writes those that changed.

    Args:
        whole: also looks below the account's row of days where that is unchanged.

    Raises:
        UnstableError, PlatformError, NoCredentialError, BadNumberError: nothing of the failed answer was written.
    """
    key = reader.key
    days = [day.isoformat() for day in each_day(parse_day(first), parse_day(last))]
    known = digests.written(key, days)
    if reader.capabilities.runs_from_days and (reading := runs.of_job(key, sync_id, first, last, reader.clock())):
        return _by_runs(reader, sync_id, reading, known, days)
    tries, by_hour = 0, hourly.is_needed(reader.account)
    while True:
        tries += 1
        try:
            totals = by_day(reader.rows("ACCOUNT", first, last))
            probes = {day: digest_of(totals.get(day, ())) for day in days}
            to_read = [day for day in days if whole or not _is_as_known(known.get(day), probes[day], by_hour)]
            if not to_read:
                return Pulled(0, len(days))
            found = None if _needs_runs(reader, to_read) else _snapshots(reader, totals, to_read)
        except (SumMismatchError, MovedPagesError) as error:
            if tries == _TRIES:
                raise UnstableError(error) from error
            continue  # Something changed between two answers: all of them again.
        if found is None:
            reading = runs.planned(first, last, {day: probes[day] for day in to_read})
            return _by_runs(reader, sync_id, reading, known, days)
        written = _write(reader, found, known, probes)
        return Pulled(written, len(days) - written, _reported(found))


def _is_as_known(known: WrittenDay | None, probe: str, by_hour: bool) -> bool:
    return known is not None and known.probe == probe and (known.hours or not by_hour)


def _needs_runs(reader: Reader, days: Sequence[str]) -> bool:
    from_days = reader.capabilities.runs_from_days
    return from_days is not None and (parse_day(days[-1]) - parse_day(days[0])).days + 1 >= from_days


def _by_runs(
    reader: Reader, sync_id: str, reading: Reading, known: Mapping[str, WrittenDay], days: Sequence[str]
) -> Pulled | Pending:
    """Goes on with a reading, and writes its days once all of its runs are over."""
    key = reader.key
    reading = runs.advance(reader, sync_id, reading, reader.clock())
    if not reading.is_over:
        return _pending(reader, reading)
    failed = reading.failed
    to_read = sorted(set(reading.probes) - set(failed))
    ads, campaigns = (by_day(runs.rows(reader, reading, level)) for level in ("AD", "CAMPAIGN"))
    totals = by_day(reader.rows("ACCOUNT", min(reading.probes), max(reading.probes)))
    try:
        found = {day: snapshot(day, totals.get(day, ()), campaigns.get(day, ()), ads.get(day, ())) for day in to_read}
    except SumMismatchError as error:
        if reading.tries + 1 == _TRIES:
            raise UnstableError(error) from error
        again = runs.planned(reading.first, reading.last, reading.probes, reading.tries + 1)
        return _pending(reader, runs.advance(reader, sync_id, again, reader.clock()))
    written = _write(reader, found, known, reading.probes)
    runs.keep(key, sync_id, None, reader.clock())
    return Pulled(written, len(days) - written - len(failed), _reported(found), failed)


def _pending(reader: Reader, reading: Reading) -> Pending:
    """Halves of a run that are not begun yet begin with the next step."""
    return Pending(reading.begun_ms or reader.clock())


def _snapshots(
    reader: Reader, totals: Mapping[str, Sequence[ReportedRow]], days: Sequence[str]
) -> dict[str, list[Part]] | None:
    """The days with all levels; None where a day is too much to be read at once, and the platform prepares reports."""
    try:
        campaigns, ads = (by_day(reader.rows(level, days[0], days[-1])) for level in ("CAMPAIGN", "AD"))
    except PlatformError as error:
        if error.verdict.outcome == "SPLIT" and reader.capabilities.runs_from_days:
            return None
        raise
    return {day: snapshot(day, totals.get(day, ()), campaigns.get(day, ()), ads.get(day, ())) for day in days}


def _reported(found: Mapping[str, Sequence[Part]]) -> frozenset[EntityId]:
    # Most are on every day: tuples of texts are told apart sooner than ids.
    ads: set[tuple[str, str, str]] = set()
    campaign_ids: set[str] = set()
    for part in chain.from_iterable(found.values()):
        if part.level == "AD":
            ads |= {(one.entity_id, one.campaign_id, one.group_id) for one in part.rows}
        elif part.level == "CAMPAIGN":
            campaign_ids |= {one.entity_id for one in part.rows}
    campaigns = (EntityId("CAMPAIGN", one, one) for one in campaign_ids if one)
    return frozenset([*campaigns, *(EntityId("AD", *ids) for ids in ads if ids[0])])


def _write(
    reader: Reader,
    found: Mapping[str, Sequence[Part]],
    known: Mapping[str, WrittenDay],
    probes: Mapping[str, str],
) -> int:
    """Writes the days that differ from what was written last, files before their note; returns how many."""
    key, account = reader.key, reader.account
    hours = hourly.rows_of(reader, found)
    now_ms = reader.clock()
    written: dict[str, WrittenDay] = {}
    as_before: dict[str, WrittenDay] = {}
    noted = 0
    for day, parts in found.items():
        columns = daily.columns_of(parts)
        digest = daily.digest(columns, hours.get(day, ()))
        before = known.get(day)
        if before is not None and before.rows == digest:
            if before.probe != probes[day]:  # It was noted with the account's row of another moment.
                as_before[day] = replace(before, probe=probes[day], pulled_ms=now_ms)
            continue
        revision = max(now_ms * REVISIONS_A_MS, before.revision + 1 if before else 0)
        if day in hours:
            hourly.append(key, account.timezone, account.currency, day, hours[day], revision)
        daily.append(key, account.currency, day, columns, daily.Version(digest, revision, now_ms))
        spend = sum(one.spend_micros for part in parts if part.level == "ACCOUNT" for one in part.rows)
        written[day] = WrittenDay(probes[day], digest, spend, revision, now_ms, day in hours)
        if len(written) - noted == _NOTED_TOGETHER:
            noted = len(written)
            digests.keep(key, written)
    if len(written) > noted or as_before:
        digests.keep(key, written | as_before)
    return len(written)
