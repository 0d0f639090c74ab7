"""The forecast as the API writes it."""

from typing import Annotated

from optiq.kernel.schemas import Day, Instant, Micros, OrNull, Out, shows
from optiq.reports.forecasts.contracts import ForecastDay, ForecastMethod, ForecastMetric
from pydantic import Field

from functions.reports.schemas_questions import FramedOut


@shows(ForecastDay)
class ForecastDayOut(Out):
    """`actual_micros` is null of a day to come; `expected_micros` with its band of a day that has ended, or without a
    forecast. Four of five days are within their band.
    """

    day: Day


class MetricForecastOut(Out):
    """`forecast_micros` is of the whole month; four of five months end between `low_micros` and `high_micros`. The
    three are null where the history is too short: `because` says so. `history_days` complete days are behind it.
    """

    metric: ForecastMetric
    so_far_micros: Micros
    forecast_micros: Micros | None
    low_micros: Micros | None
    high_micros: Micros | None
    because: str
    history_days: int
    days: list[ForecastDayOut]


class ForecastOut(FramedOut):
    """Of the month by the site's clock. What came in until `data_until` is counted; null before the first count.

    WEEKDAY_PROFILE: each weekday as its mean over eight weeks, all as much larger or smaller as the last four weeks
    were; a day counts at most three times its weekday's median.
    """

    currency: str
    method: ForecastMethod
    metrics: list[MetricForecastOut] = Field(description="revenue, then spend")
    data_until: Annotated[Instant | None, OrNull]  # type: ignore[assignment]  # wider than that of other answers
