"""What ads take in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DailyMetric:
    """What one campaign cost on one day (of the advertising account). `day` is YYYY-MM-DD."""

    day: str
    source: str
    medium: str
    campaign: str
    impressions: int
    clicks: int
    spend_micros: int
    currency: str
