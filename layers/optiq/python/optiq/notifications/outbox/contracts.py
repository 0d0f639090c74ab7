"""What a delivery carries, and what came of an attempt."""

from dataclasses import dataclass
from typing import Literal

from optiq.mail.contracts import MailContent
from optiq.notifications.contracts import Message


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is sent; it is sealed in the table, because it may have links that sign people in.

    Attributes:
        to: a mail address. content: of a mail that is written already. message: of one that is not, and of Slack.
        body: of a webhook.
    """

    to: str = ""
    content: MailContent | None = None
    message: Message | None = None
    body: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt.

    Attributes:
        status: PENDING: it is tried again at `at_ms`.
        answer: the status of the receiver's answer, 0 for none. carrier_id: the carrier's own id of it.
    """

    status: Literal["SENT", "PENDING", "FAILED", "SUPPRESSED"]
    reason: str = ""
    at_ms: int = 0
    answer: int = 0
    carrier_id: str = ""
