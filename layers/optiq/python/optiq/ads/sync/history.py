"""What is known of an account's days: how far they were read, and what the platform changed since."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.lake import AD_DAILY, REVISIONS_A_MS
from optiq.ads.platforms.registry import kinds
from optiq.ads.platforms.reported import Level
from optiq.ads.sync import digests, state
from optiq.ads.sync.contracts import AccountDays, CoveredDay, Restatement
from optiq.ads.sync.days import status_of
from optiq.ads.sync.digests import WrittenDay
from optiq.ads.sync.settling import settling
from optiq.ads.sync.state import AccountState
from optiq.kernel.caller import Caller
from optiq.kernel.clock import each_day, parse_day, require_order
from optiq.kernel.errors import InvalidError
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring

_MOST_DAYS = 400


def account_days(caller: Caller, platform: str, external_id: str, first: str, last: str) -> AccountDays:
    """Coverage and restatements of a range, and how its days settled. Raises as `coverage`."""
    asked = (caller, platform, external_id, first, last)
    days = coverage(*asked)
    settled = [one.day for one in days if one.status == "SETTLED"]
    account = ACCOUNTS.get(caller, platform, external_id)
    return AccountDays(tuple(days), tuple(restatements(*asked)), settling(caller, account, settled))


def coverage(caller: Caller, platform: str, external_id: str, first: str, last: str) -> list[CoveredDay]:
    """Each day of a range. Raises NotFoundError; InvalidError for days that cannot be."""
    account = ACCOUNTS.get(caller, platform, external_id)
    days = _days(first, last)
    key = (caller.organization_id, platform, external_id)
    known, read = digests.written(key, days), state.of_account(key)
    return [_covered(day, account, known.get(day), read) for day in days]


def spend_micros(
    caller: Caller, platform: str, external_id: str, first: str, last: str, *, as_of_ms: int | None = None
) -> int:
    """What an account spent on days that were read, now or as it was known at an instant."""
    until = "" if as_of_ms is None else f" AND revision <= {as_of_ms * REVISIONS_A_MS}"
    where = f"platform = ? AND account = ? AND level = 'ACCOUNT' AND day BETWEEN ? AND ?{until}"
    sql = f"SELECT coalesce(sum(spend_micros), 0) FROM ({latest_rows(AD_DAILY, where)})"  # noqa: S608 - names are ours
    ((found,),) = wiring.query().run(sql, caller.organization_id, (platform, external_id, first, last)).rows
    return int(found or 0)


def restatements(
    caller: Caller, platform: str, external_id: str, first: str, last: str, *, level: Level = "CAMPAIGN"
) -> list[Restatement]:
    """What the platform changed of days after they were read, by day and time. Raises as `coverage`.

    Versions that are equal, as a crash between a file and its note leaves them, are no change.
    """
    ACCOUNTS.get(caller, platform, external_id)
    _days(first, last)
    sql = (
        "SELECT DISTINCT day, revision, entity_id, spend_micros, claimed_count_micros "  # noqa: S608 - names are ours
        f"FROM {AD_DAILY.name} WHERE platform = ? AND account = ? AND level = ? AND day BETWEEN ? AND ? "
        "ORDER BY day, revision, entity_id"
    )
    rows = wiring.query().run(sql, caller.organization_id, (platform, external_id, level, first, last)).rows
    versions: dict[str, dict[int, dict[str, tuple[int, int]]]] = {}
    for day, revision, entity_id, spend, claimed in rows:
        of_day = versions.setdefault(str(day), {}).setdefault(int(revision or 0), {})
        of_day[str(entity_id)] = (int(spend or 0), int(claimed or 0))
    return [
        change
        for day, of_day in versions.items()
        for (_, before), (revision, after) in pairwise(of_day.items())
        for change in _changes(day, revision // REVISIONS_A_MS, before, after)
    ]


def _changes(
    day: str, at_ms: int, before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]
) -> Iterator[Restatement]:
    for entity_id in sorted({*before, *after}):
        old, new = before.get(entity_id, (0, 0)), after.get(entity_id, (0, 0))
        if old != new:
            yield Restatement(day, entity_id, at_ms, old[0], new[0], old[1], new[1], entity_id not in after)


def _covered(day: str, account: AdAccount, known: WrittenDay | None, read: AccountState) -> CoveredDay:
    if known is None:
        return CoveredDay(day, "NEVER", None, 0)
    pulled_ms = max(known.pulled_ms, read.read_ms(day) or 0)
    restate_days = kinds()[account.platform].capabilities.restate_days
    status = status_of(day, account.timezone, pulled_ms, read.settled_through, restate_days)
    return CoveredDay(day, status, pulled_ms, known.spend_micros)


def _days(first: str, last: str) -> list[str]:
    begin, end = parse_day(first), parse_day(last)
    require_order(begin, end)
    if (end - begin).days >= _MOST_DAYS:
        raise InvalidError(f"from: at most {_MOST_DAYS} days can be asked for")
    return [day.isoformat() for day in each_day(begin, end)]
