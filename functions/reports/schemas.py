"""Reports as JSON. A row's first key is named after the dimension the report is by."""

from dataclasses import asdict
from typing import Any

from optiq.reports.contracts import AttributionReport, MissingRate, SpendReport
from pydantic import BaseModel, ConfigDict, Field


class MissingRateDocument(BaseModel):
    """Money left out of every sum: its currency has no rate of that day."""

    currency: str
    day: str
    conversions: int
    value_micros: int


class _Document(BaseModel):
    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)


class AttributionTotals(BaseModel):
    conversions: int
    revenue_micros: int


class AttributionDocument(_Document):
    """Rows hold the dimension's value, `conversions` (a sum of weights), `revenue_micros` and `touches`."""

    model: str
    by: str
    currency: str
    timezone: str
    from_day: str = Field(alias="from")
    to_day: str = Field(alias="to")
    rows: list[dict[str, str | int | float]] = Field(
        examples=[[{"channel": "Email", "conversions": 1.5, "revenue_micros": 49_900_000, "touches": 3}]]
    )
    totals: AttributionTotals
    missing_rates: list[MissingRateDocument]

    @classmethod
    def of(cls, report: AttributionReport) -> "AttributionDocument":
        return cls(
            model=report.model,
            by=report.by,
            currency=report.currency,
            timezone=report.timezone,
            from_day=report.from_day,
            to_day=report.to_day,
            rows=[_row(report.by, asdict(row)) for row in report.rows],
            totals=AttributionTotals(conversions=report.conversions, revenue_micros=report.revenue_micros),
            missing_rates=[_missing_rate(missing) for missing in report.missing_rates],
        )


class SpendTotals(BaseModel):
    spend_micros: int
    clicks: int
    impressions: int


class SpendDocument(_Document):
    """Rows hold the dimension's value, `spend_micros`, `clicks` and `impressions`."""

    by: str
    currency: str
    from_day: str = Field(alias="from")
    to_day: str = Field(alias="to")
    rows: list[dict[str, str | int]] = Field(
        examples=[[{"channel": "Paid Search", "spend_micros": 12_500_000, "clicks": 31, "impressions": 2048}]]
    )
    totals: SpendTotals
    missing_rates: list[MissingRateDocument]

    @classmethod
    def of(cls, report: SpendReport) -> "SpendDocument":
        return cls(
            by=report.by,
            currency=report.currency,
            from_day=report.from_day,
            to_day=report.to_day,
            rows=[_row(report.by, asdict(row)) for row in report.rows],
            totals=SpendTotals(spend_micros=report.spend_micros, clicks=report.clicks, impressions=report.impressions),
            missing_rates=[_missing_rate(missing) for missing in report.missing_rates],
        )


def _row(by: str, row: dict[str, Any]) -> dict[str, Any]:
    return {by: row.pop("key"), **row}


def _missing_rate(missing: MissingRate) -> MissingRateDocument:
    return MissingRateDocument(**asdict(missing))
