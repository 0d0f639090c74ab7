"""A site's attribution settings over HTTP."""

from dataclasses import asdict
from typing import Annotated

from optiq.attribution.contracts import AttributionSettings, ConversionType, CustomWeights, Model
from optiq.kernel.clock import to_rfc3339
from optiq.kernel.errors import InvalidError
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

_Number = Annotated[float, Field(strict=True, ge=0, le=1e9)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CustomWeightsDocument(_Part):
    """CUSTOM: what the first touch, those between (together) and the last earn, in any unit."""

    first: _Number = Field(examples=[0.5])
    middle: _Number = Field(examples=[0.2])
    last: _Number = Field(examples=[0.3])
    half_life_days: _Number | None = None

    def contract(self) -> CustomWeights:
        try:
            return CustomWeights(**self.model_dump())
        except InvalidError as error:
            raise InvalidError(f"custom: {error}") from error


class ConversionTypeDocument(_Part):
    """Conversions of one event name; `lookback_days` null is the site's window, no `models` are all."""

    name: str = Field(examples=["Order Completed"])
    lookback_days: StrictInt | None = None
    models: list[Model] = []


class SettingsBody(_Part):
    """All settings; what is absent is as at the beginning. With `version`, only while the settings are of that one."""

    version: StrictInt | None = None
    default_model: Model = Model.LINEAR
    half_life_days: _Number = 7
    custom: CustomWeightsDocument | None = None
    conversion_types: list[ConversionTypeDocument] = []
    milestone_event: str = ""
    collapse_repeats: StrictBool = False
    markov_order: StrictInt = 1

    def contract(self) -> AttributionSettings:
        return AttributionSettings(
            default_model=self.default_model,
            half_life_days=self.half_life_days,
            custom=self.custom.contract() if self.custom else None,
            conversion_types=tuple(
                ConversionType(each.name, each.lookback_days, tuple(each.models)) for each in self.conversion_types
            ),
            milestone_event=self.milestone_event,
            collapse_repeats=self.collapse_repeats,
            markov_order=self.markov_order,
        )


class SettingsVersion(BaseModel):
    """A version of the settings; version 0 is what every site begins with, at no time of its own."""

    version: int
    created_at: str | None
    default_model: Model
    half_life_days: float
    custom: CustomWeightsDocument | None
    conversion_types: list[ConversionTypeDocument]
    milestone_event: str
    collapse_repeats: bool
    markov_order: int

    @classmethod
    def of(cls, settings: AttributionSettings) -> "SettingsVersion":
        said = asdict(settings)
        return cls(**said, created_at=to_rfc3339(settings.created_ms) if settings.version else None)


class SettingsDocument(BaseModel):
    """The settings in force, and every version, latest first."""

    current: SettingsVersion
    versions: list[SettingsVersion]


class ChangedSettings(BaseModel):
    """The settings now in force. They hold for what is credited from now on (within half a minute).

    `recompute` is the route that makes the credits of past days so too, with the days as `from` and `to`; null when
    the change makes no difference to credits.
    """

    current: SettingsVersion
    recompute: str | None = Field(examples=["POST /v1/sites/{site_id}/attribution/recompute"])
