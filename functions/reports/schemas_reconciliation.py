"""Reconciliation as the API writes it."""

from typing import Annotated

from optiq.attribution.contracts import Model
from optiq.kernel.errors import InvalidError
from optiq.kernel.schemas import AmountIn, CurrencyIn, Day, DayIn, In, Out, shows
from optiq.reports.questions.api import DEFAULT_PERIOD
from optiq.reports.reconciliation import api as reconciliation
from optiq.reports.reconciliation.contracts import (
    Claim,
    DifferenceLine,
    Figures,
    ReconciliationAsk,
    ShopRevenue,
    ShopTotal,
)
from pydantic import Field

from functions.reports.schemas_questions import FramedOut, Period

_Orders = Annotated[int, Field(ge=0, le=10**9, strict=True)]


class ShopTotalIn(In):
    """What the shop reports of a day in the site's timezone. `revenue` is a decimal amount of `currency`; text keeps it
    exact.
    """

    day: DayIn
    orders: _Orders
    revenue: AmountIn = Field(serialization_alias="revenue_micros")
    currency: CurrencyIn


class ShopTotalsIn(In):
    """Either `rows`, or `csv`: a table whose first line names the columns day, orders, revenue and currency."""

    rows: list[ShopTotalIn] = Field([], max_length=1000)
    csv: str = Field("", max_length=200_000, examples=["day,orders,revenue,currency\n2026-01-31,12,499.90,EUR\n"])

    def totals(self) -> list[ShopTotal]:
        """Raises InvalidError."""
        if bool(self.rows) == bool(self.csv):
            raise InvalidError("rows: send rows, or csv")
        if self.csv:
            return reconciliation.read_shop_totals(self.csv)
        return [ShopTotal(**row) for row in self.model_dump(by_alias=True)["rows"]]


class StoredTotalsOut(Out):
    """How many days were stored."""

    stored: int


class ReconciliationIn(In):
    """The days to compare."""

    period: Period = DEFAULT_PERIOD
    shop_revenue: ShopRevenue = Field("GROSS", description="what the shop reported: GROSS before refunds, NET after")
    model: Model | None = Field(None, description="of `claims`; by default the site's own default")

    def ask(self) -> ReconciliationAsk:
        return ReconciliationAsk(self.period, self.shop_revenue, self.model or "")


@shows(Figures)
class FiguresOut(Out):
    pass


@shows(DifferenceLine)
class DifferenceLineOut(Out):
    """A part of the difference; `because` is a sentence."""


class ReconciledDayOut(Out):
    """`shop` and `difference` are null of a day that the shop reported nothing of."""

    day: Day
    ours: FiguresOut
    shop: FiguresOut | None
    difference: FiguresOut | None


@shows(Claim)
class ClaimOut(Out):
    """What platforms claim of a channel, beside what the model gives it. They need not agree."""


class ReconciliationOut(FramedOut):
    """`difference` is `shop` less `ours`, of the `compared_days` that the shop reported. `lines` add up to it exactly;
    the last is UNEXPLAINED. `failed_events` are of the period, whatever they were. `no_rate` amounts are in no sum.
    """

    currency: str
    shop_revenue: ShopRevenue
    compared_days: int
    ours: FiguresOut
    shop: FiguresOut
    difference: FiguresOut
    lines: list[DifferenceLineOut]
    days: list[ReconciledDayOut]
    no_rate: int
    model: Model
    claims: list[ClaimOut]
    failed_events: int
