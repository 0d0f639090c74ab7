"""What this month's revenue and spend will probably be."""

from dataclasses import dataclass
from typing import Literal

from optiq.reports.questions.contracts import Framed

ForecastMetric = Literal["revenue", "spend"]
ForecastMethod = Literal["WEEKDAY_PROFILE"]


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """A day of the month.

    Attributes:
        actual_micros: what is counted; None of a day to come. complete: the day has ended.
        expected_micros: of a day that has not ended, with the band of BAND; None of others, or without a forecast.
    """

    day: str
    actual_micros: int | None
    complete: bool
    expected_micros: int | None
    low_micros: int | None
    high_micros: int | None


@dataclass(frozen=True, slots=True)
class MetricForecast:
    """
    Attributes:
        so_far_micros: what is counted of the month.
        forecast_micros: of the whole month; low, high: four of five months end between. None without a forecast.
        because: why there is none, or "".
        history_days: complete days that it is made of.
    """

    metric: ForecastMetric
    so_far_micros: int
    forecast_micros: int | None
    low_micros: int | None
    high_micros: int | None
    because: str
    history_days: int
    days: tuple[ForecastDay, ...]


@dataclass(frozen=True, slots=True)
class Forecast(Framed):
    """Of the month by the site's clock, which is the period of the frame."""

    currency: str
    method: ForecastMethod
    metrics: tuple[MetricForecast, ...]
