"""When scheduled mails are due, and what became of each period."""

from typing import cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.clock import DAY_MS, SECOND_MS
from optiq.kernel.keys import Key
from optiq.kernel.table import BySecondKey, Put, Record, Update, put_one, update_if
from optiq.kernel.table_ending import Temporary
from optiq.sharing import keys
from optiq.sharing.mails.contracts import MailRun, MailSchedule, RunStatus

KEPT_DAYS = 400
_LONGEST_REASON = 300


class DueRecord(Record):
    """When a scheduled mail is due next; out of the index while it rests.

    `busy_until_ms`: a sweep has it until then.
    """

    by_second_key = BySecondKey()

    organization_id = UnicodeAttribute(null=True)
    site_id = UnicodeAttribute(null=True)
    schedule_id = UnicodeAttribute(null=True)
    due_ms = NumberAttribute(null=True)
    busy_until_ms = NumberAttribute(null=True)


class RunRecord(Temporary):
    """A period of a scheduled mail. The key has the schedule and the day, so there is one."""

    status = UnicodeAttribute()
    due_ms = NumberAttribute()
    changed_ms = NumberAttribute()
    sent = NumberAttribute(default=0)
    reason = UnicodeAttribute(default="")

    def contract(self) -> MailRun:
        _, schedule_id, day = self.sk.split("#")
        return MailRun(
            schedule_id,
            day,
            cast(RunStatus, self.status),
            int(self.due_ms),
            int(self.changed_ms),
            int(self.sent),
            self.reason,
        )


def due_key(schedule: MailSchedule) -> Key:
    return keys.mail_due(schedule.organization_id, schedule.site_id, schedule.schedule_id)


def due_put(schedule: MailSchedule, due_ms: int | None) -> Put:
    """The write that says when a schedule is due next; None for never. No sweep has it then."""
    return Put(_due(schedule, due_ms), None)


def due_by(now_ms: int) -> list[tuple[str, str, str, int]]:
    """Organization, site, schedule and instant of what is due, the longest due first; right to a second or so."""
    found = DueRecord.by_second_key.query(keys.DUE_MAILS, DueRecord.gsi1sk < f"{now_ms + 1:015d}")
    return [(one.organization_id, one.site_id, one.schedule_id, int(one.due_ms)) for one in found]


def claim(schedule: MailSchedule, due_ms: int, now_ms: int, until_ms: int) -> bool:
    """Whether this sweep may go on with what is due; no other one may until then."""
    busy = DueRecord.busy_until_ms
    free = (DueRecord.due_ms == due_ms) & (busy.does_not_exist() | (busy <= now_ms))
    return update_if(Update(DueRecord(*due_key(schedule)), [busy.set(until_ms)], free))


def release(schedule: MailSchedule, until_ms: int) -> None:
    """Gives back what was claimed until then, unless another sweep has claimed it since."""
    busy = DueRecord.busy_until_ms
    update_if(Update(DueRecord(*due_key(schedule)), [busy.set(0)], busy == until_ms))


def advance(schedule: MailSchedule, due_ms: int, next_ms: int | None) -> None:
    """Says when it is due after that period, unless somebody changed that meanwhile."""
    put_one(Put(_due(schedule, next_ms), DueRecord.due_ms == due_ms))


def find_run(schedule: MailSchedule, day: str) -> MailRun | None:
    try:
        record = RunRecord.get(*_run_key(schedule, day), consistent_read=True)
    except RunRecord.DoesNotExist:
        return None
    return record.contract()


def begin_run(schedule: MailSchedule, run: MailRun) -> bool:
    """Writes a period that waits, unless it is there. Whether it was not."""
    return put_one(Put(_run(schedule, run), RunRecord.pk.does_not_exist()))


def run_put(schedule: MailSchedule, run: MailRun) -> Put:
    """The write that says what became of a period, once: only of one that waits."""
    return Put(_run(schedule, run), RunRecord.status == "WAITING")


def runs_of(schedule: MailSchedule, limit: int) -> list[MailRun]:
    """The latest periods, newest first."""
    first = _run_key(schedule, "")
    found = RunRecord.query(first.pk, RunRecord.sk.startswith(first.sk), scan_index_forward=False, limit=limit)
    return [record.contract() for record in found]


def _due(schedule: MailSchedule, due_ms: int | None) -> DueRecord:
    record = DueRecord(
        *due_key(schedule),
        organization_id=schedule.organization_id,
        site_id=schedule.site_id,
        schedule_id=schedule.schedule_id,
    )
    if due_ms is not None:
        record.due_ms, record.gsi1pk = due_ms, keys.DUE_MAILS
        record.gsi1sk = f"{due_ms:015d}#{schedule.schedule_id}"
    return record


def _run_key(schedule: MailSchedule, day: str) -> Key:
    return keys.mail_run(schedule.organization_id, schedule.site_id, schedule.schedule_id, day)


def _run(schedule: MailSchedule, run: MailRun) -> RunRecord:
    return RunRecord(
        *_run_key(schedule, run.day),
        status=run.status,
        due_ms=run.due_ms,
        changed_ms=run.changed_ms,
        sent=run.sent,
        reason=run.reason[:_LONGEST_REASON],
        forget_at=(run.due_ms + KEPT_DAYS * DAY_MS) // SECOND_MS,
    )
