"""Sends what is due: each period of a schedule once, whatever is killed or runs twice.

A period is an item of the table, made on the condition that it is not there. A sweep claims a schedule, asks its
questions, and waits up to PATIENCE_MS for data that are on their way. Each recipient's mail has an id made of the
schedule, the day and the person: the log of mails has it before it goes out, and what it has as sent is not sent again.
At last the period is written as ended, and only then the schedule goes on to the next.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from optiq.identity.people import api as people
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, MINUTE_MS, Clock, from_rfc3339, system_clock
from optiq.kernel.errors import NotFoundError, OptiqError, UpstreamError, VersionError
from optiq.kernel.ids import id_from
from optiq.kernel.table import table_outages
from optiq.mail import api as mails
from optiq.notifications import api as notifications
from optiq.notifications.ending import api as ending
from optiq.reports.questions import api as questions
from optiq.reports.view_answers import api as view_answers
from optiq.sharing import keys
from optiq.sharing.access import still_sees
from optiq.sharing.dashboards.answering import answer_cards
from optiq.sharing.dashboards.contracts import CardAnswer
from optiq.sharing.mails import records
from optiq.sharing.mails.calendar import due_day, next_due
from optiq.sharing.mails.composing import Composed, address_of, compose, data_until
from optiq.sharing.mails.contracts import Every, MailRun, MailSchedule, Sweep
from optiq.sharing.mails.recipients import may_receive
from optiq.sharing.mails.tables import is_empty
from optiq.sharing.shown import cards_of
from optiq.store.api import Store, Transaction
from optiq.tenancy.members import api as members

_LOG = logging.getLogger(__name__)
NEEDS = ("reports:read", "schedules:write")
"""What who made a schedule must have as long as it is sent."""
PATIENCE_MS = 6 * HOUR_MS
PERIODS: Mapping[Every, str] = {"DAY": "yesterday", "WEEK": "last_week", "MONTH": "last_month"}
"""What is reported where the schedule names no period."""
_BUSY_MS = 15 * MINUTE_MS
"""No sweep runs longer; one that was killed leaves its schedules to others after that."""
_PATIENCE_SECONDS = 120.0
_CARRIED = ("SENT", "DELIVERED", "BOUNCED", "COMPLAINED")
SCHEDULES = Store(MailSchedule, "scheduled mail", keys.mail_schedule)


def send_due(*, clock: Clock = system_clock, stop: Callable[[], bool]) -> Sweep:
    """Sends every scheduled mail that is due. One that fails keeps no other from being sent.

    Args:
        stop: tells that nothing may be begun any more.
    """
    finished = left = 0
    for organization_id, site_id, schedule_id, due_ms in records.due_by(clock()):
        done = False
        if not stop():
            try:
                with table_outages():
                    done = _go_on(organization_id, site_id, schedule_id, due_ms, clock)
            except UpstreamError:
                _LOG.exception("the scheduled mail %s of %s waits", schedule_id, organization_id)
        finished, left = finished + done, left + (not done)
    return Sweep(finished, left)


def _go_on(organization_id: str, site_id: str, schedule_id: str, due_ms: int, clock: Clock) -> bool:
    """Whether the period that is due has ended; it waits otherwise, or another sweep is at it."""
    schedule, now_ms = SCHEDULES.find(organization_id, site_id, schedule_id), clock()
    if schedule is None or not schedule.active:
        return True
    until_ms = now_ms + _BUSY_MS
    if not records.claim(schedule, due_ms, now_ms, until_ms):
        return False
    try:
        run = _begun(schedule, due_ms, now_ms)
        if run.status == "WAITING":
            run = _outcome(schedule, run, clock)
            if run.status == "WAITING":
                return False
            _end(schedule, run, clock)
        records.advance(schedule, due_ms, next_due(schedule, due_ms))
    finally:
        records.release(schedule, until_ms)
    return True


def _begun(schedule: MailSchedule, due_ms: int, now_ms: int) -> MailRun:
    """The period of the day on which it is due: as it is, or begun now."""
    day = due_day(schedule, due_ms)
    begun = MailRun(schedule.schedule_id, day, "WAITING", due_ms, now_ms, 0, "")
    return begun if records.begin_run(schedule, begun) else records.find_run(schedule, day) or begun


def _outcome(schedule: MailSchedule, run: MailRun, clock: Clock) -> MailRun:
    """The period as it ended, or as it waits."""
    now_ms = clock()
    run = replace(run, changed_ms=now_ms)
    if next_due(schedule, run.due_ms) <= now_ms:
        return replace(run, status="MISSED", reason="it could not be sent before the next was due")
    owner = still_sees(schedule.organization_id, schedule.site_id, schedule.owner_id, NEEDS, now_ms)
    if owner is None:
        return replace(run, status="FAILED", reason="who made it may no longer do so, or the site is archived")
    try:
        return _asked(schedule, run, owner, clock)
    except UpstreamError:
        raise
    except OptiqError as error:
        return replace(run, status="FAILED", reason=str(error))


def _asked(schedule: MailSchedule, run: MailRun, owner: Caller, clock: Clock) -> MailRun:
    """Asks the questions, as of the time at which the mail was due, and sends the answers."""
    try:
        _, cards = cards_of(owner, schedule.site_id, schedule.kind, schedule.shared_id)
    except NotFoundError:
        return replace(run, status="FAILED", reason=f"the {schedule.kind.lower()} was removed")
    named = schedule.period or PERIODS[schedule.every]
    days = view_answers.days_of(owner, schedule.site_id, named, clock=lambda: run.due_ms)
    period = f"{days.first}..{days.last}"
    answers = answer_cards(
        owner,
        schedule.site_id,
        cards,
        period=period,
        most_rows=questions.MOST_ROWS,
        clock=clock,
        patience_seconds=_PATIENCE_SECONDS,
    )
    complete = _is_complete(answers, min(days.bounds_ms[1], run.due_ms))
    late = clock() >= run.due_ms + PATIENCE_MS
    if not late and not complete:
        return run
    asked = [one for one in answers if one.card.kind == "VIEW"]
    if asked and all(one.error for one in asked):
        return replace(run, status="FAILED", reason=f"no card has an answer: {asked[0].error}")
    if schedule.skip_empty and all(one.answer is None or is_empty(one.answer) for one in asked):
        return replace(run, status="EMPTY", reason="there was nothing to report")
    told = str(days.first) if days.first == days.last else f"{days.first} to {days.last}"
    return _sent(schedule, run, compose(schedule, told, answers, complete=complete), clock, late=late)


def _is_complete(answers: Sequence[CardAnswer], until_ms: int) -> bool:
    """Whether every card has an answer with all that came in until then, or will never have one."""
    for one in answers:
        if isinstance(one.error, UpstreamError) and one.error.retryable:
            return False
        if one.answer is not None and data_until(one.answer) < until_ms:
            return False
    return True


def _sent(schedule: MailSchedule, run: MailRun, composed: Composed, clock: Clock, *, late: bool) -> MailRun:
    """Sends to each recipient; the period waits while the carrier takes no mail, for as long as it may be late."""
    ended = ending.ended_by_topic(schedule.organization_id).get(schedule.schedule_id, frozenset())
    wanted = [one for one in schedule.recipients if one not in ended and may_receive(schedule, one, clock())]
    found, sent, refused = people.people_of(wanted), 0, 0
    for user_id in wanted:
        if user_id not in found:
            continue
        unsubscribe = ending.unsubscribe_url(schedule.organization_id, schedule.schedule_id, user_id)
        try:
            status = notifications.send_once(
                id_from("mail", from_rfc3339(f"{run.day}T00:00:00Z"), schedule.schedule_id, user_id),
                found[user_id].email,
                composed.content(schedule, unsubscribe),
                user_id=user_id,
                organization_id=schedule.organization_id,
                about=schedule.schedule_id,
                topic=schedule.schedule_id,
                attachments=composed.attachments,
                clock=clock,
            )
        except UpstreamError:
            if not late:
                return replace(run, sent=sent)
            status = "FAILED"
        sent, refused = sent + (status in _CARRIED), refused + (status not in _CARRIED)
    if refused:
        reason = f"{refused} of {sent + refused} mails were refused by the carrier"
        return replace(run, status="SENT" if sent else "FAILED", sent=sent, reason=reason)
    if not sent:
        return replace(run, status="EMPTY", reason="every recipient ended it, or may no longer see the site")
    return replace(run, status="SENT", sent=sent)


def _end(schedule: MailSchedule, run: MailRun, clock: Clock) -> None:
    """Writes how a period ended; with a failure, the mail to who made it is requested in the same transaction."""
    transaction = Transaction((records.run_put(schedule, run),))
    if run.status == "FAILED":
        transaction += _to_owner(schedule, run, clock)
    try:
        transaction.commit()
    except VersionError:
        _LOG.info("another sweep ended %s of %s", run.day, schedule.schedule_id)


def _to_owner(schedule: MailSchedule, run: MailRun, clock: Clock) -> Transaction:
    owner = people.people_of([schedule.owner_id]).get(schedule.owner_id)
    if owner is None or not members.is_member(schedule.organization_id, schedule.owner_id, clock()):
        return Transaction()
    request = mails.request_mail(
        "sharing",
        owner.email,
        mails.report_not_sent(schedule.name, run.day, run.reason, address_of(schedule)),
        user_id=schedule.owner_id,
        organization_id=schedule.organization_id,
        about=schedule.schedule_id,
        clock=clock,
    )
    return Transaction(request.writes, events=(request.event,))
