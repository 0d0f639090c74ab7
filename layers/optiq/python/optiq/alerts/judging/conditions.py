"""CUSTOM: up to three conditions, all of which must be true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optiq.alerts.judging.clicks import odd_count
from optiq.alerts.judging.contracts import Condition, DayValues, Judgement, Side, unjudged
from optiq.alerts.judging.sums import included, total


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric as sums over days: of one column, or a quotient of two. Columns are of DayValues."""

    column: str
    per: str = ""
    factor: int = 1

    def of(self, days: Sequence[DayValues]) -> float | None:
        """None where a day is not known, there is none, or nothing is divided by nothing."""
        upper = total(days, self.column)
        if not self.per:
            return upper
        lower = total(days, self.per)
        return self.factor * upper / lower if upper is not None and lower else None


def custom(
    days: Sequence[DayValues], conditions: Sequence[Condition], measures: Mapping[str, Measure], k: float
) -> Judgement:
    """The first condition's numbers; a breach when all are one, and nothing when one of them cannot be judged.

    Args:
        measures: of each metric that a condition has.
    """
    judged = [_judged(days, one, measures[one.metric], k) for one in conditions]
    if missing := next((one for one in judged if one.outcome not in ("BREACH", "FINE")), None):
        return missing
    first = judged[0]
    if all(one.outcome == "BREACH" for one in judged):
        return first
    # Whoever waits for an end has to see the condition that is not true.
    return next(one for one in judged if one.outcome == "FINE")


def _judged(days: Sequence[DayValues], condition: Condition, measure: Measure, k: float) -> Judgement:
    if condition.comparison == "ODD":
        return odd_count(days, measure.column, k)
    used = included(days)
    now = measure.of(used[-condition.days :])
    if now is None or days[-1].excluded:
        return unjudged("NO_DATA", f"{measure.column} of a day is not known.")
    wanted = condition.value or 0.0
    side: Side = "HIGH" if condition.comparison.endswith("ABOVE") else "LOW"
    if condition.comparison in ("ABOVE", "BELOW"):
        return _of(now, 0.0 if side == "HIGH" else 2 * wanted, wanted, side)
    before = measure.of(used[-2 * condition.days : -condition.days])
    if len(used) < 2 * condition.days or not before:
        return unjudged("TOO_LITTLE", f"{measure.column} of the days before is needed.")
    share = wanted / 100 if side == "HIGH" else -wanted / 100
    return _of(now, before, before * (1 + share), side)


def _of(value: float, usual: float, bound: float, side: Side) -> Judgement:
    breach = value > bound if side == "HIGH" else value < bound
    return Judgement("BREACH" if breach else "FINE", value, usual, bound, side)
