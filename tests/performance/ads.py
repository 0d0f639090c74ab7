"""What reading advertising accounts costs: `python -m tests.performance.ads`, beside the targets of its design.

Accounts of a stand-in in this process are read over HTTP by the steps that Lambda runs. CPU is that of the reading
thread alone: the stand-in answers in others. Prices are of a sync of a thousand such accounts.
"""

import argparse
import tempfile
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from rich.console import Console

from infra.local.system import attach
from tests.performance.bench import figures_table
from tests.performance.figures import Figure
from tests.performance.prices import (
    LAMBDA_GB_SECOND,
    LAMBDA_REQUEST_PER_M,
    MB_OF_A_CPU,
    READ_PER_M,
    S3_PUT_MS,
    S3_PUT_PER_M,
    TABLE_CALL_MS,
    WRITE_PER_M,
)

if TYPE_CHECKING:
    from tests.functional.ads.synced import Synced

_PRICED_ACCOUNTS = 1_000
_ADS_OF_A_CAMPAIGN = 6
_CHANGED_OF_30 = 12
_STEP_MB = 1_024
_PLATFORM_CALL_MS = 500.0
"""Of waiting for a platform's answer: assumed, with a page of 500 rows."""
_TRANSITION_PER_M, _TRANSITIONS_OF_A_STEP = 25.0, 3
_CPU_GOAL_US, _UNITS_GOAL, _UNITS_OF_A_ROW_GOAL, _DOLLARS_GOAL = 25.0, 40.0, 0.007, 1.00
_CALLS_GOALS = {"GOOGLE_ADS": (5, 5), "META": (23, 14), "TIKTOK": (11, 7)}
"""Of an account's full reading, and of a usual day."""
_FIRST_LISTS = "first lists"
_NOW = "2026-10-02T06:00:00+02:00"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is read: accounts, days back from today, and ads of each account."""

    accounts: int
    days: int
    ads: int


@dataclass(slots=True)
class Used:
    """What reading one account took."""

    rows: int = 0
    cpu_seconds: float = 0.0
    write_units: float = 0.0
    read_units: float = 0.0
    table_calls: float = 0.0
    platform_calls: float = 0.0
    files: float = 0.0
    steps: float = 0.0

    @property
    def dollars(self) -> float:
        """Of a sync of a thousand accounts."""
        # A function with less memory than a whole CPU takes as much longer.
        cpu_ms = self.cpu_seconds * 1_000 * MB_OF_A_CPU / _STEP_MB
        waits_ms = self.platform_calls * _PLATFORM_CALL_MS + self.table_calls * TABLE_CALL_MS + self.files * S3_PUT_MS
        gb_seconds = (cpu_ms + waits_ms) / 1_000 * _STEP_MB / 1_024
        per_million = (
            self.steps * (LAMBDA_REQUEST_PER_M + _TRANSITIONS_OF_A_STEP * _TRANSITION_PER_M)
            + self.files * S3_PUT_PER_M
            + self.write_units * WRITE_PER_M
            + self.read_units * READ_PER_M
        )
        return _PRICED_ACCOUNTS * (gb_seconds * LAMBDA_GB_SECOND + per_million / 1_000_000)


def measure(size: Size, platforms: tuple[str, ...]) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        from optiq.kernel.collecting import look_seldom

        from tests.performance.metering import one_call_each

        look_seldom()  # as in functions and the worker
        with one_call_each():
            return [figure for platform in platforms for figure in _of_platform(platform, size)]


def _of_platform(platform: str, size: Size) -> list[Figure]:
    from optiq.kernel.ids import new_id
    from optiq.ports import wiring

    from infra.local.ad_platforms.server import running_vendors
    from tests.functional.ads.synced import Synced, ms

    kinds = {_FIRST_LISTS: Used(), "full": Used(), "unchanged": Used(), "usual day": Used()}
    with running_vendors() as vendors, patch.object(wiring, "oauth_clients", vendors.clients):
        vendors.world.most_in_page = vendors.world.rows_of_batch = 10_000
        vendors.world.run_plan = lambda _: ["Job Running", "Job Running", "Job Completed"]
        for number in range(size.accounts):
            vendors.world.now_ms = ms(_NOW)
            synced = Synced(vendors, new_id("org", ms(_NOW) + number), platform=platform)
            rows = _rows(size)
            synced.rows(*rows)
            # Every campaign and ad is written once in its life.
            _read(synced, kinds[_FIRST_LISTS], "BACKFILL", replace(size, days=1))
            _read(synced, kinds["full"], "BACKFILL", size)
            _read(synced, kinds["unchanged"], "DAILY_SYNC", size)
            _restate(rows, size)
            _read(synced, kinds["usual day"], "DAILY_SYNC", size)
    return [figure for kind, used in kinds.items() for figure in _figures(platform, kind, used, size)]


def _rows(size: Size) -> list[Any]:
    from tests.functional.ads.synced import row

    return [
        row(
            day,
            str(1_000 + ad // _ADS_OF_A_CAMPAIGN),
            # Costs are seldom the same twice, conversions often.
            1 + (number * size.ads + ad) / 100,
            ad=str(50_000 + ad),
            clicks=4 + ad % 29,
            impressions=99 + ad + number,
            claimed=ad % 5 / 2,
        )
        for number, day in enumerate(_days(size))
        for ad in range(size.ads)
    ]


def _days(size: Size) -> list[str]:
    from optiq.kernel.clock import days_before

    return [days_before(_NOW[:10], back) for back in range(size.days)]


def _restate(rows: list[Any], size: Size) -> None:
    """Conversions come late: of thirty days, twelve have changed since yesterday."""
    changed = set(_days(size)[: size.days * _CHANGED_OF_30 // 30 or 1])
    for one in rows:
        if one.day in changed:
            one.claimed += 1


def _read(synced: "Synced", used: Used, kind: Any, size: Size) -> None:
    from optiq.ads.sync import api as sync
    from optiq.ads.sync import jobs

    from tests.performance.metering import Meter

    days = _days(size)
    job = synced.job(from_day=min(days), to_day=max(days))
    job = jobs.write(job, replace(job, kind=kind))
    asked, meter, started = len(synced.vendors.heard), Meter(), time.thread_time()
    with meter:
        while job.status in ("QUEUED", "RUNNING"):
            synced.vendors.world.now_ms = max(synced.clock(), job.not_before_ms or 0)
            job = sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
            used.steps += 1
    assert job.status == "SUCCEEDED", job.reason
    used.cpu_seconds += time.thread_time() - started
    used.write_units += meter.write_units
    used.read_units += meter.read_units
    used.table_calls += meter.calls
    used.files += meter.files
    used.platform_calls += len(synced.vendors.heard) - asked
    used.rows += job.days_changed * (size.ads + -(-size.ads // _ADS_OF_A_CAMPAIGN) + 1)
    synced.vendors.heard.clear()


def _figures(platform: str, kind: str, used: Used, size: Size) -> list[Figure]:
    """Of one account each."""
    one = Used(
        used.rows // size.accounts,
        *(
            getattr(used, name) / size.accounts
            for name in ("cpu_seconds", "write_units", "read_units", "table_calls", "platform_calls", "files", "steps")
        ),
    )
    name, goals = f"{platform}, {kind}", dict(zip(("full", "usual day"), _CALLS_GOALS[platform], strict=True))
    units_goal = None if kind == _FIRST_LISTS else _UNITS_GOAL
    figures = [
        Figure(f"{name}: calls of the platform", one.platform_calls, "", goals.get(kind)),
        Figure(f"{name}: write units", one.write_units, "", units_goal, note=f"{one.table_calls:.0f} table calls"),
        Figure(
            f"{name}: a sync of {_PRICED_ACCOUNTS:,} accounts",
            one.dollars,
            "$",
            _DOLLARS_GOAL,
            note=f"{one.steps:.0f} steps, {one.files:.0f} files, {one.cpu_seconds * 1_000:.0f} ms CPU an account",
        ),
    ]
    if one.rows and kind in goals:
        figures += [
            Figure(f"{name}: CPU a row", one.cpu_seconds * 1_000_000 / one.rows, "µs", _CPU_GOAL_US),
            Figure(f"{name}: write units a row", one.write_units / one.rows, "", _UNITS_OF_A_ROW_GOAL),
        ]
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=3, help="of each platform; the design's load is 1,000")
    parser.add_argument("--days", type=int, default=29, help="back from today")
    parser.add_argument("--ads", type=int, default=200, help="of each account")
    parser.add_argument("--platforms", nargs="*", default=sorted(_CALLS_GOALS))
    asked = parser.parse_args()
    size = Size(asked.accounts, asked.days, asked.ads)
    title = f"Advertising accounts: {size.accounts} of each platform, {size.days} days, {size.ads} ads"
    Console(width=max(120, Console().width)).print(figures_table(title, measure(size, tuple(asked.platforms))))


if __name__ == "__main__":
    main()
