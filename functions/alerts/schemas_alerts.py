"""Alerts and maintenance windows as requests and answers have them."""

from typing import Annotated, Self

from optiq.alerts.lifecycle.contracts import Alert
from optiq.alerts.telling.contracts import ToldAlert
from optiq.alerts.windows.contracts import Mode, Window
from optiq.kernel.schemas import In, Instant, InstantIn, OrNull, Out, PageOut, fields_of, shows
from pydantic import Field

_Never = Annotated[Instant | None, OrNull]


class SnoozeIn(In):
    until_at: InstantIn


@shows(Alert, but=("site_id", "fingerprint", "told_ms", "cooling_from_ms", "ended_period_ms", "reopened_ms"))
class AlertOut(Out):
    """`title` says in a sentence what happened. `value`, `usual` and `bound` are as the alert was raised, money in
    units; `worst_value` is of its worst period. `flapping`: it comes and goes, so people are told once a day.
    """

    title: str
    rule_name: str
    flapping: bool
    triggered_at: _Never
    ended_at: _Never
    snoozed_until_at: _Never

    @classmethod
    def of(cls, told: ToldAlert) -> Self:
        extra = {"title": told.title, "rule_name": told.rule_name, "flapping": told.flapping}
        return cls.model_validate(fields_of(told.alert) | extra)


class AlertsOut(PageOut[AlertOut]):
    """Newest first."""


class MaintenanceWindowIn(In):
    """From `from_at` until `until_at` nobody is told of alerts. EXCLUDE leaves the days out of what is usual, too."""

    name: str = Field(examples=["Black Friday"])
    mode: Mode = "EXCLUDE"
    from_at: InstantIn
    until_at: InstantIn


@shows(Window, but=("site_id", "archived"))
class MaintenanceWindowOut(Out):
    """A maintenance window."""


class MaintenanceWindowsOut(PageOut[MaintenanceWindowOut]):
    """Newest first."""
