"""How far an account was read, and the lease of whoever reads it."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from optiq.ads import keys
from optiq.ads.keys import Account
from optiq.ads.sync.contracts import SyncJob, Turn
from optiq.ads.sync.records import AccountStateRecord
from optiq.ads.sync.spans import Spans, with_span
from optiq.kernel.clock import MINUTE_MS, days_before
from optiq.kernel.table import Update, update_if, whole_or_none

LEASE_MS = 16 * MINUTE_MS
"""A little longer than a function may run: whoever has it has ended by then."""

_MOST_READS = 8
"""Ranges of days, each read later than those before: who is in none was read when it was written."""


@dataclass(frozen=True, slots=True)
class Read:
    """Days that were read whole, both included, and when."""

    first: str
    last: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class AccountState:
    """How far an account was read.

    Attributes:
        planned_ms, intraday_ms: the last turns of the clock that have their job, of the day and within it.
        reads: what was read whole lately, the latest last.
        settled_through: the last day that changes no more; "" for none.
        days_read: those that were ever read. days_whole: those that were after they were over.
        failures: how often the platform failed since it was read last. failing: how, the last time; "" for not.
    """

    planned_ms: int | None = None
    intraday_ms: int | None = None
    reads: tuple[Read, ...] = ()
    settled_through: str = ""
    days_read: Spans = ()
    days_whole: Spans = ()
    failures: int = 0
    failing: str = ""

    def read_ms(self, day: str) -> int | None:
        """When a day was read last, as far as is known."""
        return max((one.at_ms for one in self.reads if one.first <= day <= one.last), default=None)


def of_account(account: Account) -> AccountState:
    try:
        record = AccountStateRecord.get(*keys.account_state(*account), consistent_read=True)
    except AccountStateRecord.DoesNotExist:
        return AccountState()
    return _state(record)


def of_accounts(accounts: Iterable[Account]) -> dict[Account, AccountState]:
    """The state of each account."""
    by_key = {tuple(keys.account_state(*account)): account for account in accounts}
    found = {by_key[record.pk, record.sk]: _state(record) for record in AccountStateRecord.batch_get(list(by_key))}
    return {account: found.get(account, AccountState()) for account in by_key.values()}


def take_lease(account: Account, sync_id: str, now_ms: int) -> bool:
    """Whether a job may read the account alone; the same job may again."""
    lease, until = AccountStateRecord.lease, AccountStateRecord.lease_ms
    free = lease.does_not_exist() | (lease == sync_id) | (until <= now_ms)
    return update_if(Update(_at(account), [lease.set(sync_id), until.set(now_ms + LEASE_MS)], free))


def give_back(account: Account, sync_id: str) -> None:
    lease = AccountStateRecord.lease
    update_if(Update(_at(account), [lease.remove(), AccountStateRecord.lease_ms.remove()], lease == sync_id))


def plan(account: Account, turn: Turn, now_ms: int) -> None:
    """Notes that this turn of the clock has its job. What is read every day is a reading within the day, too."""
    planned, intraday = AccountStateRecord.planned_ms, AccountStateRecord.intraday_ms
    if turn.is_intraday:
        update_if(Update(_at(account), [intraday.set(turn.at_ms)], intraday.does_not_exist() | (intraday < turn.at_ms)))
    else:
        actions = [planned.set(turn.at_ms), intraday.set(now_ms)]
        update_if(Update(_at(account), actions, planned.does_not_exist() | (planned < turn.at_ms)))


def note_read(account: Account, sync_id: str, read: Spans, over: str) -> None:
    """Notes that days were read and written, by whoever has the lease. `over` is the last that had ended by then."""
    before = of_account(account)
    days_read, days_whole = before.days_read, before.days_whole
    for first, last in read:
        days_read = with_span(days_read, first, last)
        if first <= over:
            days_whole = with_span(days_whole, first, min(last, over))
    record = AccountStateRecord
    actions = [record.days_read.set(days_read), record.days_whole.set(days_whole)]
    update_if(Update(_at(account), actions, record.lease == sync_id))


def note_pull(account: Account, job: SyncJob, settled_through: str) -> None:
    """Notes that a job's days were read whole.

    Args:
        settled_through: the last day that the platform changed no more when the job was created. It counts only where
            the job leaves no gap to what was settled before.
    """
    record, known = AccountStateRecord, of_account(account)
    before = known.settled_through
    joins = not before or job.from_day <= days_before(before, -1)
    settled = settled_through if joins and job.from_day <= settled_through <= job.to_day else ""
    # A range within the new one says nothing more.
    others = [one for one in known.reads if not (job.from_day <= one.first and one.last <= job.to_day)]
    reads = [*others, Read(job.from_day, job.to_day, job.created_ms)][-_MOST_READS:]
    actions = [record.reads.set([astuple(one) for one in reads]), record.settled_through.set(max(settled, before))]
    update_if(Update(_at(account), actions, record.lease == job.sync_id))


def note_failure(account: Account, reason: str) -> None:
    """Notes that the platform did not give what a job asked for, once more."""
    record = AccountStateRecord
    actions = [record.failures.set((record.failures | 0) + 1), record.failing.set(reason)]
    update_if(Update(_at(account), actions, record.pk.exists()))


def note_success(account: Account) -> None:
    """Notes that the account can be read again."""
    record = AccountStateRecord
    update_if(Update(_at(account), [record.failures.remove(), record.failing.remove()], record.failures.exists()))


def _at(account: Account) -> AccountStateRecord:
    return AccountStateRecord(*keys.account_state(*account))


def _state(record: AccountStateRecord) -> AccountState:
    return AccountState(
        whole_or_none(record.planned_ms),
        whole_or_none(record.intraday_ms),
        tuple(Read(*one) for one in record.reads or ()),
        record.settled_through or "",
        _spans(record.days_read),
        _spans(record.days_whole),
        whole_or_none(record.failures) or 0,
        record.failing or "",
    )


def _spans(stored: Iterable[Iterable[str]] | None) -> Spans:
    return tuple((first, last) for first, last in stored or ())
