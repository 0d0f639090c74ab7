"""What an attribution of many paths answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from optiq.attribution.contracts import Model, ModelVerdict


@dataclass(frozen=True, slots=True)
class PathCredit:
    """What a model gives a channel over many paths; `value` in their own unit.

    `conversions_low`, `conversions_high`: the 95 % interval, of data-driven models where it was worked out.
    """

    model: Model
    channel: str
    conversions: float
    value: float
    conversions_low: float | None = None
    conversions_high: float | None = None


@dataclass(frozen=True, slots=True)
class PathAttribution:
    """Every model's credits over many paths.

    Attributes:
        credits: model by model, channels in the order in which they first appear.
        verdicts: of the data-driven models.
        not_computed: the models that these paths do not allow, each with what it needs.
    """

    credits: tuple[PathCredit, ...]
    verdicts: tuple[ModelVerdict, ...]
    not_computed: Mapping[Model, str]
