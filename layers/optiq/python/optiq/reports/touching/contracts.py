"""What the touches of conversions tell together: how long people take, and which channels work together."""

from dataclasses import dataclass

from optiq.reports.questions.contracts import Framed, Number
from optiq.reports.questions.filters import Filters
from optiq.reports.questions.periods import DEFAULT_PERIOD


@dataclass(frozen=True, slots=True)
class ConversionsAsk:
    """The conversions of a name, or all for "", of a period.

    Attributes:
        dimension: of touches, that sets are made of.
        filters: a conversion counts whole where one of its touches, or its having none, matches them all.
        segments: ids of views of the kind SEGMENT, whose filters must match too.
    """

    conversion: str = ""
    dimension: str = "channel"
    period: str = DEFAULT_PERIOD
    filters: Filters = ()
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lags:
    """From a touch to the conversion. Percentiles are by nearest rank; `bins` are counts, in the order of BINS."""

    p50_ms: Number
    p90_ms: Number
    bins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LagsAnswer(Framed):
    """How long conversions took from their first and last touch; `no_touch` have none, and are in neither."""

    conversions: int
    no_touch: int
    first: Lags
    last: Lags

    @property
    def is_empty(self) -> bool:
        return not self.conversions


@dataclass(frozen=True, slots=True)
class Reach:
    """Attributes:
    conversions: how many have the value in their path. alone: nothing else. last: at its end.
    assisted: in the path, and another is at its end.
    """

    value: str
    conversions: int
    alone: int
    last: int
    assisted: int


@dataclass(frozen=True, slots=True)
class Together:
    """How many conversions have both values in their paths, and their shares of those that have each."""

    values: tuple[str, str]
    conversions: int
    share_of_first: float
    share_of_second: float


@dataclass(frozen=True, slots=True)
class ExactSet:
    """How many conversions have exactly these values in their paths."""

    values: tuple[str, ...]
    conversions: int


@dataclass(frozen=True, slots=True)
class OverlapAnswer(Framed):
    """Most conversions first; `no_touch` have no touch, and are in no set."""

    conversions: int
    no_touch: int
    reach: tuple[Reach, ...]
    pairs: tuple[Together, ...]
    sets: tuple[ExactSet, ...]

    @property
    def is_empty(self) -> bool:
        return not self.conversions
