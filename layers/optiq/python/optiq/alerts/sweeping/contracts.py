"""What is known of a rule between sweeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from optiq.alerts.judging.contracts import DayValues, Judgement, Outcome, Side
from optiq.alerts.lifecycle.advancing import Moment
from optiq.alerts.lifecycle.contracts import ExplainedDay
from optiq.alerts.rules.contracts import Rule

NEVER = -1


@dataclass(frozen=True, slots=True)
class JudgedPeriod:
    """A period as it was when it was judged; `digest` is of its numbers."""

    period: str
    digest: str


@dataclass(frozen=True, slots=True)
class Watch:
    """
    Attributes:
        watch_id: that of the rule, or of rule and connection.
        connection_id: of the advertising connection that is watched; "" for the site.
        rule_version: of the rule that was judged, or NEVER. outcome, why, value, usual: of the latest period.
        periods: the latest that were judged, the oldest first.
        low_id, high_id: the latest alert of each side, "" for none. open_sides: of which it was open then.
        version: grows by one with every change. Of two sweeps at once one finds another version, and leaves it.
    """

    organization_id: str
    site_id: str
    watch_id: str
    rule_id: str
    connection_id: str = ""
    rule_version: int = NEVER
    outcome: Outcome = "NO_DATA"
    why: str = ""
    value: float | None = None
    usual: float | None = None
    judged_ms: int = 0
    periods: tuple[JudgedPeriod, ...] = ()
    low_id: str = ""
    high_id: str = ""
    open_sides: tuple[Side, ...] = ()
    version: int = 0

    @classmethod
    def of(cls, rule: Rule, connection_id: str = "") -> Self:
        """Of what nobody has judged yet."""
        watch_id = f"{rule.rule_id}.{connection_id}" if connection_id else rule.rule_id
        return cls(rule.organization_id, rule.site_id, watch_id, rule.rule_id, connection_id)

    def digest_of(self, period: str) -> str:
        return next((one.digest for one in self.periods if one.period == period), "")


@dataclass(frozen=True, slots=True)
class Judged:
    """A period, and what came of it.

    Attributes:
        digest: of its numbers. restated: it was judged before, by other numbers.
        days: those up to it, the oldest first; of hours there is `hours` in their place.
    """

    moment: Moment
    judgement: Judgement
    digest: str
    restated: bool = False
    days: Sequence[DayValues] = ()
    hours: tuple[ExplainedDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Wider:
    """A wider threshold of a rule.

    Attributes:
        rule: as it would be.
        days_before, days_after: so many of the last 90 days are breaches, by the rule as it is and as it would be.
        gone: the days that would be no breach any more.
    """

    rule: Rule
    days_before: int
    days_after: int
    gone: tuple[str, ...]
