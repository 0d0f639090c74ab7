"""Reports as the API writes them. A row's first key is named after the dimension that the report is by."""

from collections.abc import Sequence
from typing import Annotated, Any

from optiq.attribution.contracts import Model, Verdict
from optiq.kernel.schemas import Day, Instant, Micros, Out, fields_of
from optiq.reports.contracts import (
    AttributionDimension,
    AttributionReport,
    AttributionRow,
    Comparison,
    SpendDimension,
    SpendReport,
    SpendRow,
)
from pydantic import Field

DamagedFiles = Annotated[
    list[str],
    Field(
        description="files of the lake that cannot be read: their rows are in no sum until they are put right",
        examples=[[]],
    ),
]


class MissingRateOut(Out):
    """Money left out of every sum: its currency has no rate of that day."""

    currency: str
    day: Day
    conversions: int
    value_micros: Micros


class AttributionTotalsOut(Out):
    conversions: int
    revenue_micros: Micros


class VerdictOut(Out):
    """Whether what a data-driven model learned of the site's paths is enough to credit by; `reason` says why not."""

    verdict: Verdict
    reason: str


class AttributionReportOut(Out):
    """Rows have the dimension's value, `conversions` (a sum of weights), `revenue_micros` and `touches`.

    For `not_computed` conversions the model was not computed: they are in no row and no total. `verdict` is null for
    models that do not learn from data. `note` says so when no conversion has the name asked for; otherwise it is "".
    """

    model: Model
    by: AttributionDimension
    currency: str
    timezone: str
    from_day: Day
    to_day: Day
    conversion: str
    as_of: Instant | None
    rows: list[dict[str, str | int | float]] = Field(
        examples=[[{"channel": "Email", "conversions": 1.5, "revenue_micros": 49_900_000, "touches": 3}]]
    )
    totals: AttributionTotalsOut
    not_computed: int
    missing_rates: list[MissingRateOut]
    verdict: VerdictOut | None
    note: str
    damaged_files: DamagedFiles

    @classmethod
    def of(cls, report: AttributionReport) -> "AttributionReportOut":
        return cls.model_validate(
            fields_of(report) | {"rows": [_row(report.by, row) for row in report.rows], "totals": report}
        )


class ComparedModelOut(Out):
    """A model's totals, now or then; see the attribution report."""

    model: Model
    conversions: int
    revenue_micros: Micros
    not_computed: int
    verdict: VerdictOut | None


class ComparisonOut(Out):
    """Models side by side. A row has the dimension's value, what each model gives it `now`, and how far they are
    apart: `spread_micros` is most less least, `spread_ratio` that over their mean; between the models computed
    for every conversion, and null where these are not two.

    With `as_of`, a row has `then` too, what each model gave it in the ledger as it was; otherwise that is null.
    """

    by: AttributionDimension
    currency: str
    timezone: str
    from_day: Day
    to_day: Day
    conversion: str
    as_of: Instant | None
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
    now: list[ComparedModelOut]
    then: list[ComparedModelOut] | None
    missing_rates: list[MissingRateOut]
    note: str
    damaged_files: DamagedFiles

    @classmethod
    def of(cls, found: Comparison) -> "ComparisonOut":
        models = [report.model for report in found.now]
        # The conversions are the same for every model but where one was not computed for some.
        missing = {(rate.currency, rate.day): rate for report in found.now for rate in report.missing_rates}
        rows = [
            {
                found.by: row.key,
                "now": _by_model(models, row.now),
                "then": _by_model(models, row.then) if row.then else None,
                "spread_micros": row.spread_micros,
                "spread_ratio": row.spread_ratio,
            }
            for row in found.rows
        ]
        missing_rates = [missing[place] for place in sorted(missing)]
        return cls.model_validate(
            fields_of(found) | {"rows": rows, "then": found.then or None, "missing_rates": missing_rates}
        )


class SpendTotalsOut(Out):
    spend_micros: Micros
    clicks: int
    impressions: int


class SpendReportOut(Out):
    """Rows have the dimension's value, `spend_micros`, `clicks` and `impressions`."""

    by: SpendDimension
    currency: str
    from_day: Day
    to_day: Day
    rows: list[dict[str, str | int]] = Field(
        examples=[[{"channel": "Paid Search", "spend_micros": 12_500_000, "clicks": 31, "impressions": 2048}]]
    )
    totals: SpendTotalsOut
    missing_rates: list[MissingRateOut]
    damaged_files: DamagedFiles

    @classmethod
    def of(cls, report: SpendReport) -> "SpendReportOut":
        return cls.model_validate(
            fields_of(report) | {"rows": [_row(report.by, row) for row in report.rows], "totals": report}
        )


def _row(by: str, row: AttributionRow | SpendRow) -> dict[str, Any]:
    of_row = fields_of(row)
    return {by: of_row.pop("key"), **of_row}


def _by_model(models: Sequence[str], rows: Sequence[AttributionRow]) -> dict[str, dict[str, Any]]:
    shares = [{name: value for name, value in fields_of(row).items() if name != "key"} for row in rows]
    return dict(zip(models, shares, strict=True))
