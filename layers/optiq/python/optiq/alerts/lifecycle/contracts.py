"""An alert, and what people are told of it."""

from dataclasses import dataclass, field
from typing import Literal

from optiq.alerts.contracts import Severity
from optiq.alerts.judging.contracts import Side

Status = Literal["PENDING", "TRIGGERED", "ACKNOWLEDGED", "RESOLVED", "DISMISSED"]
"""PENDING: it has not lasted as long as its rule asks. DISMISSED: somebody says that it is no problem."""
Ending = Literal["", "RECOVERED", "RESTATED", "LEVEL_CHANGED", "RULE_CHANGED", "DISCONNECTED"]
"""DISCONNECTED: somebody disconnected what it is about, or the site has no costs of it any more."""
Notice = Literal["TRIGGERED", "ESCALATED", "REMINDED", "RESOLVED"]


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """A day before an alert, or an hour such as 2026-11-24T10:00; money in units.

    Attributes:
        value: None where it is not known. usual: what was expected. low, high: the least and the most that are not odd.
    """

    period: str
    value: float | None
    usual: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Contributor:
    """A part of a site whose number moved to the side of the alert; money in units. `usual`: the weekdays before."""

    dimension: str
    name: str
    value: float
    usual: float


@dataclass(frozen=True, slots=True)
class Alert:
    """One rule, one scope, one side: there is one open alert of them.

    Attributes:
        fingerprint: of rule, scope and side.
        connection_id: of the advertising connection that it is about; "" for the site.
        about: a sentence that says what is wrong, where numbers alone do not.
        period: the first period of the breach, such as 2026-11-24; last_period: the latest of it.
        breaches: periods in a row.
        worse, worst: how far the first and the worst went, 1 at the bound (Judgement.worse).
        value, usual, bound: as it was raised. worst_value: of the worst period.
        days: the fourteen days, or hours, up to its first period, as they were then.
        contributors: where the change came from, as it was then; of each dimension the one that moved most first.
        triggered_ms: 0 while PENDING. ended_ms, ended_period_ms: when it ended, and the end of the period with which it
            did; 0 while open.
        reopened_ms: when it came back after its end, of the last 7 days.
        told_ms: when a notice last went out; 0 for none.
        cooling_from_ms: the end of the period with which people were last told of a new alert of the rule and scope.
        calm: periods in a row in which it was as usual again. calm_period: the latest of them.
        snoozed_until_ms: until then nobody is told anything but that it is over.
        version: grows by one with every change.
    """

    organization_id: str
    site_id: str
    alert_id: str
    rule_id: str
    fingerprint: str
    severity: Severity
    side: Side
    period: str
    last_period: str
    connection_id: str = ""
    about: str = ""
    status: Status = "PENDING"
    ending: Ending = ""
    breaches: int = 1
    value: float = 0.0
    usual: float = 0.0
    bound: float = 0.0
    worse: float = 1.0
    worst: float = 1.0
    worst_value: float = 0.0
    level: int = 0
    days: tuple[ExplainedDay, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    created_ms: int = 0
    triggered_ms: int = 0
    ended_ms: int = 0
    ended_period_ms: int = 0
    reopened_ms: tuple[int, ...] = field(default=())
    told_ms: int = 0
    cooling_from_ms: int = 0
    calm: int = 0
    calm_period: str = ""
    snoozed_until_ms: int = 0
    version: int = 0

    @property
    def is_open(self) -> bool:
        return self.status in ("PENDING", "TRIGGERED", "ACKNOWLEDGED")

    @property
    def day(self) -> str:
        """The last day that was judged when it was raised."""
        return (self.days[-1].period if self.days else self.period)[:10]
