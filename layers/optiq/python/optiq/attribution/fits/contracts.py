"""What was learnt of a site's paths."""

from collections.abc import Mapping
from dataclasses import dataclass

from optiq.attribution.contracts import Model, Verdict


@dataclass(frozen=True, slots=True)
class Fit:
    """What the data-driven models learnt of a site's paths: under each, the share of all conversions of each channel.

    A channel that is not named was not known when it was learnt. `version` counts from 1.
    """

    version: int
    shares: Mapping[Model, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class LearntShare:
    """A channel's share of all conversions, with the bounds of its 95 % interval, None where none were worked out.

    `removal_effect`: MARKOV's, the part of all conversions that would be lost without the channel; None for others.
    """

    channel: str
    share: float
    low: float | None
    high: float | None
    removal_effect: float | None = None


@dataclass(frozen=True, slots=True)
class LearntModel:
    """What one data-driven model learnt, largest share first; `reason` says why that is not enough to credit by."""

    model: Model
    verdict: Verdict
    reason: str
    channels: tuple[LearntShare, ...]

    @property
    def summary(self) -> str:
        """In plain words, whether credits are made by it."""
        if self.verdict is Verdict.NOT_ENOUGH_DATA:
            return f"Not enough data, so no conversion is credited by it: {self.reason}."
        first = self.channels[0]
        low, high = (100 * (bound or 0) for bound in (first.low, first.high))
        return (
            f"Enough data. {first.channel} earns {100 * first.share:.1f} % of all conversions,"
            f" with 95 % confidence {low:.1f} to {high:.1f} %."
        )


@dataclass(frozen=True, slots=True)
class LearntFit:
    """A version of what was learnt of a site's paths; the latest is in force.

    Attributes:
        from_day, to_day: UTC days whose conversions, and whose touches without one, it was learnt of.
        conversions, nulls: how many paths converted, and how many did not.
        markov_order, engine_version: what it was learnt with.
        learnt_from: names the data and settings it was learnt of; the same again would be learnt of the same.
    """

    version: int
    created_ms: int
    learnt_from: str
    from_day: str
    to_day: str
    conversions: int
    nulls: int
    markov_order: int
    engine_version: int
    models: tuple[LearntModel, ...]

    @property
    def summary(self) -> str:
        return f"Learned from {self.conversions:,} paths that converted and {self.nulls:,} that did not."

    @property
    def fit(self) -> Fit | None:
        """What may be credited by it: the models that had enough data."""
        shares = {
            learnt.model: {each.channel: each.share for each in learnt.channels}
            for learnt in self.models
            if learnt.verdict is Verdict.ENOUGH_DATA
        }
        return Fit(self.version, shares) if shares else None
