"""A question to the reports, and its answer."""

from dataclasses import dataclass
from typing import Literal

from optiq.reports.questions.filters import Filters

Basis = Literal["CONVERSION_DAY", "TOUCH_DAY"]
Compare = Literal["NONE", "PREVIOUS_PERIOD", "SAME_WEEKDAYS", "PREVIOUS_YEAR"]


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a site.

    Attributes:
        metrics, dimensions: names of the catalogue; a dimension may be `hour`, `day`, `week` or `month`, once.
        from_day, to_day: days in the site's timezone, both included.
        compare: the period that each row is compared with: just before; whole weeks before; 52 weeks before.
        model: of conversions and revenue; "" for the site's default.
        basis: the day money counts on: that of the conversion, or that of each touch.
        order: a metric, or a dimension with `-` or without before it: `-revenue` is the most first. "" for the first
            metric, the most first; of a series, the oldest first.
        limit: how many rows; the totals are of all.
    """

    metrics: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    filters: Filters = ()
    from_day: str = ""
    to_day: str = ""
    compare: Compare = "NONE"
    model: str = ""
    basis: Basis = "CONVERSION_DAY"
    order: str = ""
    limit: int = 100


Number = float | int | None
"""None where nothing can be said: a quotient of nothing, or a day without data."""


@dataclass(frozen=True, slots=True)
class Row:
    """Numbers in the order of the question's metrics.

    Attributes:
        keys: values of the dimensions; "" for none. Of time: the first day such as 2026-01-31, or an hour such as
            2026-01-31T14:00 by the site's clock.
        before: the same of the period compared with; empty without one.
    """

    keys: tuple[str, ...]
    values: tuple[Number, ...]
    before: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """
    Attributes:
        rows: how many there are is `row_count`; those beyond the limit are in the totals.
        without_rate: conversions and days of spend that are in no money, for their currency has no rate of the day.
        before_from, before_to: the days compared with; "" without.
    """

    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    rows: tuple[Row, ...]
    row_count: int
    totals: Row
    currency: str
    timezone: str
    model: str
    basis: Basis
    from_day: str
    to_day: str
    before_from: str
    before_to: str
    without_rate: float
    damaged_files: tuple[str, ...] = ()
