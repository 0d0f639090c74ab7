"""What people and integrators are sent: a message, its request, and its delivery."""

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["INFO", "WARNING", "CRITICAL"]
Channel = Literal["MAIL", "SLACK", "WEBHOOK"]
State = Literal["PENDING", "SENDING", "SENT", "DELIVERED", "BOUNCED", "COMPLAINED", "FAILED", "SUPPRESSED", "DIGESTED"]
"""PENDING until it is tried, and between two tries. SENT: the carrier took it. DELIVERED: the mailbox has it.
SUPPRESSED: it is not to be sent, and `reason` says why. DIGESTED: it is a part of another message.
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A message before a channel gives it a form.

    Attributes:
        title: a line, such as "Orders on Tuesday were 52; 100 are usual".
        paragraphs: sentences of plain text. points: a list below them, such as what changed most.
        action: what the link at the end is called. url: of the console; "" for none.
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = field(default=())
    action: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class NotificationRequested:
    """A message for people, on the channels that each of them chose. Any context publishes it, with its change.

    Attributes:
        kind: one of those that a manifest declares (`NoticeKind`).
        about: the id of what it is about; period: tells messages about it apart. The same again is sent once.
        ends: nothing about it is to be sent any more that still waits; who got nothing of it gets this neither.
        needs: the permission that a recipient must have when it is sent, with `site_id` a site that is not archived.
        user_ids, addresses: the recipients. to_channels: those of the organization's channels that take this kind, too.
        timezone, quiet_from, quiet_until: of who has chosen none; times of day such as 22:00, or "".
    """

    kind: str
    severity: Severity
    about: str
    period: str
    message: Message
    user_ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    site_id: str = ""
    needs: str = ""
    ends: bool = False
    to_channels: bool = False
    timezone: str = "UTC"
    quiet_from: str = ""
    quiet_until: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one recipient on one channel.

    Attributes:
        target: the hash of a mail address, or the id of a channel. user_id: the person that it is for, or "".
        kind: the template of a mail, the type of a webhook. topic: what a person may turn off, or "".
        subject: one line. about: the id of what it is about, or "".
        merges: several that wait for one recipient become one message. waits: it was put off until `next_ms`.
        attempts: those made. answer: the status of the receiver's last answer, 0 for none.
        part_of: the id of the message that it became a part of, or "".
        next_ms: when it is tried next. valid_until_ms: it is not sent later; 0 for no end.
        sent_ms, opened_ms, clicked_ms: 0 for never.
    """

    organization_id: str
    delivery_id: str
    channel: Channel
    target: str
    kind: str
    subject: str
    about: str
    created_ms: int
    user_id: str = ""
    site_id: str = ""
    topic: str = ""
    needs: str = ""
    severity: Severity = "INFO"
    merges: bool = False
    waits: bool = False
    status: State = "PENDING"
    reason: str = ""
    attempts: int = 0
    answer: int = 0
    part_of: str = ""
    next_ms: int = 0
    valid_until_ms: int = 0
    sent_ms: int = 0
    opened_ms: int = 0
    clicked_ms: int = 0
    changed_ms: int = 0
