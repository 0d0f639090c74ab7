"""A rule: what of a site somebody watches, and when people are told."""

from dataclasses import dataclass
from typing import Literal, TypedDict

from optiq.alerts.contracts import DEFAULT_COMPARISON_DAYS, Severity
from optiq.alerts.judging.contracts import Condition
from optiq.reports.questions.api import Filters

Kind = Literal[
    "SPEND_THRESHOLD",
    "CONVERSION_DROP",
    "CPA_SPIKE",
    "ROAS_DROP",
    "CLICK_ANOMALY",
    "CUSTOM",
    "NO_DATA",
    "CONNECTION_ERROR",
]
Period = Literal["HOUR", "DAY", "WEEK", "MONTH"]
Sensitivity = Literal["LOW", "MEDIUM", "HIGH"]


@dataclass(frozen=True, slots=True)
class Rule:
    """
    Attributes:
        filters, segments: what of the site it is about, as in a question; nothing for all of it.
        period: of SPEND_THRESHOLD DAY, WEEK or MONTH: spend is added up until it ends. HOUR of a CUSTOM rule that asks
            for odd hours of a count. The others judge days; NO_DATA hours.
        spend_micros, levels: of SPEND_THRESHOLD: in the site's currency, and percents of it that are told apart.
        percent, comparison_days: of CONVERSION_DROP, CPA_SPIKE and ROAS_DROP: so far from the days before.
        sensitivity: of CLICK_ANOMALY and ODD: how far off a day has to be.
        conditions: of CUSTOM: all of them must be true.
        model: of conversions and revenue; "" for the site's.
        periods: so many in a row, before people are told. cooldown_hours: a new alert is told of once in them.
        paused: it is not judged. archived: it was removed.
        version: grows by one with every change.
    """

    organization_id: str
    site_id: str
    rule_id: str
    name: str
    kind: Kind
    owner_id: str
    created_ms: int
    severity: Severity = "WARNING"
    filters: Filters = ()
    segments: tuple[str, ...] = ()
    period: Period = "DAY"
    spend_micros: int | None = None
    levels: tuple[int, ...] = (100,)
    percent: int | None = None
    comparison_days: int = DEFAULT_COMPARISON_DAYS
    sensitivity: Sensitivity = "MEDIUM"
    conditions: tuple[Condition, ...] = ()
    model: str = ""
    periods: int = 1
    cooldown_hours: int = 24
    paused: bool = False
    archived: bool = False
    version: int = 0

    @property
    def judges_hours(self) -> bool:
        return self.kind == "NO_DATA" or self.period == "HOUR"

    @property
    def judges_days(self) -> bool:
        return not self.judges_hours and self.kind != "CONNECTION_ERROR"


class RuleChange(TypedDict, total=False):
    """What to change; what is absent stays. The kind stays."""

    name: str
    severity: Severity
    filters: Filters
    segments: tuple[str, ...]
    period: Period
    spend_micros: int | None
    levels: tuple[int, ...]
    percent: int | None
    comparison_days: int
    sensitivity: Sensitivity
    conditions: tuple[Condition, ...]
    model: str
    periods: int
    cooldown_hours: int
    paused: bool
