"""What a person is told in the console."""

from dataclasses import dataclass

from optiq.notifications.contracts import Severity


@dataclass(frozen=True, slots=True)
class Unread:
    """How many notices are unread, and how many of them are as severe; 100 at most."""

    total: int
    warning: int
    critical: int


@dataclass(frozen=True, slots=True)
class Notice:
    """
    Attributes:
        title: a sentence. text: what else is to be said. url: where it is explained.
        read_ms: when the person read it, or None.
    """

    notice_id: str
    severity: Severity
    title: str
    url: str
    created_ms: int
    read_ms: int | None = None
    text: str = ""
