"""Costs that are sent by hand."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClaimTraits:
    """What a platform's claims are made of.

    Attributes:
        views_counted: conversions after a view are in them. date_basis_told: it tells also on which day they happened.
    """

    title: str
    views_counted: bool
    date_basis_told: bool


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

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from all others of its site."""
        return self.day, self.source, self.medium, self.campaign


@dataclass(frozen=True, slots=True)
class ImportedCosts:
    """What came of a table of costs.

    Attributes:
        added, restated, unchanged: rows that are new, that replace other numbers, and that were there as they are.
        superseded: rows whose campaign's day a connected account has too: its costs count, these do not.
        superseded_micros: what these cost, by currency.
    """

    added: int
    restated: int
    unchanged: int
    superseded: int
    superseded_micros: Mapping[str, int]
