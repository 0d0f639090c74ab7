"""What is asked of costs, and the columns that all rows of `costs` have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from optiq.ads.lake import REVISIONS_A_MS
from optiq.kernel.clock import days_before
from optiq.ports.query import Value
from optiq.reports.costs.accounts import NONE, Costs
from optiq.reports.costs.hours_sql import text
from optiq.reports.domain import DayRange
from optiq.reports.site_clock import Bucket
from optiq.reports.statements import Sql

CostLevel = Literal["ACCOUNT", "CAMPAIGN", "AD"]
OF_NAMES = ("source", "medium", "channel")
"""Columns that differ between campaigns of an account where links name them otherwise."""
_OF_CAMPAIGNS = ("campaign", "platform_campaign")
_OF_ADS = ("ad", "platform_group", "platform_ad")
COLUMNS = (
    *("site_id", "day", "platform", "account", "platform_campaign", "platform_group", "platform_ad"),
    *("source", "medium", "campaign", "ad", "channel", "impressions", "clicks", "spend_micros", "currency"),
    *("claimed_conversions", "claimed_revenue_micros", "claimant", "superseded", "counted", "unread", "shifted"),
)


@dataclass(frozen=True, slots=True)
class CostRows:
    """Which rows are wanted.

    Attributes:
        of_site: the condition on rows of a table. bucket: "" for none.
        named: the columns that rows are by, or filtered by.
        as_of_ms: only what was known at an instant; None for now.
    """

    of_site: Sql
    days: DayRange
    costs: Costs = NONE
    bucket: Bucket | Literal[""] = ""
    named: Sequence[str] = ()
    as_of_ms: int | None = None

    @property
    def wide_days(self) -> tuple[str, str]:
        """The first and the last day of any account that may have hours of these days."""
        return days_before(self.days.first.isoformat(), 1), days_before(self.days.last.isoformat(), -1)

    @property
    def level(self) -> CostLevel:
        """The coarsest one that knows what rows are by: the rows of every level come to their account's."""
        named = set(self.named)
        if named & set(_OF_ADS):
            return "AD"
        by_campaign = self.costs.apart or named & set(_OF_CAMPAIGNS) or (self.costs.named and named & set(OF_NAMES))
        return "CAMPAIGN" if by_campaign else "ACCOUNT"

    @property
    def until(self) -> str:
        """The condition on revisions."""
        return "" if self.as_of_ms is None else f" AND revision <= {self.as_of_ms * REVISIONS_A_MS}"


def columns(own: dict[str, str], table: str = "") -> str:
    """All columns of `costs`, of which some are made."""
    prefix = f"{table}." if table else ""
    return ", ".join(f"{own[name]} AS {name}" if name in own else f"{prefix}{name}" for name in COLUMNS)


def values(rows: Iterable[tuple[Value, ...]]) -> str:
    """The rows of a VALUES, all of them texts."""
    return ", ".join(f"({', '.join(text(str(value)) for value in row)})" for row in rows)
