"""A connected account whose world tests move, and jobs that are run as the local worker runs them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from optiq.ads.connections import accounts
from optiq.ads.connections import api as connections
from optiq.ads.lake import AD_DAILY
from optiq.ads.sync import api as sync
from optiq.ads.sync.contracts import SyncJob
from optiq.kernel.caller import Caller
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring

from infra.local.ad_platforms.server import Vendors
from infra.local.ad_platforms.world import Account, DayRow
from tests.functional.ads.connected import caller, connect, now

GOOGLE, META, TIKTOK, ACCOUNT = "GOOGLE_ADS", "META", "TIKTOK", "901"


@dataclass
class Synced:
    """One organization with one chosen account."""

    vendors: Vendors
    organization_id: str
    timezone: str = "Europe/Berlin"
    platform: str = GOOGLE
    who: Caller = field(init=False)
    connection_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.who = caller(self.organization_id)
        self.vendors.world.accounts = [Account(ACCOUNT, timezone=self.timezone)]
        self.connection_id = connect(self.vendors, self.who, self.platform).connection_id
        connections.refresh_accounts(self.who, self.connection_id, self.clock)
        accounts.choose(self.who, self.connection_id, [ACCOUNT])

    def clock(self) -> int:
        return now(self.vendors)

    def at(self, instant: str) -> None:
        """Moves the world's clock. The platform's tokens go on."""
        self.vendors.world.now_ms = ms(instant)

    def rows(self, *rows: DayRow) -> None:
        """What the platform says from now on."""
        self.vendors.world.by_account[ACCOUNT] = list(rows)

    def job(self, **days: str) -> SyncJob:
        return sync.start_sync(self.who, self.platform, ACCOUNT, clock=self.clock, **days)

    def run(self, job: SyncJob) -> SyncJob:
        """Steps until the job is over or waits, as the workflow does."""
        for _ in range(50):
            job = sync.step_sync(self.organization_id, job.sync_id, self.clock)
            if job.status != "RUNNING":
                return job
        raise AssertionError("it never ends")

    def pull(self, **days: str) -> SyncJob:
        job = self.run(self.job(**days))
        assert job.status == "SUCCEEDED", job.reason
        return job

    def spend(self, day: str, as_of: str = "") -> float:
        as_of_ms = ms(as_of) if as_of else None
        return sync.spend_micros(self.who, self.platform, ACCOUNT, day, day, as_of_ms=as_of_ms) / 1_000_000

    def latest(self, day: str, level: str, columns: str) -> list[tuple[Any, ...]]:
        where = "platform = ? AND account = ? AND level = ? AND day = ?"
        sql = f"SELECT {columns} FROM ({latest_rows(AD_DAILY, where)})"
        return sorted(wiring.query().run(sql, self.organization_id, (self.platform, ACCOUNT, level, day)).rows)

    def levels(self, first: str, last: str, columns: str) -> list[tuple[Any, ...]]:
        """Day, level and these columns of every row of some days: one question, where each is 20 ms."""
        where = "platform = ? AND account = ? AND day BETWEEN ? AND ?"
        sql = f"SELECT day, level, {columns} FROM ({latest_rows(AD_DAILY, where)})"
        return sorted(wiring.query().run(sql, self.organization_id, (self.platform, ACCOUNT, first, last)).rows)

    def files(self) -> int:
        return sum(1 for _ in wiring.lake().files(AD_DAILY.name, self.organization_id))


def ms(instant: str) -> int:
    return int(datetime.fromisoformat(instant).astimezone(UTC).timestamp() * 1_000)


def row(day: str, campaign: str, cost: float, **more: Any) -> DayRow:
    return DayRow(day, campaign, round(cost * 1_000_000), **more)
