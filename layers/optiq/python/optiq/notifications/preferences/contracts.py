"""What a person wants to be notified of, where, and when."""

from dataclasses import dataclass
from typing import Literal

Timing = Literal["AT_ONCE", "DIGEST", "OFF"]
"""AT_ONCE: what is INFO comes in the daily digest all the same. DIGEST: what is WARNING, too. CRITICAL never waits."""
Way = Literal["INBOX", "MAIL"]
ALL = "all"
"""In place of a user: the preferences of whoever has chosen none."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How one kind of message comes on one way."""

    kind: str
    way: Way
    timing: Timing


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices of a person in an organization, or of the organization for whoever has chosen none.

    Attributes:
        timezone: "" for that of the site, or of the person's profile.
        quiet_from, quiet_until: times of day such as 22:00; "" for those of the site.
        version: grows by one with every change; 0 is what everybody begins with.
    """

    organization_id: str
    user_id: str
    choices: tuple[Choice, ...] = ()
    timezone: str = ""
    quiet_from: str = ""
    quiet_until: str = ""
    changed_ms: int | None = None
    version: int = 0
