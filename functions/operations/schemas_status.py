"""Incidents and settings as requests and answers have them."""

import json
from typing import Annotated, Self

from optiq.kernel.schemas import In, Instant, OrNull, Out, PageOut, fields_of, shows
from optiq.operations.settings.contracts import SystemSetting
from optiq.operations.status.contracts import Component, Impact, Incident, IncidentState, IncidentUpdate
from pydantic import Field, StrictBool, StrictInt, StrictStr


class IncidentIn(In):
    """Customers read `title` and `text` on the status page within a minute."""

    title: str = Field(examples=["Events are credited late"])
    text: str = Field(examples=["We look for the cause. No event is lost."])
    impact: Impact = "MINOR"
    components: tuple[Component, ...] = ()


class IncidentPatch(In):
    """With `version`, only while the incident is of that version."""

    status: IncidentState = Field(examples=["RESOLVED"])
    text: str = Field(examples=["All events are credited."])
    version: StrictInt | None = None


@shows(IncidentUpdate)
class IncidentUpdateOut(Out):
    """What was told at an instant."""


@shows(Incident)
class IncidentOut(Out):
    """`updates` are the oldest first."""

    updates: list[IncidentUpdateOut]
    resolved_at: Annotated[Instant | None, OrNull]


class IncidentsOut(PageOut[IncidentOut]):
    """Newest first."""


class SettingPatch(In):
    """What is absent stays. With `number`, only while that version is in force."""

    value: StrictInt | StrictStr = Field("", examples=["We work on the database on Sunday from 9 to 10 UTC."])
    description: str = ""
    is_public: StrictBool = False
    number: str | None = None


@shows(SystemSetting, but=("version",))
class SystemSettingOut(Out):
    """`number` is of the version, empty for the default. A public setting is on `/status/settings.json`."""

    value: int | str
    changed_at: Annotated[Instant | None, OrNull]

    @classmethod
    def of(cls, one: SystemSetting) -> Self:
        found = fields_of(one) | {"value": json.loads(one.value), "changed_ms": one.changed_ms or None}
        return cls.model_validate(found)


class SettingsOut(PageOut[SystemSettingOut]):
    """By key, or the version in force first."""
