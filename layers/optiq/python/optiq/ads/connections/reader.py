"""Asks an account's platform for rows and report runs, in parts where it wants less, and heeds its quotas meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from optiq.ads.connections.asking import asking
from optiq.ads.connections.contracts import AdAccount, Connection
from optiq.ads.keys import Account
from optiq.ads.platforms.asking import require_quota
from optiq.ads.platforms.contract import Platform, Reporting, RunProgress
from optiq.ads.platforms.registry import hourly, kinds, report_runs, reporting, usage_of
from optiq.ads.platforms.reported import Level, ReportedHour, ReportedRow, Usage
from optiq.ads.platforms.traits import Capabilities
from optiq.ads.platforms.verdicts import PlatformError, Verdict
from optiq.kernel.clock import Clock, halves

T = TypeVar("T")


@dataclass(slots=True)
class Reader:
    """Reads one account. `usage` is what the platform's last answer says of a quota, None where it says nothing.

    Every method raises PlatformError and NoCredentialError. Once the platform says that it answers nothing for a
    while, it is not asked: the error is THROTTLE.
    """

    connection: Connection
    account: AdAccount
    clock: Clock
    usage: Usage | None = field(default=None, init=False)

    @property
    def capabilities(self) -> Capabilities:
        return kinds()[self.account.platform].capabilities

    @property
    def key(self) -> Account:
        return self.account.organization_id, self.account.platform, self.account.external_id

    def ask(self, work: Callable[[Reporting, str], T]) -> T:
        """What `work` gets of the platform with an access token, as `asking`."""
        require_quota(self.account.platform, self.usage)

        def heeding(platform: Platform, access: str) -> T:
            try:
                return work(reporting(platform), access)
            finally:
                self.usage = usage_of(platform)

        return asking(self.connection, heeding, clock=self.clock)

    def rows(self, level: Level, first: str, last: str) -> list[ReportedRow]:
        """Every row of these days. A range that is too much is read in halves; SPLIT when a day is too much."""
        one = self.account
        try:
            return self.ask(
                lambda platform, access: platform.report(access, one.external_id, one.login_id, level, first, last)
            )
        except PlatformError as error:
            if error.verdict.outcome != "SPLIT" or first == last:
                raise
        return [row for part in halves(first, last) for row in self.rows(level, *part)]

    def hours(self, first: str, last: str) -> list[ReportedHour]:
        one = self.account
        return self.ask(
            lambda platform, access: hourly(platform).hours(access, one.external_id, one.login_id, first, last)
        )

    def begin_run(self, level: Level, first: str, last: str) -> str:
        one = self.account
        return self.ask(
            lambda platform, access: report_runs(platform).begin_run(
                access, one.external_id, one.login_id, level, first, last
            )
        )

    def runs_progress(self, run_ids: Sequence[str]) -> Mapping[str, RunProgress | Verdict]:
        return self.ask(lambda platform, access: report_runs(platform).runs_progress(access, run_ids))

    def run_rows(self, run_id: str, level: Level) -> list[ReportedRow]:
        external_id = self.account.external_id
        return self.ask(lambda platform, access: report_runs(platform).run_rows(access, external_id, run_id, level))
