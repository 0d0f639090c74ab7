"""Which ad each click id was of: read from platforms that tell it, a day of an account at a time.

A platform tells it for some weeks only, so the days are kept in the lake. A day is read once, when it is over: the new
ones first, then the older ones, the newest first.
"""

from optiq.ads import keys
from optiq.ads.connections.asking import asking
from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.credentials import NoCredentialError
from optiq.ads.connections.stores import CONNECTIONS
from optiq.ads.keys import Account
from optiq.ads.lake import AD_CLICKS, REVISIONS_A_MS
from optiq.ads.platforms.contract import Platform
from optiq.ads.platforms.registry import clicking, kinds
from optiq.ads.platforms.reported import ReportedClick
from optiq.ads.platforms.verdicts import PlatformError
from optiq.ads.resolution.records import ClickDaysRecord
from optiq.ads.sync import budgets
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, Clock, day_of, days_before, each_day, parse_day, parse_timezone
from optiq.ports import wiring

_DAYS_AT_ONCE = 7
_LATE_MS = 3 * HOUR_MS


def read_clicks(account: AdAccount, clock: Clock) -> int:
    """Reads the next days of an account's clicks, a week at most; returns how many were read.

    It ends with the platform's quota of the day, and where the platform does not answer: the next time goes on there.
    """
    days = _days_to_read(account, clock())
    for done, day in enumerate(days):
        if not budgets.take_spare(account.platform, clock(), 1):
            return done
        try:
            clicks = _of_day(account, day, clock)
        except (PlatformError, NoCredentialError):
            return done
        _keep(account, day, clicks, clock())
    return len(days)


def _days_to_read(account: AdAccount, now_ms: int) -> list[str]:
    back = kinds()[account.platform].capabilities.click_days
    if not back or not account.timezone:
        return []
    last = days_before(day_of(now_ms - _LATE_MS, parse_timezone(account.timezone)).isoformat(), 1)
    oldest = days_before(last, back - 1)
    read = _read_days(account.key) or (days_before(last, -1), last)
    newer = _days(max(days_before(read[1], -1), oldest), last)
    older = reversed(_days(oldest, days_before(read[0], 1)))
    return [*newer, *older][:_DAYS_AT_ONCE]


def _days(first: str, last: str) -> list[str]:
    return [day.isoformat() for day in each_day(parse_day(first), parse_day(last))] if first <= last else []


def _of_day(account: AdAccount, day: str, clock: Clock) -> list[ReportedClick]:
    connection = CONNECTIONS.get(Caller.system(account.organization_id), account.connection_id)

    def ask(platform: Platform, access: str) -> list[ReportedClick]:
        return clicking(platform).clicks(access, account.external_id, account.login_id, day)

    return asking(connection, ask, clock=clock)


def _keep(account: AdAccount, day: str, clicks: list[ReportedClick], now_ms: int) -> None:
    """The day's file before the note of it: a day that is read twice is the same."""
    # Imported when a day is written: who only asks has no packages for columns.
    from optiq.ports.lake_rows import arrow_table, name_of

    if clicks:
        of_all = {"platform": account.platform, "account": account.external_id, "day": day}
        lines = [
            {**of_all, "click_id": one.click_id, "campaign_id": one.campaign_id, "group_id": one.group_id}
            | {"ad_id": one.ad_id, "revision": now_ms * REVISIONS_A_MS}
            for one in clicks
        ]
        rows = arrow_table(AD_CLICKS, lines)
        wiring.lake().append(AD_CLICKS.name, account.organization_id, day, name_of("clicks", lines), rows)
    # After a pause longer than the platform tells of, the days before it are no part of these.
    first, last = _read_days(account.key) or (day, day)
    joins = days_before(first, 1) <= day <= days_before(last, -1)
    first, last = (min(first, day), max(last, day)) if joins else (day, day)
    ClickDaysRecord(*keys.click_days(*account.key), first=first, last=last).save()


def _read_days(account: Account) -> tuple[str, str] | None:
    try:
        record = ClickDaysRecord.get(*keys.click_days(*account), consistent_read=True)
    except ClickDaysRecord.DoesNotExist:
        return None
    return record.first, record.last
