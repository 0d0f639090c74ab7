"""The overview as the API writes it."""

from typing import Annotated, Any

from optiq.attribution.contracts import Model
from optiq.kernel.schemas import Day, Instant, OrNull, Out, fields_of
from optiq.reports.overview.api import OF_CUSTOMERS, TILES
from optiq.reports.overview.contracts import Overview
from optiq.reports.questions.api import CATALOGUE
from pydantic import Field

from functions.reports.schemas_questions import ColumnOut, NoteOut, PeriodOut, RowOut


class OverviewOut(Out):
    """Six numbers of a site, their series, the most valuable channels and campaigns, and those that changed most, five
    of each. Rows are those of a question: values are in the order of `metrics`, of `visitors` visits, of `customers` in
    the order of `customer_metrics`. What came in until `data_until` is counted; null before the first count.
    """

    metrics: list[ColumnOut]
    totals: RowOut
    series: list[RowOut] = Field(description="by `interval`, the oldest first")
    channels: list[RowOut]
    campaigns: list[RowOut]
    changed_channels: list[RowOut] = Field(description="the largest changes of revenue; empty without a comparison")
    changed_campaigns: list[RowOut]
    visitors: list[RowOut] = Field(description="NEW: the first visits of people; RETURNING: the others")
    customer_metrics: list[ColumnOut]
    customers: list[RowOut] = Field(description="NEW: the first conversions of people; RETURNING: the others")
    currency: str
    timezone: str
    model: Model
    period: PeriodOut
    compared: PeriodOut | None
    compared_until_hour: int | None = Field(
        description="`before` and `change` count the last day until this hour of the site's clock; null for whole days"
    )
    data_until: Annotated[Instant | None, OrNull]
    incomplete_days: list[Day]
    notes: list[NoteOut]

    @classmethod
    def of(cls, found: Overview) -> "OverviewOut":
        given: dict[str, Any] = fields_of(found) | {
            "metrics": [CATALOGUE.metrics[name] for name in TILES],
            "customer_metrics": [CATALOGUE.metrics[name] for name in OF_CUSTOMERS],
        }
        return cls.model_validate(given)
