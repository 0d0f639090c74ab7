"""The mail of one period: numbers as tables, files with them, and until when data are in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from optiq.kernel.clock import parse_timezone
from optiq.kernel.errors import InvalidError
from optiq.kernel.settings import settings
from optiq.mail import api as mails
from optiq.mail.contracts import MailContent, MailTable
from optiq.ports.mail import Attachment
from optiq.reports.questions.api import exported
from optiq.reports.questions.contracts import Answer
from optiq.reports.view_answers.api import ViewAnswer
from optiq.sharing.dashboards.contracts import CardAnswer
from optiq.sharing.mails.contracts import MailSchedule
from optiq.sharing.mails.tables import table_of

MOST_BYTES = 2_000_000
"""Of all files of a mail together."""
_NO_NAME = re.compile(r"[^a-z0-9]+")
_LONGEST_FILE = 60


@dataclass(frozen=True, slots=True)
class Composed:
    """The parts of a mail that are the same for every recipient."""

    period: str
    paragraphs: tuple[str, ...]
    tables: tuple[MailTable, ...]
    attachments: tuple[Attachment, ...]

    def content(self, schedule: MailSchedule, unsubscribe_url: str) -> MailContent:
        return mails.report(
            schedule.name, self.period, self.paragraphs, self.tables, address_of(schedule), unsubscribe_url
        )


def compose(schedule: MailSchedule, period: str, answers: Sequence[CardAnswer], *, complete: bool) -> Composed:
    """
    Args:
        period: the days that are reported, for people.
        complete: whether all that belongs to them had come in.
    """
    attachments = tuple(_files(answers)) if schedule.attach_csv else ()
    paragraphs = list(_data_until(schedule, answers))
    if not complete:
        paragraphs.append("Not all of it had come in when this mail was sent: the numbers may still grow.")
    missing = sum(isinstance(one.answer, Answer) for one in answers) - len(attachments)
    if schedule.attach_csv and missing:
        paragraphs.append(f"{missing} of the tables are too large to attach: export them in the console.")
    return Composed(period, tuple(paragraphs), tuple(map(table_of, answers)), attachments)


def data_until(answer: ViewAnswer) -> int:
    """What came in until then is counted: milliseconds."""
    return answer.data_until_ms if isinstance(answer, Answer) else answer.frame.data_until_ms


def address_of(schedule: MailSchedule) -> str:
    """Where the console shows what is sent."""
    base = f"{settings().public_url}/console"
    if schedule.kind == "VIEW":
        return f"{base}/views?site={schedule.site_id}"
    return f"{base}/dashboards?site={schedule.site_id}&dashboard={schedule.shared_id}"


def _data_until(schedule: MailSchedule, answers: Sequence[CardAnswer]) -> Iterator[str]:
    given = [one.answer for one in answers if one.answer is not None]
    if given:
        zone = given[0].timezone if isinstance(given[0], Answer) else given[0].frame.timezone
        until = _written(min(map(data_until, given)), schedule.timezone)
        yield f"Days are days in {zone}. Data until {until}."


def _written(instant_ms: int, timezone: str) -> str:
    moment = datetime.fromtimestamp(instant_ms // 1000, parse_timezone(timezone))
    return f"{moment:%Y-%m-%d, %H:%M} ({timezone})"


def _files(answers: Sequence[CardAnswer]) -> Iterator[Attachment]:
    """The tables as files, as far as they fit."""
    left = MOST_BYTES
    for number, card in enumerate(answers, 1):
        if not isinstance(card.answer, Answer):
            continue
        try:
            content = exported(card.answer, "csv", bom=True)
        except InvalidError:
            continue
        if len(content) <= left:
            left -= len(content)
            title = card.card.title or (card.view.name if card.view else "")
            slug = _NO_NAME.sub("-", title.lower())[:_LONGEST_FILE].strip("-")
            yield Attachment(f"{number}-{slug or 'report'}.csv", "text/csv", content)
