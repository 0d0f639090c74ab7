"""Alert settings as requests and answers have them."""

from typing import Annotated

from optiq.kernel.schemas import In, Instant, Out
from pydantic import ConfigDict, Field, StrictInt


class QuietHoursIn(In):
    """Times of day in the site's timezone; only CRITICAL alerts are sent between them."""

    model_config = ConfigDict(from_attributes=True)

    start: str = Field(examples=["22:00"])
    end: str = Field(examples=["07:00"])


class AlertSettingsIn(In):
    """All settings; what is absent is as at the beginning. With `version`, only while the settings are of that one.

    `members` are ids of the organization's members, `addresses` others who get alerts.
    """

    members: tuple[Annotated[str, Field(max_length=60)], ...] = ()
    addresses: tuple[Annotated[str, Field(max_length=320)], ...] = ()
    quiet_hours: QuietHoursIn | None = None
    version: StrictInt | None = None


class AlertSettingsOut(Out):
    """The settings in use; version 0 is what every site begins with, and has no `changed_at`."""

    members: list[str]
    addresses: list[str]
    quiet_hours: QuietHoursIn | None
    changed_at: Instant | None
    version: int
