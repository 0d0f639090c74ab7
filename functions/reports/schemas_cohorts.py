"""Cohort value as the API writes it."""

from optiq.kernel.schemas import In, Micros, Out, shows
from optiq.reports.cohorts.contracts import CohortBy, CohortsAsk, ValueCell
from pydantic import Field

from functions.reports.schemas_questions import FramedOut, Period


class CohortsIn(In):
    """Customers by when, or by what channel, they were won, and what they were worth since."""

    by: CohortBy = Field(
        "MONTH", description="of the first conversion ever; or the CHANNEL of the first touch before it"
    )
    conversion: str = Field("", description="only conversions of this name count; by default all")
    period: Period = Field("last365d", description="of first conversions, from the beginning of its first month")

    def ask(self) -> CohortsAsk:
        return CohortsAsk(self.by, self.conversion, self.period)


@shows(ValueCell)
class ValueCellOut(Out):
    """Revenue from the first conversions until the end of the `month`-th month after; net of refunds, which count in
    the month of their conversion. Not `complete` while that month lasts for some of the people.
    """


class ValueCohortOut(Out):
    """`key` is the first day of a month, or a channel. `spend_micros` is of that month, or of the channel in all of the
    period; `acquisition_cost_micros` that a person. `paid_back_after` is the first month by whose end the revenue
    reached the spend. Both are null without spend, the latter also until it has. `people` is 0 where there was only
    spend.
    """

    key: str
    people: int
    revenue_micros: Micros
    spend_micros: Micros
    acquisition_cost_micros: Micros | None
    paid_back_after: int | None
    cells: list[ValueCellOut]


class CohortsOut(FramedOut):
    """Months oldest first, channels with the most revenue first. `average` is what a person was worth by month, over
    complete cells only; null where there are none. Money is in `currency`; `no_rate` conversions are in no amount.
    """

    by: CohortBy
    currency: str
    cohorts: list[ValueCohortOut]
    average: list[Micros | None]
    no_rate: int
