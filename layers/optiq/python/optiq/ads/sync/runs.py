"""Report runs by which a job reads days: begun, asked about, halved where they fail, and kept until they were read.

A job that waits finds its runs again. What is left of a job that ended is forgotten after two days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Literal

from optiq.ads import keys
from optiq.ads.connections.reader import Reader
from optiq.ads.keys import Account
from optiq.ads.platforms.contract import RunProgress
from optiq.ads.platforms.reported import Level, ReportedRow
from optiq.ads.platforms.verdicts import PlatformError, Verdict
from optiq.ads.sync.records import RunsRecord
from optiq.kernel.clock import DAY_MS, MINUTE_MS, SECOND_MS, halves
from optiq.kernel.table import Put, put_one

_LEVELS: tuple[Level, ...] = ("AD", "CAMPAIGN")
_MOST_AT_ONCE = 10
_NOT_STARTED_MS = 5 * MINUTE_MS
_NOT_DONE_MS = 30 * MINUTE_MS
_KEPT_MS = 2 * DAY_MS


@dataclass(frozen=True, slots=True)
class Run:
    """A report of one level and range. `run_id` is "" before it is begun. `reason`: why it FAILED."""

    level: Level
    first: str
    last: str
    run_id: str = ""
    begun_ms: int = 0
    status: Literal["OPEN", "DONE", "FAILED"] = "OPEN"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a job reads by runs.

    Attributes:
        probes: of every day to read, the digest of the account's row from before the runs began.
        tries: how often the levels did not fit together.
    """

    first: str
    last: str
    probes: Mapping[str, str]
    runs: tuple[Run, ...]
    tries: int = 0

    @property
    def is_over(self) -> bool:
        return all(run.status != "OPEN" for run in self.runs)

    @property
    def begun_ms(self) -> int:
        """When the last of the runs that are not over began."""
        return max((run.begun_ms for run in self.runs if run.status == "OPEN"), default=0)

    @property
    def failed(self) -> dict[str, str]:
        """The days that could not be read, and why."""
        return {run.first: run.reason for run in self.runs if run.status == "FAILED"}


def planned(first: str, last: str, probes: Mapping[str, str], tries: int = 0) -> Reading:
    """A reading of the days of `probes`, within a step's days. None of its runs is begun."""
    runs = tuple(Run(level, min(probes), max(probes)) for level in _LEVELS)
    return Reading(first, last, probes, runs, tries)


def of_job(account: Account, sync_id: str, first: str, last: str, now_ms: int) -> Reading | None:
    """What a job reads in a step; None when it has begun nothing there."""
    try:
        record = RunsRecord.get(*keys.runs(*account, sync_id), consistent_read=True)
    except RunsRecord.DoesNotExist:
        return None
    if record.reading is None or record.has_ended(now_ms):
        return None
    found = Reading(**record.reading | {"runs": tuple(Run(**run) for run in record.reading["runs"])})
    return found if (found.first, found.last) == (first, last) else None


def keep(account: Account, sync_id: str, reading: Reading | None, now_ms: int) -> None:
    """Remembers a reading; None once it was read."""
    stored = None if reading is None else asdict(reading)
    ends = (now_ms + _KEPT_MS) // SECOND_MS
    put_one(Put(RunsRecord(*keys.runs(*account, sync_id), reading=stored, forget_at=ends), None))


def advance(reader: Reader, sync_id: str, reading: Reading, now_ms: int) -> Reading:
    """Asks about every run that is not over, and begins those that are not begun. What was reached is kept.

    Raises as Reader.
    """
    after = reading
    try:
        begun = [run for run in reading.runs if run.status == "OPEN" and run.run_id]
        progress = reader.runs_progress([run.run_id for run in begun]) if begun else {}
        for run in begun:
            after = _instead(after, run, _looked_at(run, progress[run.run_id], reader.account.platform, now_ms))
        for run in after.runs:
            if run.status == "OPEN" and not run.run_id and _open(after) < _MOST_AT_ONCE:
                after = _instead(after, run, _begun(reader, run, now_ms))
    finally:
        if after != reading:
            keep(reader.key, sync_id, after, now_ms)
    return after


def rows(reader: Reader, reading: Reading, level: Level) -> list[ReportedRow]:
    """Every row of a level, of the days that did not fail. Raises as Reader."""
    done = [run for run in reading.runs if run.level == level and run.status == "DONE"]
    return [row for run in done for row in reader.run_rows(run.run_id, level)]


def _looked_at(run: Run, progress: RunProgress | Verdict, platform: str, now_ms: int) -> Iterable[Run]:
    if isinstance(progress, Verdict):
        return _smaller(run, PlatformError(platform, progress))
    if progress == "DONE":
        return (replace(run, status="DONE"),)
    patience = _NOT_STARTED_MS if progress == "NOT_STARTED" else _NOT_DONE_MS
    if now_ms - run.begun_ms >= patience:
        return _halved(run, f"the report was {progress} for {patience // MINUTE_MS} minutes")
    return (run,)


def _begun(reader: Reader, run: Run, now_ms: int) -> Iterable[Run]:
    try:
        run_id = reader.begin_run(run.level, run.first, run.last)
    except PlatformError as error:
        return _smaller(run, error)
    return (replace(run, run_id=run_id, begun_ms=now_ms),)


def _smaller(run: Run, error: PlatformError) -> Iterable[Run]:
    if error.verdict.outcome != "SPLIT":
        raise error
    return _halved(run, str(error))


def _halved(run: Run, reason: str) -> Iterable[Run]:
    """Two runs in place of one; a day that fails has FAILED."""
    if run.first == run.last:
        return (replace(run, status="FAILED", reason=reason),)
    return tuple(Run(run.level, *part) for part in halves(run.first, run.last))


def _instead(reading: Reading, run: Run, those: Iterable[Run]) -> Reading:
    at = reading.runs.index(run)
    return replace(reading, runs=(*reading.runs[:at], *those, *reading.runs[at + 1 :]))


def _open(reading: Reading) -> int:
    return sum(1 for run in reading.runs if run.status == "OPEN" and run.run_id)
