"""Why a value earned what it did, as the API writes it."""

from optiq.attribution.contracts import Evidence, Model
from optiq.kernel.schemas import Day, Instant, Micros, Out, PageOut, fields_of
from optiq.reports.contracts import AttributionDimension, ValueExplanation
from pydantic import AliasChoices, Field

from functions.reports.schemas import DamagedFiles, VerdictOut


class ExplainedTouchOut(Out):
    """A touch that earned part of the conversion; `revenue_micros` is in the report's currency."""

    touch_id: str
    occurred_at: Instant | None = Field(validation_alias=AliasChoices("touch_at", "occurred_at"))
    position: int
    channel: str
    source: str
    medium: str
    campaign: str
    ad: str
    landing_page: str
    weight: float
    credit_micros: Micros
    revenue_micros: Micros | None
    channel_rules_version: int | None


class ExplainedConversionOut(Out):
    """A conversion that gave credit, and by which versions of the rules it did.

    `missing_day`: the day without a rate for its currency, which keeps its money out of the sums; otherwise "".
    """

    conversion_id: str
    customer_id: str
    name: str
    occurred_at: Instant = Field(validation_alias=AliasChoices("conversion_at", "occurred_at"))
    value_micros: Micros
    currency: str
    path_length: int
    window_days: int
    evidence: Evidence
    settings_version: int
    fit_version: int
    engine_version: int
    revision: int
    computed_at: Instant
    missing_day: str
    touches: list[ExplainedTouchOut]


class ExplanationTotalsOut(Out):
    """Of all pages: conversions that gave credit, the sum of their weights, and the revenue."""

    conversions: int
    weights: float
    revenue_micros: Micros


class ExplanationOut(PageOut[ExplainedConversionOut]):
    """Why a value earned what it did, most revenue first. Pages are of the ledger as it was at `as_of`.

    `verdict` is as in the attribution report: why a model that learns from data may have credited nothing. `note` says
    why there is nothing to explain, such as that no conversion has the value; otherwise it is "".
    """

    model: Model
    by: AttributionDimension
    value: str
    currency: str
    timezone: str
    from_day: Day
    to_day: Day
    conversion: str
    as_of: Instant
    totals: ExplanationTotalsOut
    verdict: VerdictOut | None
    note: str
    damaged_files: DamagedFiles

    @classmethod
    def of(cls, found: ValueExplanation) -> "ExplanationOut":
        return cls.model_validate(fields_of(found) | {"totals": found})
