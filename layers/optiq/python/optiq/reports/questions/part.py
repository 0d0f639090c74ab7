"""The part of a question that one source answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from optiq.reports.costs.accounts import NONE, Costs
from optiq.reports.domain import DayRange
from optiq.reports.questions.catalogue import Metric
from optiq.reports.questions.filters import Filters
from optiq.reports.statements import Sql

EVERY_SITE = ""
"""Stands for all sites of the organization, each counted by itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """
    Attributes:
        site_id: or EVERY_SITE.
        dimensions: names. bucket: DAY, WEEK, MONTH, HOUR, or "".
        last_touch_day: until when conversions may follow the touches of the days asked for, by TOUCH_DAY.
        until_ms: only what happened before counts, where instants are known; None for all of the days.
        properties: that the site declares, by their column of `steps`.
        costs: the connected accounts. provisional: ratios with costs count days too that are not whole.
        as_of_ms: only what was known of costs and credits at an instant counts; None for now.
    """

    site_id: str
    currency: str
    days: DayRange
    dimensions: tuple[str, ...]
    bucket: str
    filters: Filters
    metrics: tuple[Metric, ...]
    model: str
    by_touch_day: bool = False
    last_touch_day: str = ""
    until_ms: int | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    costs: Costs = NONE
    provisional: bool = False
    as_of_ms: int | None = None

    @property
    def days_out_of_ratios(self) -> tuple[str, ...]:
        """Days whose costs are not whole yet: what they cost is less than what they brought."""
        return () if self.provisional else self.costs.provisional(self.days)

    @property
    def bounds_ms(self) -> tuple[int, int]:
        """The half-open range of instants."""
        start_ms, end_ms = self.days.bounds_ms
        return start_ms, end_ms if self.until_ms is None else max(start_ms, min(end_ms, self.until_ms))

    @property
    def of_site(self) -> Sql:
        """The condition on rows of a table."""
        return Sql("true") if self.site_id == EVERY_SITE else Sql("site_id = ?", (self.site_id,))

    @property
    def site_column(self) -> tuple[str, ...]:
        return ("site_id",) if self.site_id == EVERY_SITE else ()
