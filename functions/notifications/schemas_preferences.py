"""Preferences as requests and answers have them."""

from typing import Annotated, Self

from optiq.kernel.manifest import notice_kinds
from optiq.kernel.schemas import In, Instant, Out
from optiq.notifications.preferences.api import WAYS, choice_of, timing_of
from optiq.notifications.preferences.contracts import Preferences, Timing, Way
from pydantic import ConfigDict, Field, StrictInt


class NotificationChoiceIn(In):
    """How messages of a kind come: AT_ONCE (what is INFO in the daily digest), DIGEST (what is WARNING too), OFF.
    CRITICAL ones never wait.
    """

    model_config = ConfigDict(from_attributes=True)

    kind: str = Field(examples=["alert"])
    way: Way = Field(examples=["MAIL"])
    timing: Timing = Field(examples=["DIGEST"])


class NotificationPreferencesIn(In):
    """All preferences; what is absent is as at the beginning. With `version`, only while they are of that one."""

    choices: Annotated[tuple[NotificationChoiceIn, ...], Field(max_length=100)] = ()
    timezone: str = Field(
        "", description="of the digest and of quiet hours; by default your profile's, then the site's"
    )
    quiet_from: str = Field("", examples=["22:00"])
    quiet_until: str = Field("", examples=["07:00"])
    version: StrictInt | None = None


class NotificationWayOut(Out):
    """`chosen` is null where nothing was chosen; `timing` is how it comes."""

    kind: str
    way: Way
    chosen: Timing | None
    timing: Timing


class NotificationKindOut(Out):
    """`what` completes "you are notified of". A mandatory kind cannot be turned off."""

    name: str
    what: str
    mandatory: bool


class NotificationPreferencesOut(Out):
    """Preferences, and how every kind of message comes by them."""

    kinds: list[NotificationKindOut]
    ways: list[NotificationWayOut]
    timezone: str
    quiet_from: str
    quiet_until: str
    changed_at: Instant | None
    version: int

    @classmethod
    def of(cls, own: Preferences, common: Preferences) -> Self:
        kinds = list(notice_kinds().values())
        return cls(
            kinds=[NotificationKindOut.model_validate(one) for one in kinds],
            ways=[
                NotificationWayOut(
                    kind=one.name,
                    way=way,
                    chosen=choice_of(own, one.name, way),
                    timing=timing_of(one.name, way, own, common),
                )
                for one in kinds
                for way in WAYS
            ],
            timezone=own.timezone,
            quiet_from=own.quiet_from,
            quiet_until=own.quiet_until,
            changed_at=own.changed_ms,
            version=own.version,
        )
