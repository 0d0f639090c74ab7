"""What reports tell: sums over the lake, in the organization's reporting currency."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MissingRate:
    """Money that is in no sum, because its currency has no rate of that day.

    `conversions` is how many hold it (0 in a spend report); `value_micros` is in `currency`.
    """

    currency: str
    day: str
    conversions: int
    value_micros: int


@dataclass(frozen=True, slots=True)
class AttributionRow:
    """What one value of the dimension earned: `conversions` is a sum of weights."""

    key: str
    conversions: float
    revenue_micros: int
    touches: int


@dataclass(frozen=True, slots=True)
class AttributionReport:
    """One model's credits by one dimension (`by`), most revenue first.

    `conversions` is the number of conversions, of which every one is in the rows with weights that sum to 1.
    `from_day` and `to_day` are days in `timezone`, both included.
    """

    model: str
    by: str
    currency: str
    timezone: str
    from_day: str
    to_day: str
    rows: tuple[AttributionRow, ...]
    conversions: int
    revenue_micros: int
    missing_rates: tuple[MissingRate, ...]


@dataclass(frozen=True, slots=True)
class SpendRow:
    """What one value of the dimension cost."""

    key: str
    spend_micros: int
    clicks: int
    impressions: int


@dataclass(frozen=True, slots=True)
class SpendReport:
    """Daily metrics by one dimension (`by`), most spend first; days are those of the advertising accounts."""

    by: str
    currency: str
    from_day: str
    to_day: str
    rows: tuple[SpendRow, ...]
    spend_micros: int
    clicks: int
    impressions: int
    missing_rates: tuple[MissingRate, ...]
