"""Questions and answers as the API writes them."""

from collections.abc import Mapping
from typing import Annotated, Self, get_args

from optiq.ads.entities.contracts import Names
from optiq.attribution.contracts import Model
from optiq.kernel.schemas import Day, In, Instant, Out, fields_of
from optiq.reports.questions.api import (
    BUCKETS,
    CATALOGUE,
    COMPARISONS,
    DEFAULT_PERIOD,
    MOST_ROWS,
    NAMED,
    Catalogue,
    Dimension,
    Filter,
    Filters,
    Format,
    Kind,
    Metric,
    Operator,
    Source,
)
from optiq.reports.questions.contracts import Answer, Ask, Basis, Framed, NoteKind, Number
from pydantic import Field, WithJsonSchema


def one_of(*names: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(names)})


def one_of_or_custom(*names: str) -> WithJsonSchema:
    """Or a dimension that the site declares."""
    own = {"type": "string", "pattern": r"^custom\.[a-z][a-z0-9_]{0,39}$", "description": "a site's own dimension"}
    return WithJsonSchema({"anyOf": [{"type": "string", "enum": list(names)}, own]})


MetricName = Annotated[str, one_of(*CATALOGUE.metrics)]
DimensionName = Annotated[str, one_of_or_custom(*CATALOGUE.dimensions)]
KeyName = Annotated[str, one_of_or_custom(*CATALOGUE.dimensions, *BUCKETS)]
Period = Annotated[
    str,
    Field(
        description=f"last7d to last400d, today included; {', '.join(NAMED)}; or the first and the last day",
        examples=[DEFAULT_PERIOD, "2026-01-01..2026-01-31"],
    ),
]
Compare = Annotated[
    str,
    Field(
        description=f"{', '.join(COMPARISONS)}; or the first and the last day. Today is compared with the same hours.",
        examples=["PREVIOUS_PERIOD", "2025-01-01..2025-01-31"],
    ),
]

_AsOf = Annotated[
    str,
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
]


class FilterIn(In):
    """`is` and `is_not` compare with any of the values; `contains` and `starts_with` ignore case; `is_set` and
    `is_not_set` take no values.
    """

    dimension: DimensionName
    operator: Operator
    values: list[str] = Field([], examples=[["Email"]])

    def filter(self) -> Filter:
        return Filter(self.dimension, self.operator, tuple(self.values))


FiltersIn = Annotated[
    list[FilterIn | list[FilterIn]],
    Field(
        description="every entry must match; of a list within, one filter is enough",
        examples=[[{"dimension": "channel", "operator": "is", "values": ["Email"]}]],
    ),
]


SegmentsIn = Annotated[
    list[str],
    Field(
        description="ids of views of the kind SEGMENT, 5 at most: their filters must match too",
        examples=[["view_01M8K6NX6J401XF8W9F9FXA9R3"]],
    ),
]


class SegmentIn(In):
    """What a view of the kind SEGMENT saves: filters under a name."""

    filters: FiltersIn


def filters_of(listed: list[FilterIn | list[FilterIn]]) -> Filters:
    groups = (one if isinstance(one, list) else [one] for one in listed)
    return tuple(tuple(each.filter() for each in group) for group in groups)


class QuestionIn(In):
    """What to ask. Names are those of `GET /v1/questions/catalogue`."""

    metrics: list[MetricName] = Field(examples=[["visits", "revenue"]])
    dimensions: list[KeyName] = Field(
        [], description="hour, day, week or month may be one of them", examples=[["channel"]]
    )
    filters: FiltersIn = Field([])
    segments: SegmentsIn = Field([])
    period: Period = DEFAULT_PERIOD
    compare: Compare = "NONE"
    model: Model | None = Field(None, description="of conversions and revenue; by default the site's own default")
    basis: Basis = Field("CONVERSION_DAY", description="the day money counts on: the conversion's or each touch's")
    names: Names = Field(
        "now", description="of platforms' campaigns and ads: as they were on the last day, or as they are"
    )
    as_of: _AsOf = Field(
        "",
        description="a day or an instant: only what was known of costs, conversions and revenue by then counts",
        examples=["2026-01-31"],
    )
    provisional: bool = Field(
        False, description="ratios with costs count days too that advertising platforms have not told whole"
    )
    order: str = Field(
        "",
        description="a metric or dimension asked for, with - before it for the most first; by default the first"
        " metric, the most first, and of a series the oldest first",
        examples=["-revenue"],
    )
    limit: int = Field(100, description="how many rows, 10,000 at most; totals are of all")

    def ask(self) -> Ask:
        return Ask(
            metrics=tuple(self.metrics),
            dimensions=tuple(self.dimensions),
            filters=filters_of(self.filters),
            segments=tuple(self.segments),
            period=self.period,
            compare=self.compare,
            model=self.model or "",
            basis=self.basis,
            as_of=self.as_of,
            names=self.names,
            provisional=self.provisional,
            order=self.order,
            limit=self.limit,
        )


class ExportIn(QuestionIn):
    """A question whose rows are wanted as a file. Of JSON, ask the question itself with a larger `limit`."""

    format: Format = Field(examples=["csv"])
    bom: bool = Field(False, description="begins a CSV with a byte order mark, for older spreadsheets")
    limit: int = Field(MOST_ROWS, description="how many rows, 10,000 at most")


class MetricOut(Out):
    """MONEY is in millionths of the currency. A RATIO is a plain quotient: 0.25 is 25 %. Numbers of rows add up to
    their total only where `adds_up`: one person may be in many rows. `dimensions` are those it can be by.
    """

    name: str
    label: str
    about: str
    kind: Kind
    adds_up: bool
    dimensions: list[str]

    @classmethod
    def of(cls, metric: Metric, catalogue: Catalogue) -> "MetricOut":
        parts = [catalogue.metrics[name].source for name in (metric.numerator, metric.denominator) if name]
        sources: set[Source | None] = {metric.source} if metric.source else set(parts)
        known = [one.name for one in catalogue.dimensions.values() if sources <= one.columns.keys()]
        if metric.of_whole_site:
            known = []
        hours = [] if "ads" in sources else ["hour"]
        times = [name for name in BUCKETS if name != "hour"]
        adds_up = metric.adds_up and not metric.numerator
        return cls.model_validate(fields_of(metric) | {"dimensions": [*known, *hours, *times], "adds_up": adds_up})


class DimensionOut(Out):
    name: str
    label: str
    about: str


class CatalogueOut(Out):
    """What can be asked. `buckets` are dimensions of time; they cannot be filtered by."""

    metrics: list[MetricOut]
    dimensions: list[DimensionOut]
    buckets: list[str]
    periods: list[str]
    comparisons: list[str]
    operators: list[str]

    @classmethod
    def of(cls, found: Catalogue) -> "CatalogueOut":
        dimensions: Mapping[str, Dimension] = found.dimensions
        return cls.model_validate(
            {
                "metrics": [MetricOut.of(one, found) for one in found.metrics.values()],
                "dimensions": list(dimensions.values()),
                "buckets": list(BUCKETS),
                "periods": list(NAMED),
                "comparisons": list(COMPARISONS),
                "operators": list(get_args(Operator)),
            }
        )


class ColumnOut(Out):
    """A metric of the answer: the values of a row are in this order."""

    name: str
    label: str
    kind: Kind


class RowOut(Out):
    """`keys` are the dimensions' values, "" for none; `values` the metrics'. With a comparison, `before` and `change`
    are as long as `values`; without, they are empty. `change` is (value - before) / |before|, and null where before
    is 0 or null.
    """

    keys: list[str]
    values: list[Number]
    before: list[Number]
    change: list[Number]


class NoteOut(Out):
    """What a reader of the numbers has to know, a sentence."""

    kind: NoteKind
    text: str


class PeriodOut(Out):
    from_day: Day
    to_day: Day


class FramedOut(Out):
    """What came in until `data_until` is counted; `incomplete_days` had not ended by then."""

    timezone: str
    period: PeriodOut
    data_until: Instant
    incomplete_days: list[Day]
    notes: list[NoteOut]

    @classmethod
    def of(cls, found: Framed, **more: object) -> Self:
        return cls.model_validate(fields_of(found) | fields_of(found.frame) | more)


class AnswerOut(Out):
    """Rows by the dimensions asked for. What came in until `data_until` is counted; `incomplete_days` had not ended by
    then. `row_count` is of all rows, and so are the totals. Days are days in `timezone`; money is in `currency`.
    `labels` has the names of platforms' ids, by dimension and id.
    """

    metrics: list[ColumnOut]
    dimensions: list[str]
    rows: list[RowOut]
    row_count: int
    totals: RowOut
    currency: str
    timezone: str
    model: Model
    basis: Basis
    period: PeriodOut
    compared: PeriodOut | None
    compared_until: Instant | None
    data_until: Instant
    incomplete_days: list[Day]
    notes: list[NoteOut]
    labels: dict[str, dict[str, str]]

    @classmethod
    def of(cls, found: Answer) -> "AnswerOut":
        return cls.model_validate(fields_of(found) | {"metrics": [CATALOGUE.metrics[name] for name in found.metrics]})
