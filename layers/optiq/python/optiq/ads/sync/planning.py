"""Who is read when: every chosen account once a day of its own, the one that waited longest first."""

from collections import Counter
from hashlib import blake2b

from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.stores import ACCOUNTS, CHOSEN
from optiq.ads.platforms.registry import kinds
from optiq.ads.sync import budgets, jobs, state
from optiq.ads.sync.contracts import SyncJob
from optiq.ads.sync.days import earliest, latest_turn_ms, window
from optiq.ads.sync.state import AccountState
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, Clock, days_before, parse_day, require_order, system_clock
from optiq.kernel.errors import InvalidError, LimitExceededError, VersionError
from optiq.kernel.ids import id_from, new_id

_HOUR_SECONDS = 3_600


def start_due(clock: Clock = system_clock) -> Counter[str]:
    """Starts the jobs whose wait is over, and the daily jobs that are due as far as each platform's quota goes.

    Returns how many jobs went on and were created, and how many accounts have to wait for another day's quota.
    """
    now_ms, counts = clock(), Counter[str]()
    for job in jobs.JOBS.in_index(jobs.DUE):
        if (job.not_before_ms or 0) <= now_ms:
            try:
                jobs.go_on(jobs.JOBS.get(Caller.system(job.organization_id), job.sync_id))
                counts["went_on"] += 1
            except VersionError:
                continue  # Somebody cancelled it just then.
    for account, turn_ms, before in _due_accounts(now_ms):
        if not budgets.take(account.platform, now_ms):
            counts["over_quota"] += 1
        else:
            # The job's id follows from the turn: killed before the note, the next run finds the same job.
            _start_daily(account, before, turn_ms, now_ms)
            state.plan(key_of(account), turn_ms)
            counts["created"] += 1
    return counts


def start(
    caller: Caller,
    platform: str,
    external_id: str,
    *,
    from_day: str | None = None,
    to_day: str | None = None,
    clock: Clock = system_clock,
) -> SyncJob:
    """Reads an account now: the days that may have changed, or those from `from_day` to `to_day`.

    Raises:
        NotFoundError: there is no such account. InvalidError: it is not chosen or cannot be read, or a day is wrong.
        LimitExceededError: the platform's quota of the day is used up.
    """
    account, now_ms = ACCOUNTS.get(caller, platform, external_id), clock()
    capabilities = kinds()[platform].capabilities
    if not capabilities.reports:
        raise InvalidError(f"platform: the numbers of {kinds()[platform].title} cannot be read yet")
    if not account.chosen:
        raise InvalidError("external_id: this account is not chosen: choose it first")
    recent, today = window(account.timezone, capabilities.restate_days, now_ms)
    first, last = from_day or recent, min(to_day or today, today)
    require_order(parse_day(first), parse_day(last))
    oldest = earliest(account.timezone, capabilities.history_months, now_ms)
    note = ""
    if first < oldest:
        note = f"{kinds()[platform].title} knows {capabilities.history_months} months: read from {oldest}, not {first}"
        first = oldest
    if not budgets.take(platform, now_ms):
        raise LimitExceededError("the platform's quota of today is used up: try tomorrow", retry_after_seconds=3_600)
    job = SyncJob(
        caller.organization_id,
        new_id("adsync", now_ms),
        "BACKFILL" if from_day else "MANUAL",
        platform,
        external_id,
        "QUEUED",
        first,
        last,
        last,
        now_ms,
        note=note,
    )
    return jobs.create(caller, job, audited=True)


def key_of(account: AdAccount) -> tuple[str, str, str]:
    return account.organization_id, account.platform, account.external_id


def _due_accounts(now_ms: int) -> list[tuple[AdAccount, int, AccountState]]:
    """Accounts that are due with their turn and how far they were read, the longest unread first."""
    chosen = [one for one in ACCOUNTS.in_index(CHOSEN) if kinds()[one.platform].capabilities.reports]
    states = state.of_accounts(map(key_of, chosen))
    all_of = [(one, _turn_ms(one, now_ms), states[key_of(one)]) for one in chosen]
    due = [(one, turn, before) for one, turn, before in all_of if (before.planned_ms or 0) < turn]
    return sorted(due, key=lambda each: (each[2].planned_ms or 0, key_of(each[0])))


def _turn_ms(account: AdAccount, now_ms: int) -> int:
    """Spread over the hour, so that a thousand accounts of a timezone do not begin together."""
    seed = blake2b("#".join(key_of(account)).encode(), digest_size=4).digest()
    spread_ms = int.from_bytes(seed, "big") % _HOUR_SECONDS * (HOUR_MS // _HOUR_SECONDS)
    return latest_turn_ms(account.timezone, spread_ms, now_ms)


def _start_daily(account: AdAccount, before: AccountState, turn_ms: int, now_ms: int) -> None:
    """Reads what may have changed; after an outage also the days since the last one that had settled."""
    capabilities = kinds()[account.platform].capabilities
    first, last = window(account.timezone, capabilities.restate_days, now_ms)
    if before.settled_through:
        oldest = earliest(account.timezone, capabilities.history_months, now_ms)
        first = max(min(first, days_before(before.settled_through, -1)), oldest)
    job = SyncJob(
        account.organization_id,
        id_from("adsync", turn_ms, *key_of(account)),
        "DAILY_SYNC",
        account.platform,
        account.external_id,
        "QUEUED",
        first,
        last,
        last,
        now_ms,
    )
    jobs.create(Caller.system(account.organization_id), job, audited=False)
