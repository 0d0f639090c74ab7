"""Scheduled mails of a site: a dashboard or a view, to members, at an hour of a named timezone."""

from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import Clock, parse_timezone, system_clock
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page
from optiq.notifications.ending import api as ending
from optiq.reports.view_answers import api as view_answers
from optiq.sharing.contracts import SharedKind
from optiq.sharing.mails.calendar import next_due
from optiq.sharing.mails.contracts import Every, ListedSchedule, MailRun, MailSchedule, MailScheduleChange
from optiq.sharing.mails.recipients import may_receive
from optiq.sharing.mails.records import due_put, runs_of
from optiq.sharing.mails.sending import PERIODS, SCHEDULES, send_due
from optiq.sharing.shown import cards_of
from optiq.store.api import Transaction
from optiq.tenancy import api as tenancy

__all__ = [
    "MOST_RECIPIENTS",
    "change_schedule",
    "create_schedule",
    "get_schedule",
    "list_runs",
    "list_schedules",
    "remove_schedule",
    "send_due",
]

MOST_RECIPIENTS, MOST_SCHEDULES = 20, 100
"""Of a mail; of a site, removed ones not counted."""
_LONGEST_NAME, _LISTED_RUNS = 100, 50


def create_schedule(
    caller: Caller,
    site_id: str,
    *,
    name: str,
    kind: SharedKind,
    shared_id: str,
    every: Every,
    hour: int,
    recipients: tuple[str, ...],
    timezone: str = "",
    weekday: int = 1,
    month_day: int = 1,
    period: str = "",
    attach_csv: bool = True,
    skip_empty: bool = False,
    clock: Clock = system_clock,
) -> ListedSchedule:
    """
    Args:
        timezone: by default the site's.

    Raises:
        NotFoundError: there is no such site. InvalidError: a field that cannot be; the message begins with its name.
    """
    site, now_ms = tenancy.get_site(caller.organization_id, site_id), clock()
    new = MailSchedule(
        caller.organization_id,
        site_id,
        new_id("mailing", now_ms),
        name,
        kind,
        shared_id,
        every,
        timezone or site.timezone,
        hour,
        tuple(recipients),
        caller.owner_id,
        now_ms,
        weekday,
        month_day,
        period,
        attach_csv,
        skip_empty,
    )
    checked = _checked(caller, new, None, clock)
    if sum(not one.archived for one in SCHEDULES.all_of(caller.organization_id, site_id)) >= MOST_SCHEDULES:
        raise InvalidError(f"name: the site has {MOST_SCHEDULES} scheduled mails; remove one first")
    due_ms = next_due(checked, now_ms)
    (SCHEDULES.adding(caller, checked, clock=clock) + Transaction((due_put(checked, due_ms),))).commit()
    return ListedSchedule(checked, due_ms, ())


def list_schedules(
    caller: Caller, site_id: str, *, limit: int = 50, cursor: str | None = None, clock: Clock = system_clock
) -> Page[ListedSchedule]:
    """A site's scheduled mails, newest first. Raises NotFoundError; InvalidError for another list's cursor."""
    organization_id = caller.organization_id
    tenancy.get_site(organization_id, site_id)
    page = SCHEDULES.page_by_id(
        organization_id,
        site_id,
        limit=limit,
        cursor=cursor,
        newest_first=True,
        where=lambda one: not one.archived,
    )
    return Page(tuple(_listed(one, clock()) for one in page.items), page.cursor)


def get_schedule(caller: Caller, site_id: str, schedule_id: str, *, clock: Clock = system_clock) -> ListedSchedule:
    """Raises NotFoundError."""
    return _listed(_get(caller, site_id, schedule_id), clock())


def change_schedule(
    caller: Caller,
    site_id: str,
    schedule_id: str,
    changes: MailScheduleChange,
    *,
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> ListedSchedule:
    """The next mail is due at the next instant that the schedule names; a period that was sent is not sent again.

    Raises:
        NotFoundError: there is no such scheduled mail. InvalidError: as create_schedule.
        VersionError: another version is stored.
    """
    before = _get(caller, site_id, schedule_id)
    SCHEDULES.require_version(before, expected_version)
    after = _checked(caller, replace(before, **changes), before, clock)
    if after != before:
        after = _write(caller, before, after, clock)
    return _listed(after, clock())


def remove_schedule(caller: Caller, site_id: str, schedule_id: str, *, clock: Clock = system_clock) -> None:
    """Raises NotFoundError."""
    before = _get(caller, site_id, schedule_id)
    _write(caller, before, replace(before, archived=True, active=False), clock)


def list_runs(caller: Caller, site_id: str, schedule_id: str) -> list[MailRun]:
    """What became of the latest periods, newest first; kept for 400 days. Raises NotFoundError."""
    return runs_of(_get(caller, site_id, schedule_id), _LISTED_RUNS)


def _get(caller: Caller, site_id: str, schedule_id: str) -> MailSchedule:
    found = SCHEDULES.get(caller, site_id, schedule_id)
    if found.archived:
        raise SCHEDULES.unknown()
    return found


def _write(caller: Caller, before: MailSchedule, after: MailSchedule, clock: Clock) -> MailSchedule:
    due_ms = next_due(after, clock()) if after.active else None
    after, changing = SCHEDULES.changing(caller, before, after, clock=clock)
    (changing + Transaction((due_put(after, due_ms),))).commit()
    return after


def _listed(schedule: MailSchedule, now_ms: int) -> ListedSchedule:
    ended = ending.ended_by_topic(schedule.organization_id).get(schedule.schedule_id, frozenset())
    due_ms = next_due(schedule, now_ms) if schedule.active else None
    return ListedSchedule(schedule, due_ms, tuple(one for one in schedule.recipients if one in ended))


def _checked(caller: Caller, schedule: MailSchedule, before: MailSchedule | None, clock: Clock) -> MailSchedule:
    name = checked_name(schedule.name, _LONGEST_NAME)
    for field, value, last in (
        ("hour", schedule.hour + 1, 24),
        ("weekday", schedule.weekday, 7),
        ("month_day", schedule.month_day, 31),
    ):
        if not 1 <= value <= last:
            valid = "0 to 23" if field == "hour" else f"1 to {last}"
            raise InvalidError(f"{field}: must be {valid}")
    try:
        parse_timezone(schedule.timezone)
    except InvalidError as error:
        raise InvalidError(f"timezone: {error}") from error
    view_answers.days_of(caller, schedule.site_id, schedule.period or PERIODS[schedule.every], clock=clock)
    _check_shared(caller, schedule, before)
    _check_recipients(schedule, before, clock())
    return replace(schedule, name=name)


def _check_shared(caller: Caller, schedule: MailSchedule, before: MailSchedule | None) -> None:
    if before and (before.kind, before.shared_id) == (schedule.kind, schedule.shared_id):
        return
    try:
        cards_of(caller, schedule.site_id, schedule.kind, schedule.shared_id)
    except NotFoundError as error:
        raise InvalidError(f"shared_id: there is no such {schedule.kind.lower()} that you see") from error


def _check_recipients(schedule: MailSchedule, before: MailSchedule | None, now_ms: int) -> None:
    """Who was a recipient before may have lost access since: they get no mail, and need not be taken out."""
    recipients = schedule.recipients
    if not 1 <= len(recipients) <= MOST_RECIPIENTS or len(set(recipients)) < len(recipients):
        raise InvalidError(f"recipients: name 1 to {MOST_RECIPIENTS} members, each once")
    for number, user_id in enumerate(recipients):
        if not (before and user_id in before.recipients) and not may_receive(schedule, user_id, now_ms):
            raise InvalidError(f"recipients.{number}: must be the user_id of a member who may see the site's reports")
