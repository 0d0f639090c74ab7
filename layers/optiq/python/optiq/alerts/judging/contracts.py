"""What a rule reads of a site, and what is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from optiq.alerts.judging.expecting import LEARNING_DAYS

Outcome = Literal["BREACH", "FINE", "LEARNING", "TOO_LITTLE", "NO_DATA"]
"""LEARNING: the history is too short. TOO_LITTLE: there is not enough to compare. NO_DATA: numbers of the period, or of
those it is compared with, are not known. The last three neither fire nor resolve anything."""
Side = Literal["LOW", "HIGH"]
Comparison = Literal["ABOVE", "BELOW", "CHANGE_ABOVE", "CHANGE_BELOW", "ODD"]
"""ABOVE, BELOW: than `value`. CHANGE_ABOVE, CHANGE_BELOW: by more than `value` percent against the days before. ODD: a
count that is far from what is usual on such a day."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One of a CUSTOM rule's.

    Attributes:
        metric: of the catalogue of questions.
        value: of the comparison, money in units of the site's currency; ratios as quotients; nothing for ODD.
        days: so many days are put together.
    """

    metric: str
    comparison: Comparison
    value: float | None = None
    days: int = 1


@dataclass(frozen=True, slots=True)
class DayValues:
    """A day in the site's timezone.

    Attributes:
        values: a metric's number; None where it is not known. Money in the site's currency, in units.
        excluded: it is of a maintenance window that says so: it is neither judged nor usual.
    """

    day: date
    values: Mapping[str, float | None]
    excluded: bool = False

    def value(self, metric: str) -> float | None:
        return self.values.get(metric)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a period.

    Attributes:
        value: what was measured. usual: what it was compared with. bound: from where on it is a breach.
        side: where the breach is, or would be.
        score: how many standard deviations off; None for a comparison without any.
        level: which level of several was passed, such as 100 (percent of a threshold); 0 for none.
        level_changed: it is usual from here on.
        why: a sentence for people, where nothing could be judged.
    """

    outcome: Outcome
    value: float | None = None
    usual: float | None = None
    bound: float | None = None
    side: Side = "LOW"
    score: float | None = None
    level: int = 0
    level_changed: bool = False
    why: str = ""

    @property
    def worse(self) -> float:
        """How many times the way from the usual to the bound the value has gone; 1 at the bound. 0 when not judged."""
        if self.value is None or self.usual is None or self.bound is None or self.bound == self.usual:
            return 0.0
        return (self.value - self.usual) / (self.bound - self.usual)


def unjudged(outcome: Outcome, why: str) -> Judgement:
    return Judgement(outcome, why=why)


def learning(known_days: int) -> Judgement:
    """The history is too short, with this many days, the last one among them."""
    more = LEARNING_DAYS + 1 - known_days
    return unjudged("LEARNING", f"Learning: {more} more {'day is' if more == 1 else 'days are'} needed.")
