"""What cohorts of customers are worth, month by month, beside what it cost to win them."""

from dataclasses import dataclass
from typing import Literal

from optiq.reports.questions.contracts import Framed

CohortBy = Literal["MONTH", "CHANNEL"]


@dataclass(frozen=True, slots=True)
class CohortsAsk:
    """
    Attributes:
        by: a cohort is of the MONTH of the first conversion ever, or of the CHANNEL of the first touch before it.
        conversion: only conversions of this name count; "" for all.
        period: of first conversions, from the beginning of its first month.
    """

    by: CohortBy = "MONTH"
    conversion: str = ""
    period: str = "last365d"


@dataclass(frozen=True, slots=True)
class ValueCell:
    """What a cohort was worth from its first conversions until the end of the `month`-th month after.

    Attributes:
        revenue_micros: net of refunds, which count in the month of their conversion.
        per_person_micros: over all people of the cohort.
        complete: that month has ended for all of them.
    """

    month: int
    revenue_micros: int
    per_person_micros: int
    complete: bool


@dataclass(frozen=True, slots=True)
class ValueCohort:
    """
    Attributes:
        key: the first day of the month, or the channel.
        people: 0, without cells, where there was only spend.
        spend_micros: of the month; of a channel, of all months of the period.
        acquisition_cost_micros: spend a person; None without spend.
        paid_back_after: the first month by whose end the revenue reached the spend; None while it has not, or without
            spend.
    """

    key: str
    people: int
    revenue_micros: int
    spend_micros: int
    acquisition_cost_micros: int | None
    paid_back_after: int | None
    cells: tuple[ValueCell, ...]


@dataclass(frozen=True, slots=True)
class CohortsAnswer(Framed):
    """`average` is what a person was worth by month, over complete cells only; None where there are none."""

    by: CohortBy
    currency: str
    cohorts: tuple[ValueCohort, ...]
    average: tuple[int | None, ...]
    no_rate: int
