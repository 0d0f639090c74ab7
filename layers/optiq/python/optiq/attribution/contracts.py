"""What attribution tells other contexts: models, a site's settings, and the credits of a conversion."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from optiq.journeys.contracts import Background, Conversion, Touch
from optiq.kernel.errors import InvalidError


class Model(StrEnum):
    """A rule that turns a path of touches into weights that sum to 1."""

    FIRST_TOUCH = "FIRST_TOUCH"
    LAST_TOUCH = "LAST_TOUCH"
    LAST_NON_DIRECT = "LAST_NON_DIRECT"
    LINEAR = "LINEAR"
    TIME_DECAY = "TIME_DECAY"
    POSITION_BASED = "POSITION_BASED"
    W_SHAPED = "W_SHAPED"
    CUSTOM = "CUSTOM"
    MARKOV = "MARKOV"
    SHAPLEY = "SHAPLEY"


NO_TRACKED_VISIT = "No tracked visit"
"""What a conversion without a touch in its window is credited to, in every dimension: channel, source, campaign and
the others. It is no touch and no Direct visit: no model passes it over, and none learns from it."""

DATA_DRIVEN_MODELS = (Model.MARKOV, Model.SHAPLEY)
"""What a touch earns under these is learnt from all of a site's paths."""

PATH_MODELS = tuple(model for model in Model if model not in DATA_DRIVEN_MODELS)
"""These need nothing but the path itself and their own parameters."""

STANDARD_MODELS = PATH_MODELS[:6]
"""Credited unless asked otherwise: the models that need no parameter of the site's."""


@dataclass(frozen=True, slots=True)
class CustomWeights:
    """CUSTOM: what the first touch, those between, together, and the last one earn, in any unit.

    One touch earns everything. Two share as the ends do. With `half_life_days`, a touch's weight halves, besides,
    with each such time between it and the conversion.

    Raises:
        InvalidError: a weight is negative or not finite, all are 0, or the half-life is not above 0.
    """

    first: float
    middle: float
    last: float
    half_life_days: float | None = None

    def __post_init__(self) -> None:
        weights = (self.first, self.middle, self.last)
        if not all(math.isfinite(weight) and weight >= 0 for weight in weights) or not 0 < sum(weights) < math.inf:
            raise InvalidError("custom weights must be finite numbers, 0 or more, not all 0")
        if self.half_life_days is not None:
            _check_half_life(self.half_life_days)


@dataclass(frozen=True, slots=True)
class ModelParameters:
    """What an organization may choose of the path models. `half_life_days` is TIME_DECAY's.

    Seven days is Google Ads' and GA4's: a touch a week before another counts half of it.

    Raises:
        InvalidError: the half-life is not above 0.
    """

    half_life_days: float = 7
    custom: CustomWeights | None = None

    def __post_init__(self) -> None:
        _check_half_life(self.half_life_days)


def _check_half_life(days: float) -> None:
    if not (math.isfinite(days) and days > 0):
        raise InvalidError("a half-life must be a number of days above 0")


@dataclass(frozen=True, slots=True)
class ConversionType:
    """How conversions of one event name are credited, where that differs from the site's others.

    `lookback_days`: None for the site's own window. `models`: those computed; none named means all.
    """

    name: str
    lookback_days: int | None = None
    models: tuple[Model, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributionSettings:
    """How a site's conversions are credited. Version 0 is what every site begins with.

    Attributes:
        default_model: the one reports are by, unless asked otherwise.
        half_life_days: TIME_DECAY's.
        milestone_event: a conversion event, such as Lead: W_SHAPED's milestone is the touch that led to it; "" for the
            middle touch.
        collapse_repeats: touches in a row that say the same channel, source, medium and campaign are one.
        markov_order: how many channels MARKOV remembers, 1 to 3.
    """

    version: int = 0
    created_ms: int = 0
    default_model: Model = Model.LINEAR
    half_life_days: float = 7
    custom: CustomWeights | None = None
    conversion_types: tuple[ConversionType, ...] = ()
    milestone_event: str = ""
    collapse_repeats: bool = False
    markov_order: int = 1

    @property
    def parameters(self) -> ModelParameters:
        return ModelParameters(self.half_life_days, self.custom)


RESAMPLES = 200
"""What intervals of data-driven models rest on, unless asked otherwise."""


class Verdict(StrEnum):
    """Whether the paths are enough for what a data-driven model says of them."""

    ENOUGH_DATA = "ENOUGH_DATA"
    NOT_ENOUGH_DATA = "NOT_ENOUGH_DATA"


@dataclass(frozen=True, slots=True)
class ModelVerdict:
    """Whether a data-driven model had enough data; `reason` says why not."""

    model: Model
    verdict: Verdict
    reason: str


class Evidence(StrEnum):
    """How sure a path is: as sure as the least sure of the conversion and its touches (see journeys' `Grade`)."""

    NO_TOUCH = "NO_TOUCH"
    DETERMINISTIC = "DETERMINISTIC"
    PROBABILISTIC = "PROBABILISTIC"
    CONSENT_LIMITED = "CONSENT_LIMITED"


class LeftOut(StrEnum):
    """Why a touch of the customer is not on a conversion's path."""

    OUTSIDE_WINDOW = "OUTSIDE_WINDOW"
    AFTER_CONVERSION = "AFTER_CONVERSION"
    OVER_LIMIT = "OVER_LIMIT"
    REPEAT = "REPEAT"


@dataclass(frozen=True, slots=True)
class Path:
    """A conversion and the touches that count for it, oldest first. `window_days` is the lookback that chose them."""

    conversion: Conversion
    window_days: int
    touches: tuple[Touch, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Credit:
    """The share of one conversion that one model gives one touch; `weight` is its fraction of the value."""

    weight: float
    credit_micros: int


@dataclass(frozen=True, slots=True)
class ConversionCredits:
    """Every model's credits of one conversion, a credit for each touch of its path, in the path's order.

    A path without a touch has one credit a model, for the whole value, which goes to `NO_TRACKED_VISIT`. The versions
    say by which settings, fit (0 for none) and definitions they were computed.
    """

    path: Path
    credits: dict[Model, tuple[Credit, ...]]
    computed_ms: int
    settings_version: int
    fit_version: int
    engine_version: int


@dataclass(frozen=True, slots=True)
class LeftOutTouch:
    touch: Touch
    reason: LeftOut


class CreditStatus(StrEnum):
    """PENDING until the credits of the conversion's present revision are computed."""

    PENDING = "PENDING"
    COMPUTED = "COMPUTED"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A conversion's credits, and how they came about.

    Attributes:
        credits: None while `status` is PENDING; `path` is then the one they will be computed on.
        left_out: the customer's other touches, oldest first.
        late: the touches we learned of only after the conversion, which was credited anew for them.
        background: who saw the touches, what joined them, and visits within the window that made no touch.
        channel_rules: by touch, the version of the site's channel rules it was last told by.
    """

    path: Path
    status: CreditStatus
    credits: ConversionCredits | None
    left_out: tuple[LeftOutTouch, ...]
    late: frozenset[str]
    background: Background
    channel_rules: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CountedPath:
    """A path of channels, oldest first: how often it converted, the value of that, and how often it did not.

    `nulls` and `age_days`, how long before the conversion each touch was, never rising, are None when not known.
    """

    channels: tuple[str, ...]
    conversions: float
    value: float = 0.0
    nulls: float | None = None
    age_days: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Earned:
    """What a model credits visits with; revenue in micros of the site's currency as it was recorded."""

    model: str
    conversions: float
    revenue_micros: int


@dataclass(frozen=True, slots=True)
class Landings:
    """Visits that began with a click id: how many people, and what every model credits them with."""

    visitors: int
    earned: tuple[Earned, ...]
