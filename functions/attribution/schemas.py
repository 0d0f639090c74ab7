"""How conversions are credited, what models learned, and recomputations, as the API writes them."""

from typing import Annotated, Literal

from optiq.attribution.contracts import AttributionSettings, Model, Verdict
from optiq.attribution.recomputing.contracts import JobStatus
from optiq.kernel.errors import InvalidError
from optiq.kernel.schemas import Day, DayIn, In, Instant, OrNull, Out
from pydantic import AliasChoices, Field, StrictBool, StrictInt, TypeAdapter

_Number = Annotated[float, Field(strict=True, ge=0, le=1e9)]
_SETTINGS = TypeAdapter(AttributionSettings)


class CustomWeightsIn(In):
    """CUSTOM: what the first touch, those between (together) and the last earn, in any unit."""

    first: _Number = Field(examples=[0.5])
    middle: _Number = Field(examples=[0.2])
    last: _Number = Field(examples=[0.3])
    half_life_days: _Number | None = None


class ConversionTypeIn(In):
    """Conversions of one event name; `lookback_days` null is the site's window, no `models` are all."""

    name: str = Field(examples=["Order Completed"])
    lookback_days: StrictInt | None = None
    models: tuple[Model, ...] = ()


class AttributionSettingsIn(In):
    """All settings; what is absent is as at the beginning. With `version`, only while the settings are of that one."""

    version: StrictInt | None = None
    default_model: Model = Model.LINEAR
    half_life_days: _Number = 7
    custom: CustomWeightsIn | None = None
    conversion_types: tuple[ConversionTypeIn, ...] = ()
    milestone_event: str = ""
    collapse_repeats: StrictBool = False
    markov_order: StrictInt = 1

    def settings(self) -> AttributionSettings:
        """Raises InvalidError for weights that cannot be."""
        try:
            return _SETTINGS.validate_python(self.model_dump(exclude={"version"}))
        except InvalidError as error:
            raise InvalidError(f"custom: {error}") from error


class CustomWeightsOut(Out):
    """CUSTOM: what the first touch, those between (together) and the last earn, in any unit."""

    first: float
    middle: float
    last: float
    half_life_days: float | None


class ConversionTypeOut(Out):
    """Conversions of one event name; `lookback_days` null is the site's window, no `models` are all."""

    name: str
    lookback_days: int | None
    models: list[Model]


class AttributionSettingsVersionOut(Out):
    """A version of the settings; version 0 is what every site begins with, at no time of its own."""

    version: int
    created_at: Annotated[Instant | None, OrNull]
    default_model: Model
    half_life_days: float
    custom: CustomWeightsOut | None
    conversion_types: list[ConversionTypeOut]
    milestone_event: str
    collapse_repeats: bool
    markov_order: int


class AttributionSettingsOut(Out):
    """The settings in force, and every version, latest first."""

    current: AttributionSettingsVersionOut
    versions: list[AttributionSettingsVersionOut]


class AttributionSettingsChangedOut(Out):
    """The settings now in force. They are used for what is credited from now on (within half a minute).

    `recompute` is the route that makes the credits of past days so too, with the days as `from` and `to`; null when
    the change makes no difference to credits.
    """

    current: AttributionSettingsVersionOut
    recompute: str | None = Field(examples=["POST /v1/sites/{site_id}/attribution/recompute"])


class RecomputeIn(In):
    """Days in the site's timezone, both included; those of which nothing changed are passed over, unless `whole`."""

    from_day: DayIn
    to_day: DayIn
    whole: bool = False


class JobOut(Out):
    """How far it is: `days` are UTC days to work through, 0 until planned; `days_unchanged` need nothing.

    `conversions` were looked at so far, `changed` of them got new credits. `reason` says why it has FAILED.
    `damaged_files` of the lake could not be read, and were left out.
    """

    job_id: str
    site_id: str
    type: Literal["ATTRIBUTION_RECOMPUTE"] = "ATTRIBUTION_RECOMPUTE"
    status: JobStatus
    from_day: Day
    to_day: Day
    created_at: Instant
    whole: bool
    days: int = Field(validation_alias=AliasChoices("days_total", "days"))
    days_done: int
    days_unchanged: int
    conversions: int
    changed: int
    reason: str
    damaged_files: list[str]


class LearnedShareOut(Out):
    """A channel's share of all conversions with its 95 % interval, and under MARKOV its removal effect."""

    channel: str
    share: float
    low: float | None
    high: float | None
    removal_effect: float | None


class LearnedModelOut(Out):
    """What one model learned, largest share first; `summary` says in plain words whether credits are made by it."""

    model: Model
    verdict: Verdict
    summary: str
    channels: list[LearnedShareOut]


class FitOut(Out):
    """What the models learned of the paths of these days (UTC, both included); version 0 when nothing was learned yet.

    `conversions` paths converted and `nulls` did not, or not yet.
    """

    version: int = 0
    summary: str = "Nothing was learned yet. Every recomputation learns first, and there is one each night."
    created_at: Instant | None = None
    from_day: Day | None = None
    to_day: Day | None = None
    conversions: int = 0
    nulls: int = 0
    markov_order: int | None = None
    engine_version: int | None = None
    models: tuple[LearnedModelOut, ...] = ()
