"""What campaigns cost, as the API takes it in."""

from typing import Annotated

from optiq.ads.contracts import DailyMetric
from optiq.kernel.schemas import AmountIn, CurrencyIn, DayIn, In, Out
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
