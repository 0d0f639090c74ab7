"""Alert rules as requests and answers have them."""

from typing import Annotated, Any, Self

from optiq.alerts.contracts import Severity
from optiq.alerts.judging.contracts import Comparison, Condition, Outcome, Side
from optiq.alerts.rules.contracts import Kind, Period, Rule, Sensitivity
from optiq.alerts.sweeping.contracts import Watch, Wider
from optiq.attribution.contracts import Model
from optiq.kernel.schemas import Day, In, Instant, OrNull, Out, PageOut, fields_of, shows
from pydantic import Field, StrictBool, StrictInt

from functions.alerts.schemas_alerts import AlertFilterOut
from functions.reports.schemas_questions import FiltersIn, MetricName, SegmentsIn, filters_of


class ConditionIn(In):
    """One of up to three, all of which must be true. `value` is a number of the metric: money in units of the
    currency, a ratio as a quotient, a percent for CHANGE_ABOVE and CHANGE_BELOW, and absent for ODD.
    """

    metric: MetricName = Field(examples=["conversion_rate"])
    comparison: Comparison = Field(examples=["CHANGE_BELOW"])
    value: float | None = Field(None, examples=[30])
    days: StrictInt = Field(1, description="so many days are put together")


class _Settings(In):
    """What a rule is created with and may be changed to."""

    severity: Severity = "WARNING"
    filters: FiltersIn = Field([], description="what of the site it is about; nothing for all of it")
    segments: SegmentsIn = Field([])
    period: Period = Field(
        "DAY",
        description="of SPEND_THRESHOLD: spend is added up until it ends; HOUR of CUSTOM: odd hours of a count",
    )
    spend_micros: StrictInt | None = Field(None, description="of SPEND_THRESHOLD, in the reporting currency")
    levels: list[StrictInt] = Field([100], description="of SPEND_THRESHOLD: percents of it that are told apart")
    percent: StrictInt | None = Field(
        None,
        description="of CONVERSION_DROP, ROAS_DROP (below) and CPA_SPIKE (above): so far from usual",
        examples=[30],
    )
    comparison_days: StrictInt = Field(7, description="of the same: compared with so many days before")
    sensitivity: Sensitivity = Field("MEDIUM", description="of CLICK_ANOMALY and ODD: how far off a day has to be")
    conditions: list[ConditionIn] = Field([], description="of CUSTOM")
    model: Model | None = Field(None, description="of conversions and revenue; by default the site's own default")
    periods: StrictInt = Field(1, description="in a row, before anybody is told")
    cooldown_hours: StrictInt = Field(24, description="a new alert is told of once in them")
    paused: StrictBool = False


class AlertRuleIn(_Settings):
    """What to watch. CONVERSION_DROP and the like compare with what is usual for the site; NO_DATA judges hours."""

    name: str = Field(examples=["Orders drop"])
    kind: Kind = Field(examples=["CONVERSION_DROP"])


class AlertRulePatch(_Settings):
    """What to change; what is absent stays. With `version`, only while the rule is of that version."""

    name: str = ""
    version: StrictInt | None = None


def given(request: _Settings, *but: str) -> dict[str, Any]:
    """The fields that the request has, as the contract has them."""
    found = request.given(*but)
    if "filters" in found:
        found["filters"] = filters_of(request.filters)
    if "conditions" in found:
        found["conditions"] = tuple(Condition(**one.model_dump()) for one in request.conditions)
    if "model" in found:
        found["model"] = request.model or ""
    for name in ("levels", "segments"):
        if name in found:
            found[name] = tuple(found[name])
    return found


@shows(Condition)
class ConditionOut(Out):
    """One of the conditions of a CUSTOM rule."""

    metric: MetricName


class AlertRuleStateOut(Out):
    """What came of the latest period: LEARNING, TOO_LITTLE and NO_DATA say in `why` what is missing."""

    outcome: Outcome
    why: str
    value: float | None
    usual: float | None
    judged_at: Instant


@shows(Rule, but=("site_id", "archived"))
class AlertRuleOut(Out):
    """`owner_id` is the user, or the key, who made it. `now` is null until it was judged."""

    filters: list[list[AlertFilterOut]]
    conditions: list[ConditionOut]
    model: Annotated[Model | None, OrNull]
    now: AlertRuleStateOut | None

    @classmethod
    def of(cls, rule: Rule, watch: Watch | None = None) -> Self:
        judged = watch if watch and watch.rule_version == rule.version else None
        return cls.model_validate(fields_of(rule) | {"now": judged})


class AlertRulesOut(PageOut[AlertRuleOut]):
    """Newest first."""


class JudgementOut(Out):
    """`bound` is where a breach begins, `score` how many standard deviations the day is off, where that was asked."""

    outcome: Outcome
    side: Side
    value: float | None
    usual: float | None
    bound: float | None
    score: float | None
    why: str


class TriedRuleDayOut(Out):
    day: Day
    judgement: JudgementOut


class TriedRuleOut(Out):
    """Each day that has ended, the oldest first, and how many alerts there would have been."""

    days: list[TriedRuleDayOut]
    alerts: int


class WiderOut(Out):
    """The rule as it would be, and how many of the last 90 days are breaches before and after. `gone` are those that
    would be none any more.
    """

    rule: AlertRuleOut
    days_before: int
    days_after: int
    gone: list[Day]

    @classmethod
    def of(cls, found: Wider) -> Self:
        return cls.model_validate(fields_of(found) | {"rule": AlertRuleOut.of(found.rule)})
