"""What reports tell: sums over the lake, in the organization's reporting currency.

Of each, `damaged_files` names the files of its days that cannot be read: their rows are in no sum.
"""

from dataclasses import dataclass
from typing import Literal

from optiq.attribution.contracts import ModelVerdict

AttributionDimension = Literal["channel", "source", "medium", "campaign", "ad", "landing_page"]
SpendDimension = Literal["channel", "source", "medium", "campaign"]


@dataclass(frozen=True, slots=True)
class Question:
    """What of a site's ledger is asked for.

    Attributes:
        from_day, to_day: days in the site's timezone, both included.
        by: the dimension.
        conversion: the name of the conversions that count; "" for all.
        as_of: a day or an RFC 3339 instant; only what the ledger held then counts. "" for now.
    """

    from_day: str
    to_day: str
    by: str = "channel"
    conversion: str = ""
    as_of: str = ""


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

    `conversions` is the number of conversions, of which every one is in the rows with weights that sum to 1; for
    `not_computed` more the model was not computed. `from_day` and `to_day` are days in `timezone`, both included.

    Attributes:
        as_of_ms: the instant the ledger was read as of; None for now.
        verdict: of a data-driven model, whether what it learnt is enough to credit by it; None for others.
        note: that no conversion has the name asked for, or "".
    """

    model: str
    by: str
    currency: str
    timezone: str
    from_day: str
    to_day: str
    conversion: str
    as_of_ms: int | None
    rows: tuple[AttributionRow, ...]
    conversions: int
    revenue_micros: int
    not_computed: int
    missing_rates: tuple[MissingRate, ...]
    verdict: ModelVerdict | None
    note: str = ""
    damaged_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """What one value of the dimension earned under each model, in their order, and how far they are apart.

    Attributes:
        now: as the ledger stands. then: as it stood at the report's instant; empty without one.
        spread_micros: most revenue less least, of the models that were computed for every conversion; None where
            these are not two.
        spread_ratio: that over their mean; None where it is 0.
    """

    key: str
    now: tuple[AttributionRow, ...]
    then: tuple[AttributionRow, ...]
    spread_micros: int | None
    spread_ratio: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several models' credits side by side, most revenue first; `now` and `then` are each model's whole report.

    Where every model was computed for every conversion, their totals are the same. `note` is as of a report.
    """

    by: str
    currency: str
    timezone: str
    from_day: str
    to_day: str
    conversion: str
    as_of_ms: int | None
    rows: tuple[ComparedRow, ...]
    now: tuple[AttributionReport, ...]
    then: tuple[AttributionReport, ...]
    note: str = ""
    damaged_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedTouch:
    """A touch that earned part of a conversion; `revenue_micros` is None where the day has no rate.

    `channel_rules_version` is that of the rules its channel was last told by, None for what was no touch.
    """

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


@dataclass(frozen=True, slots=True)
class ExplainedConversion:
    """A conversion that gave a value credit, with the touches of that value; and by which versions it did.

    `value_micros` and the touches' `credit_micros` are in `currency`; `missing_day` has no rate for it, or is "".
    """

    conversion_id: str
    customer_id: str
    conversion_at: str
    name: str
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
    touches: tuple[ExplainedTouch, ...]


@dataclass(frozen=True, slots=True)
class ValueExplanation:
    """Why one value of a dimension earned what it did: the conversions that gave it, most revenue first, by pages.

    `conversions`, `weights` and `revenue_micros` are of all pages. Pages are of the ledger as it stood at `as_of_ms`,
    so that one fits the next; `cursor` is None at the end. `verdict` is as of an attribution report. `note` says why
    there is nothing to explain, or is "".
    """

    model: str
    by: str
    value: str
    currency: str
    timezone: str
    from_day: str
    to_day: str
    conversion: str
    as_of_ms: int
    conversions: int
    weights: float
    revenue_micros: int
    items: tuple[ExplainedConversion, ...]
    cursor: str | None
    verdict: ModelVerdict | None
    note: str = ""
    damaged_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpendRow:
    """What one value of the dimension cost."""

    key: str
    spend_micros: int
    clicks: int
    impressions: int


@dataclass(frozen=True, slots=True)
class SpendReport:
    """What advertising cost by one dimension (`by`), most spend first; days are those of the advertising accounts."""

    by: str
    currency: str
    from_day: str
    to_day: str
    rows: tuple[SpendRow, ...]
    spend_micros: int
    clicks: int
    impressions: int
    missing_rates: tuple[MissingRate, ...]
    damaged_files: tuple[str, ...] = ()
