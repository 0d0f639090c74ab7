"""Scheduled mails as the API writes them."""

from typing import Annotated

from optiq.kernel.schemas import Day, In, Instant, Out, PageOut, fields_of, shows
from optiq.reports.questions.api import NAMED
from optiq.sharing.contracts import SharedKind
from optiq.sharing.mails.contracts import Every, ListedSchedule, MailRun, MailSchedule
from pydantic import Field, StrictBool, StrictInt

_Recipients = Annotated[
    list[str],
    Field(description="user ids of 1 to 20 members", examples=[["user_01JB0000000000000000000001"]]),
]


class _Settings(In):
    """What a scheduled mail is created with and may be changed to."""

    timezone: str = Field("", description="of `hour` and days; by default the site's", examples=["Europe/Berlin"])
    weekday: StrictInt = Field(1, description="of WEEK: 1 for Monday to 7 for Sunday")
    month_day: StrictInt = Field(1, description="of MONTH: 1 to 31; a month that has no such day takes its last")
    period: str = Field(
        "",
        description=f"what is reported: last7d to last400d, or one of {', '.join(NAMED)}; by default the day, week or"
        " month before",
    )
    attach_csv: StrictBool = Field(True, description="tables are attached as files too, 2 MB at most")
    skip_empty: StrictBool = Field(False, description="no mail goes out when every card is empty")


class MailScheduleIn(_Settings):
    """A dashboard or a saved view to send."""

    name: str = Field(examples=["Monday"])
    kind: SharedKind
    shared_id: str = Field(description="id of the dashboard or the view", examples=["dash_01JB0000000000000000000001"])
    every: Every
    hour: StrictInt = Field(description="of the day in `timezone`: 0 to 23", examples=[8])
    recipients: _Recipients


class MailSchedulePatch(_Settings):
    """What to change; what is absent stays. It rests while it is not `active`. With `version`, only while it is of that
    version.
    """

    name: str = ""
    kind: SharedKind = "DASHBOARD"
    shared_id: str = ""
    every: Every = "WEEK"
    hour: StrictInt = Field(8, description="of the day in `timezone`: 0 to 23")
    recipients: _Recipients = Field([])
    active: StrictBool = True
    version: StrictInt | None = None


@shows(MailSchedule, but=("site_id", "archived"))
class MailScheduleOut(Out):
    """`due_at` is when the next mail is due, null while it rests. Recipients in `unsubscribed` ended it for themselves.
    `owner_id` is who made it: the mail has what they may see.
    """

    due_at: Instant | None
    unsubscribed: list[str]

    @classmethod
    def of(cls, found: ListedSchedule) -> "MailScheduleOut":
        more = {"due_ms": found.due_ms, "unsubscribed": found.unsubscribed}
        return cls.model_validate(fields_of(found.schedule) | more)


class MailSchedulesOut(PageOut[MailScheduleOut]):
    """Newest first."""


@shows(MailRun, but=("schedule_id",))
class MailRunOut(Out):
    """What became of a period. WAITING: it was tried, and waits for data or the carrier. EMPTY: there was nothing to
    say, or nobody to say it to. MISSED: the next was due before it could be sent. `sent` counts recipients.
    """

    day: Day


class MailRunsOut(Out):
    """The latest 50, newest first."""

    runs: list[MailRunOut]
