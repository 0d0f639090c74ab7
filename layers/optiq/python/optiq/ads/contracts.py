"""What ads take in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DailyMetric:
    """What one campaign cost on one day (of the advertising account). `day` is YYYY-MM-DD.

    `claimed_conversions` and `claimed_revenue_micros` are what the platform says that it brought; None where it says
    nothing.
    """

    day: str
    source: str
    medium: str
    campaign: str
    impressions: int
    clicks: int
    spend_micros: int
    currency: str
    claimed_conversions: float | None = None
    claimed_revenue_micros: int | None = None
