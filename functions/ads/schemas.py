"""What campaigns cost, as the API takes it in."""

from typing import Annotated

from optiq.ads.contracts import DailyMetric, ImportedCosts
from optiq.kernel.schemas import AmountIn, CurrencyIn, DayIn, In, Micros, Out, fields_of
from pydantic import Field

_Name = Annotated[str, Field(min_length=1, max_length=500)]
_Count = Annotated[int, Field(ge=0, le=10**12, strict=True)]


class AdMetricIn(In):
    """One campaign's day. `spend` and `claimed_revenue` are decimal amounts of `currency`; text keeps them exact.

    `claimed_conversions`, which may be a fraction, and `claimed_revenue` are what the platform says that it brought.
    """

    day: DayIn
    source: _Name
    medium: _Name
    campaign: _Name = "(not set)"
    impressions: _Count = 0
    clicks: _Count = 0
    spend: AmountIn = Field(serialization_alias="spend_micros")
    currency: CurrencyIn
    claimed_conversions: Annotated[float, Field(ge=0, le=10**12, strict=True, allow_inf_nan=False)] | None = None
    claimed_revenue: AmountIn | None = Field(None, serialization_alias="claimed_revenue_micros")


class AdMetricsIn(In):
    rows: Annotated[list[AdMetricIn], Field(min_length=1, max_length=1000)]

    def metrics(self) -> list[DailyMetric]:
        return [DailyMetric(**row) for row in self.model_dump(by_alias=True)["rows"]]


class StoredOut(Out):
    """How many rows were stored."""

    stored: int


class CostsIn(In):
    """The first line names the columns: date, source, medium, campaign, cost and currency; impressions and clicks if
    you have them.
    """

    csv: str = Field(
        min_length=1,
        max_length=2_000_000,
        examples=["date,source,medium,campaign,cost,currency\n2026-01-31,newsletter,email,january,49.90,EUR\n"],
    )


class SupersededOut(Out):
    currency: str
    spend_micros: Micros


class ImportedCostsOut(Out):
    """How many rows are new, replace other numbers, and were there already. `superseded`: rows of which a connected
    account has the same campaign's day; its costs count, and these, `superseded_spend` in all, do not.
    """

    added: int
    restated: int
    unchanged: int
    superseded: int
    superseded_spend: list[SupersededOut]

    @classmethod
    def of(cls, found: ImportedCosts) -> "ImportedCostsOut":
        spend = [{"currency": name, "spend_micros": micros} for name, micros in found.superseded_micros.items()]
        return cls.model_validate(fields_of(found) | {"superseded_spend": spend})
