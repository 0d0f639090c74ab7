"""Reports as JSON. A row's first key is named after the dimension the report is by."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from optiq.attribution.contracts import ModelVerdict, Verdict
from optiq.kernel.clock import to_rfc3339, to_rfc3339_or_none
from optiq.reports.contracts import (
    AttributionReport,
    AttributionRow,
    Comparison,
    MissingRate,
    SpendReport,
    ValueExplanation,
)
from pydantic import BaseModel, ConfigDict, Field

_DAMAGED_FILES: list[str] = Field(
    default=[],
    description="files of the lake that cannot be read: their rows are in no sum until they are put right",
    examples=[[]],
)


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


class VerdictDocument(BaseModel):
    """Whether what a data-driven model learnt of the site's paths is enough to credit by; `reason` says why not."""

    verdict: Verdict
    reason: str

    @classmethod
    def of(cls, found: ModelVerdict | None) -> "VerdictDocument | None":
        return None if found is None else cls(verdict=found.verdict, reason=found.reason)


class AttributionDocument(_Document):
    """Rows hold the dimension's value, `conversions` (a sum of weights), `revenue_micros` and `touches`.

    For `not_computed` conversions the model was not computed: they are in no row and no total. `verdict` is null for
    models that do not learn from data. `note` says so when no conversion has the name asked for; otherwise it is "".
    """

    model: str
    by: str
    currency: str
    timezone: str
    from_day: str = Field(alias="from")
    to_day: str = Field(alias="to")
    conversion: str
    as_of: str | None
    rows: list[dict[str, str | int | float]] = Field(
        examples=[[{"channel": "Email", "conversions": 1.5, "revenue_micros": 49_900_000, "touches": 3}]]
    )
    totals: AttributionTotals
    not_computed: int
    missing_rates: list[MissingRateDocument]
    verdict: VerdictDocument | None
    note: str
    damaged_files: list[str] = _DAMAGED_FILES

    @classmethod
    def of(cls, report: AttributionReport) -> "AttributionDocument":
        return cls(
            model=report.model,
            by=report.by,
            currency=report.currency,
            timezone=report.timezone,
            from_day=report.from_day,
            to_day=report.to_day,
            conversion=report.conversion,
            as_of=to_rfc3339_or_none(report.as_of_ms),
            rows=[_row(report.by, asdict(row)) for row in report.rows],
            totals=AttributionTotals(conversions=report.conversions, revenue_micros=report.revenue_micros),
            not_computed=report.not_computed,
            missing_rates=[_missing_rate(missing) for missing in report.missing_rates],
            verdict=VerdictDocument.of(report.verdict),
            note=report.note,
            damaged_files=[*report.damaged_files],
        )


class ComparedModel(BaseModel):
    """A model's totals, now or then; see the attribution report."""

    model: str
    conversions: int
    revenue_micros: int
    not_computed: int
    verdict: VerdictDocument | None

    @classmethod
    def of(cls, report: AttributionReport) -> "ComparedModel":
        return cls(
            model=report.model,
            conversions=report.conversions,
            revenue_micros=report.revenue_micros,
            not_computed=report.not_computed,
            verdict=VerdictDocument.of(report.verdict),
        )


class ComparisonDocument(_Document):
    """Models side by side. A row holds the dimension's value, what each model gives it `now`, and how far they are
    apart: `spread_micros` is most less least, `spread_ratio` that over their mean; between the models computed
    for every conversion, and null where these are not two.

    With `as_of`, a row holds `then` too, what each model gave it in the ledger as it stood; otherwise that is null.
    """

    by: str
    currency: str
    timezone: str
    from_day: str = Field(alias="from")
    to_day: str = Field(alias="to")
    conversion: str
    as_of: str | None
    rows: list[dict[str, Any]] = Field(
        examples=[
            [
                {
                    "channel": "Email",
                    "now": {"LINEAR": {"conversions": 1.5, "revenue_micros": 49_900_000, "touches": 3}},
                    "then": None,
                    "spread_micros": 0,
                    "spread_ratio": 0.0,
                }
            ]
        ]
    )
    now: list[ComparedModel]
    then: list[ComparedModel] | None
    missing_rates: list[MissingRateDocument]
    note: str
    damaged_files: list[str] = _DAMAGED_FILES

    @classmethod
    def of(cls, found: Comparison) -> "ComparisonDocument":
        models = [report.model for report in found.now]
        # The conversions are the same for every model but where one was not computed for some.
        missing = {(rate.currency, rate.day): rate for report in found.now for rate in report.missing_rates}
        return cls(
            by=found.by,
            currency=found.currency,
            timezone=found.timezone,
            from_day=found.from_day,
            to_day=found.to_day,
            conversion=found.conversion,
            as_of=to_rfc3339_or_none(found.as_of_ms),
            rows=[
                {
                    found.by: row.key,
                    "now": _by_model(models, row.now),
                    "then": _by_model(models, row.then) if row.then else None,
                    "spread_micros": row.spread_micros,
                    "spread_ratio": row.spread_ratio,
                }
                for row in found.rows
            ],
            now=[ComparedModel.of(report) for report in found.now],
            then=[ComparedModel.of(report) for report in found.then] if found.then else None,
            missing_rates=[_missing_rate(missing[place]) for place in sorted(missing)],
            note=found.note,
            damaged_files=[*found.damaged_files],
        )


class ExplainedTouchDocument(BaseModel):
    """A touch that earned part of the conversion; `revenue_micros` is in the report's currency."""

    touch_id: str
    touch_at: str | None
    position: int
    channel: str
    source: str
    medium: str
    campaign: str
    ad: str
    landing_page: str
    weight: float
    credit_micros: int
    revenue_micros: int | None
    channel_rules_version: int | None


class ExplainedConversionDocument(BaseModel):
    """A conversion that gave credit, and by which versions of the rules it did.

    `missing_day`: the day without a rate for its currency, which keeps its money out of the sums; otherwise "".
    """

    conversion_id: str
    customer_id: str
    name: str
    conversion_at: str
    value_micros: int
    currency: str
    path_length: int
    window_days: int
    evidence: str
    settings_version: int
    fit_version: int
    engine_version: int
    revision: int
    computed_at: str
    missing_day: str
    touches: list[ExplainedTouchDocument]


class ExplanationTotals(BaseModel):
    """Of all pages: conversions that gave credit, the sum of their weights, and the revenue."""

    conversions: int
    weights: float
    revenue_micros: int


class ExplanationDocument(_Document):
    """Why a value earned what it did. `cursor` asks for the next page, of the ledger as it stood at `as_of`.

    `verdict` is as in the attribution report: why a model that learns from data may have credited nothing. `note` says
    why there is nothing to explain, such as that no conversion has the value; otherwise it is "".
    """

    model: str
    by: str
    value: str
    currency: str
    timezone: str
    from_day: str = Field(alias="from")
    to_day: str = Field(alias="to")
    conversion: str
    as_of: str
    totals: ExplanationTotals
    items: list[ExplainedConversionDocument]
    cursor: str | None
    verdict: VerdictDocument | None
    note: str
    damaged_files: list[str] = _DAMAGED_FILES

    @classmethod
    def of(cls, found: ValueExplanation) -> "ExplanationDocument":
        said = asdict(found)
        said["verdict"] = VerdictDocument.of(found.verdict)
        totals = {name: said.pop(name) for name in ExplanationTotals.model_fields}
        return cls(**said, as_of=to_rfc3339(said.pop("as_of_ms")), totals=ExplanationTotals(**totals))


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
    damaged_files: list[str] = _DAMAGED_FILES

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
            damaged_files=[*report.damaged_files],
        )


def _row(by: str, row: dict[str, Any]) -> dict[str, Any]:
    return {by: row.pop("key"), **row}


def _by_model(models: Sequence[str], rows: Sequence[AttributionRow]) -> dict[str, dict[str, Any]]:
    shares = [{name: value for name, value in asdict(row).items() if name != "key"} for row in rows]
    return dict(zip(models, shares, strict=True))


def _missing_rate(missing: MissingRate) -> MissingRateDocument:
    return MissingRateDocument(**asdict(missing))
