"""A site's first page."""

from dataclasses import dataclass

from optiq.reports.questions.contracts import Days, Note, Row

TILES = ("revenue", "spend", "roas", "conversions", "cpa", "visits")
OF_CUSTOMERS = ("conversions", "revenue")


@dataclass(frozen=True, slots=True)
class Overview:
    """
    Attributes:
        totals, series, channels, campaigns: of the metrics TILES; the series has a row for each day, week or month.
        changed_channels, changed_campaigns: those of which revenue changed most by amount; none without a comparison.
        visitors: of `visits`, by NEW and RETURNING. customers: of OF_CUSTOMERS, by the same.
        compared_until_hour: the hour of the last day, by the site's clock, until which the numbers before and the
            changes are counted; None for whole days.
        data_until_ms: what came in until then is counted; 0 when nothing was counted yet.
    """

    totals: Row
    series: tuple[Row, ...]
    channels: tuple[Row, ...]
    campaigns: tuple[Row, ...]
    changed_channels: tuple[Row, ...]
    changed_campaigns: tuple[Row, ...]
    visitors: tuple[Row, ...]
    customers: tuple[Row, ...]
    currency: str
    timezone: str
    model: str
    period: Days
    compared: Days | None
    compared_until_hour: int | None
    data_until_ms: int
    incomplete_days: tuple[str, ...]
    notes: tuple[Note, ...]
