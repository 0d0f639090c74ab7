"""How far an account was read, and the lease of whoever reads it."""

from collections.abc import Iterable
from dataclasses import dataclass

from optiq.ads import keys
from optiq.ads.keys import Account
from optiq.ads.sync.contracts import SyncJob
from optiq.ads.sync.records import AccountStateRecord
from optiq.kernel.clock import MINUTE_MS, days_before
from optiq.kernel.table import Update, update_if, whole_or_none

LEASE_MS = 16 * MINUTE_MS
"""A little longer than a function may run: whoever has it has ended by then."""


@dataclass(frozen=True, slots=True)
class AccountState:
    """How far an account was read: the last window, when, and the last day that changes no more; "" for never."""

    planned_ms: int | None = None
    pulled_ms: int | None = None
    first: str = ""
    last: str = ""
    settled_through: str = ""


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


def plan(account: Account, turn_ms: int) -> None:
    """Notes that this turn of the clock has its job."""
    planned = AccountStateRecord.planned_ms
    update_if(Update(_at(account), [planned.set(turn_ms)], planned.does_not_exist() | (planned < turn_ms)))


def note_pull(account: Account, job: SyncJob, settled_through: str) -> None:
    """Notes that a job's days were read whole.

    Args:
        settled_through: the last day that the platform changed no more when the job was created. It counts only where
            the job leaves no gap to what was settled before.
    """
    record, before = AccountStateRecord, of_account(account).settled_through
    joins = not before or job.from_day <= days_before(before, -1)
    settled = settled_through if joins and job.from_day <= settled_through <= job.to_day else ""
    actions = [
        record.pulled_ms.set(job.created_ms),
        record.first.set(job.from_day),
        record.last.set(job.to_day),
        record.settled_through.set(max(settled, before)),
    ]
    update_if(Update(_at(account), actions, record.lease == job.sync_id))


def _at(account: Account) -> AccountStateRecord:
    return AccountStateRecord(*keys.account_state(*account))


def _state(record: AccountStateRecord) -> AccountState:
    return AccountState(
        whole_or_none(record.planned_ms),
        whole_or_none(record.pulled_ms),
        record.first or "",
        record.last or "",
        record.settled_through or "",
    )
