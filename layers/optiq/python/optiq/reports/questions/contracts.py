"""A question to the reports, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from optiq.ads.entities.contracts import Names
from optiq.reports.domain import DayRange
from optiq.reports.questions.filters import Filters
from optiq.reports.questions.periods import DEFAULT_PERIOD

Basis = Literal["CONVERSION_DAY", "TOUCH_DAY"]
NoteKind = Literal[
    "NO_RATE",
    "NOT_COMPUTED",
    "MODEL_NOT_TRUSTED",
    "DAMAGED_FILES",
    "NOT_ADDITIVE",
    "NOTHING_FOUND",
    "WHOLE_DAYS_COMPARED",
    "MORE_ROWS",
    "NOT_COUNTED_YET",
    "NOT_READ",
    "PROVISIONAL_DAYS",
    "SUPERSEDED",
    "CLAIMS_APART",
    "UNASSIGNED",
    "SHIFTED_DAYS",
    "HELD_EVENTS",
]


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a site.

    Attributes:
        metrics, dimensions: names of the catalogue; a dimension may be `hour`, `day`, `week` or `month`, once.
        segments: ids of views of the kind SEGMENT, whose filters must match too.
        period: days in the site's timezone (periods.py).
        compare: the period that each row is compared with (periods.py).
        model: of conversions and revenue; "" for the site's default.
        basis: the day money counts on: that of the conversion, or that of each touch.
        as_of: a day or an RFC 3339 instant; only what was known of costs and credits then counts. "" for now.
        names: whether ids of platforms are labelled with the names of the last day, or with those of now.
        provisional: ratios with costs count days too that advertising platforms have not told whole.
        order: a metric, or a dimension, with `-` before it for the most first. "" for the first metric, the most
            first; of a series, the oldest first.
        limit: how many rows; the totals are of all.
    """

    metrics: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    filters: Filters = ()
    segments: tuple[str, ...] = ()
    period: str = DEFAULT_PERIOD
    compare: str = "NONE"
    model: str = ""
    basis: Basis = "CONVERSION_DAY"
    as_of: str = ""
    names: Names = "now"
    provisional: bool = False
    order: str = ""
    limit: int = 100


Number = float | int | None
"""None where nothing can be said: a quotient of nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """Numbers in the order of the question's metrics.

    Attributes:
        keys: values of the dimensions; "" for none. Of time: the first day such as 2026-01-31, or an hour such as
            2026-01-31T14:00 by the site's clock.
        before: the same of the period compared with; empty without one.
        change: (value - before) / |before|; None where before is 0 or nothing can be said.
    """

    keys: tuple[str, ...]
    values: tuple[Number, ...]
    before: tuple[Number, ...] = ()
    change: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader of the numbers has to know; `text` is a sentence."""

    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day, both included."""

    from_day: str
    to_day: str

    @classmethod
    def of(cls, days: DayRange) -> "Days":
        return cls(days.first.isoformat(), days.last.isoformat())


@dataclass(frozen=True, slots=True)
class Frame:
    """What an answer is of. What came in until `data_until_ms` is counted; `incomplete_days` had not ended by then."""

    timezone: str
    period: Days
    data_until_ms: int
    incomplete_days: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """An answer. What it is of is worked out when it is given, so it is kept without."""

    frame: Frame = Frame("", Days("", ""), 0, (), ())

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        return False


@dataclass(frozen=True, slots=True)
class Answer:
    """
    Attributes:
        rows: how many there are is `row_count`; those beyond the limit are in the totals.
        compared: the days compared with, or None.
        compared_until_ms: today is compared with the same hours of the other day: until then; None for whole days.
        data_until_ms: what came in until then is counted.
        incomplete_days: days asked for that had not ended by then.
        labels: by dimension the names of ids that rows are by.
    """

    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    rows: tuple[Row, ...]
    row_count: int
    totals: Row
    currency: str
    timezone: str
    model: str
    basis: Basis
    period: Days
    compared: Days | None
    compared_until_ms: int | None
    data_until_ms: int
    incomplete_days: tuple[str, ...]
    notes: tuple[Note, ...]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
