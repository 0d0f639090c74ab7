"""Who is read when: what is due by the clock, the account that waited longest first, as far as quotas go.

What is read every day is never left out for anything else: intraday readings, readings by hand and older days have
what today's daily ones leave of a quota.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from optiq.ads.connections import accounts
from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.stores import ACCOUNTS, CHOSEN
from optiq.ads.platforms.registry import kinds
from optiq.ads.sync import budgets, jobs, state, turns
from optiq.ads.sync.contracts import SyncJob, Turn
from optiq.ads.sync.days import earliest, next_utc_day_ms, window
from optiq.ads.sync.state import AccountState
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, parse_day, require_order, system_clock
from optiq.kernel.errors import InvalidError, LimitExceededError, VersionError
from optiq.kernel.ids import id_from, new_id
from optiq.kernel.paging import Page


def start_due(clock: Clock = system_clock) -> Counter[str]:
    """Starts the jobs whose wait is over, and those that are due as far as each platform's quota goes.

    Returns how many jobs went on and were created, how many accounts have to wait for another day's quota, and how many
    intraday readings are left out for want of it.
    """
    now_ms, counts = clock(), Counter[str]()
    for job in jobs.JOBS.in_index(jobs.DUE):
        if (job.not_before_ms or 0) <= now_ms:
            try:
                jobs.go_on(jobs.JOBS.get(Caller.system(job.organization_id), job.sync_id))
                counts["went_on"] += 1
            except VersionError:
                continue  # Somebody cancelled it just then.
    chosen = [one for one in ACCOUNTS.in_index(CHOSEN) if _can_be_read(one)]
    _reserve(chosen, now_ms)
    for account, turn, before in _due(chosen, now_ms):
        if _is_paid(account, turn, now_ms):
            _start(account, turn, before, now_ms)
            counts["created"] += 1
        elif turn.is_intraday:
            state.plan(account.key, turn, now_ms)
            counts["left_out"] += 1
        else:
            counts["over_quota"] += 1
    return counts


def choose_accounts(
    caller: Caller, connection_id: str, external_ids: Collection[str], clock: Clock = system_clock
) -> Page[AdAccount]:
    """Chooses these accounts of a connection and no others of it, and begins to read those that never were.

    What was read of the others stays. Raises as `accounts.choose`.
    """
    chosen = accounts.choose(caller, connection_id, external_ids)
    now_ms = clock()
    for account in chosen.items:
        if account.chosen and _can_be_read(account):
            before = state.of_account(account.key)
            turn = turns.due(account, before, now_ms)
            if before.planned_ms is None and turn and _is_paid(account, turn, now_ms):
                _start(account, turn, before, now_ms)
    return chosen


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
    if not _can_be_read(account):
        raise InvalidError("external_id: the login may not read this account")
    recent, today = window(account.timezone, capabilities.restate_days, now_ms)
    first, last = from_day or recent, min(to_day or today, today)
    require_order(parse_day(first), parse_day(last))
    oldest = earliest(account.timezone, capabilities.history_months, now_ms)
    note = ""
    if first < oldest:
        note = f"{kinds()[platform].title} knows {capabilities.history_months} months: read from {oldest}, not {first}"
        first = oldest
    if not budgets.take_spare(platform, now_ms, budgets.PULL):
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


def _can_be_read(account: AdAccount) -> bool:
    """An account that its login never could read has no timezone, and so no days."""
    return kinds()[account.platform].capabilities.reports and bool(account.timezone)


def _due(chosen: Sequence[AdAccount], now_ms: int) -> list[tuple[AdAccount, Turn, AccountState]]:
    """Accounts that are due: those for the day before those within it, and of each the longest unread first."""
    states = state.of_accounts(one.key for one in chosen)
    found = [(one, turns.due(one, states[one.key], now_ms), states[one.key]) for one in chosen]
    due = [(one, turn, before) for one, turn, before in found if turn]
    return sorted(due, key=lambda each: (each[1].is_intraday, each[2].planned_ms or 0, each[0].key))


def _reserve(chosen: Sequence[AdAccount], now_ms: int) -> None:
    """Keeps of each quota what the daily readings that begin later today need."""
    later = Counter(
        one.platform for one in chosen if turns.daily_turn_ms(one, now_ms) + DAY_MS < next_utc_day_ms(now_ms)
    )
    for platform in {one.platform for one in chosen}:
        budgets.reserve(platform, now_ms, later[platform] * budgets.PULL)


def _is_paid(account: AdAccount, turn: Turn, now_ms: int) -> bool:
    if turn.is_intraday:
        return budgets.take_spare(account.platform, now_ms, budgets.INTRADAY)
    return budgets.take(account.platform, now_ms, budgets.PULL)


def _start(account: AdAccount, turn: Turn, before: AccountState, now_ms: int) -> None:
    """The job's id follows from the turn: killed before the note, the next run finds the same job."""
    first, last = turns.days_of(turn.kind, account, before, now_ms)
    job = SyncJob(
        account.organization_id,
        id_from("adsync", turn.at_ms, *account.key),
        turn.kind,
        account.platform,
        account.external_id,
        "QUEUED",
        first,
        last,
        last,
        now_ms,
    )
    jobs.create(Caller.system(account.organization_id), job, audited=False)
    state.plan(account.key, turn, now_ms)
