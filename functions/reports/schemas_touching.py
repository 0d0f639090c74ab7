"""Time to convert and overlap as the API writes them."""

from typing import Literal

from optiq.kernel.schemas import In, Out, shows
from optiq.reports.questions.api import DEFAULT_PERIOD
from optiq.reports.questions.contracts import Number
from optiq.reports.touching.contracts import ConversionsAsk, ExactSet, Reach
from pydantic import Field

from functions.reports.schemas_questions import FiltersIn, FramedOut, Period, SegmentsIn, filters_of

TouchDimension = Literal["channel", "source", "medium", "campaign", "ad", "landing_page"]
_CONVERSION = Field("", description="only conversions of this name", examples=["Order Completed"])


class LagsIn(In):
    """The conversions of a period; with filters those of which one touch matches them all."""

    conversion: str = _CONVERSION
    filters: FiltersIn = Field([])
    segments: SegmentsIn = Field([])
    period: Period = DEFAULT_PERIOD

    def ask(self) -> ConversionsAsk:
        return ConversionsAsk(
            conversion=self.conversion,
            period=self.period,
            filters=filters_of(self.filters),
            segments=tuple(self.segments),
        )


class OverlapIn(In):
    """The conversions of a period, and of what in their paths sets are made. A conversion counts with its whole path
    where one touch of it matches all filters.
    """

    conversion: str = _CONVERSION
    dimension: TouchDimension = "channel"
    filters: FiltersIn = Field([])
    segments: SegmentsIn = Field([])
    period: Period = DEFAULT_PERIOD

    def ask(self) -> ConversionsAsk:
        return ConversionsAsk(
            self.conversion, self.dimension, self.period, filters_of(self.filters), tuple(self.segments)
        )


class _OfConversionsOut(FramedOut):
    """`no_touch` of the conversions have no touch, and are in nothing else."""

    conversions: int
    no_touch: int


class LagsOfOut(Out):
    """Percentiles are by nearest rank, null of nothing. `bins` are counts."""

    p50_ms: Number
    p90_ms: Number
    bins: list[int]


class LagsOut(_OfConversionsOut):
    """From the first and from the last touch to the conversion. `bins` are the names of the counts of each."""

    bins: list[str]
    first: LagsOfOut
    last: LagsOfOut


@shows(Reach)
class ReachOut(Out):
    """How many conversions have the value in their path: `alone`, at its end (`last`), before another (`assisted`)."""


class TogetherOut(Out):
    """How many conversions have both values, and the shares of those that have each."""

    values: list[str]
    conversions: int
    share_of_first: float
    share_of_second: float


@shows(ExactSet)
class ExactSetOut(Out):
    pass


class OverlapOut(_OfConversionsOut):
    """Which values are in one path: each by itself, in pairs, and in exact sets, which add up to the conversions."""

    reach: list[ReachOut]
    pairs: list[TogetherOut]
    sets: list[ExactSetOut]
