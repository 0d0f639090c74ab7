"""Alerts and maintenance windows as requests and answers have them."""

from typing import Annotated, Literal, Self

from optiq.alerts.lifecycle.contracts import Alert, Contributor
from optiq.alerts.telling.contracts import ToldAlert
from optiq.alerts.windows.contracts import Mode, Window
from optiq.kernel.schemas import In, Instant, InstantIn, OrNull, Out, PageOut, fields_of, shows
from optiq.reports.questions.api import Operator
from pydantic import Field, NaiveDatetime

from functions.reports.schemas_questions import DimensionName, MetricName

_Never = Annotated[Instant | None, OrNull]


class SnoozeIn(In):
    """Until an instant, or until a time of the site's clock: one of the two."""

    until_at: InstantIn | None = None
    until_local: Annotated[NaiveDatetime | None, Field(examples=["2026-11-30T09:00"])] = None


class AlertFilterOut(Out):
    """As in a question."""

    dimension: DimensionName
    operator: Operator
    values: list[str]


class AlertQuestionOut(Out):
    """The question behind an alert: ask it, or open a report of these days with these filters."""

    metrics: list[MetricName]
    filters: list[list[AlertFilterOut]]
    segments: list[str]
    period: str
    compare: str


class ExplainedDayOut(Out):
    """`low` and `high` are the least and the most that are not odd, where it is a count."""

    period: str = Field(description="a day, or an hour such as 2026-11-24T10:00")
    value: float | None
    usual: float | None
    low: float | None
    high: float | None


@shows(Contributor)
class ContributorOut(Out):
    """A part of the site whose number moved most; `usual` is of the same weekdays before."""

    dimension: DimensionName


_OURS = (
    "site_id",
    "fingerprint",
    "told_ms",
    "cooling_from_ms",
    "ended_period_ms",
    "reopened_ms",
    "calm",
    "calm_period",
)


@shows(Alert, but=(*_OURS, "about"))
class AlertOut(Out):
    """`title` says in a sentence what happened. `value`, `usual` and `bound` are as the alert was raised, money in
    units; `worst_value` is of its worst period. `flapping`: it comes and goes, so people are told once a day. `days`
    and `contributors` are as the alert was raised; `question` is whose answer has its number, null where none has.
    """

    title: str
    rule_name: str
    flapping: bool
    metric: MetricName
    contributors_metric: MetricName | Literal[""]
    currency: str
    days: list[ExplainedDayOut]
    contributors: list[ContributorOut]
    question: Annotated[AlertQuestionOut | None, OrNull]
    triggered_at: _Never
    ended_at: _Never
    snoozed_until_at: _Never

    @classmethod
    def of(cls, told: ToldAlert) -> Self:
        shown = {name: value for name, value in fields_of(told).items() if name != "alert"}
        return cls.model_validate(fields_of(told.alert) | shown)


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
