"""When a scheduled mail is due: an hour of the wall clock, on days, weekdays or days of the month.

A day whose clocks skip the hour has it when they have moved; a day that has it twice has the first.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta

from optiq.kernel.clock import day_of, parse_timezone
from optiq.sharing.mails.contracts import MailSchedule


def next_due(schedule: MailSchedule, after_ms: int) -> int:
    """The first instant after `after_ms` at which it is due."""
    timezone = parse_timezone(schedule.timezone)
    day = day_of(after_ms, timezone)
    while True:
        due_ms = int(datetime(day.year, day.month, day.day, schedule.hour, tzinfo=timezone).timestamp() * 1000)
        if due_ms > after_ms and _is_on(schedule, day):
            return due_ms
        day += timedelta(days=1)


def due_day(schedule: MailSchedule, due_ms: int) -> str:
    """The day on which it was due, which names the period: there is one mail for each."""
    return day_of(due_ms, parse_timezone(schedule.timezone)).isoformat()


def _is_on(schedule: MailSchedule, day: date) -> bool:
    if schedule.every == "WEEK":
        return day.isoweekday() == schedule.weekday
    if schedule.every == "MONTH":
        return day.day == min(schedule.month_day, monthrange(day.year, day.month)[1])
    return True
