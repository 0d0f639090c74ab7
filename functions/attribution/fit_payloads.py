"""What the data-driven models learned, over HTTP and in plain words."""

from optiq.attribution.contracts import Model, Verdict
from optiq.attribution.fits.contracts import LearntFit, LearntModel
from optiq.kernel.clock import to_rfc3339
from pydantic import BaseModel

_NOTHING = "Nothing was learned yet. Every recomputation learns first, and there is one each night."


class LearnedShare(BaseModel):
    """A channel's share of all conversions with its 95 % interval, and under MARKOV its removal effect."""

    channel: str
    share: float
    low: float | None
    high: float | None
    removal_effect: float | None


class LearnedModel(BaseModel):
    """What one model learned, largest share first, and `said` in plain words whether credits are made by it."""

    model: Model
    verdict: Verdict
    said: str
    channels: list[LearnedShare]

    @classmethod
    def of(cls, learnt: LearntModel) -> "LearnedModel":
        channels = [
            LearnedShare(
                channel=each.channel,
                share=each.share,
                low=each.low,
                high=each.high,
                removal_effect=each.removal_effect,
            )
            for each in learnt.channels
        ]
        return cls(model=learnt.model, verdict=learnt.verdict, said=_said(learnt), channels=channels)


class FitDocument(BaseModel):
    """What the models learned of the paths from `from_day` to `to_day` (UTC); version 0 when nothing was learned yet.

    `conversions` paths converted and `nulls` did not, or not yet.
    """

    version: int
    said: str
    created_at: str | None
    from_day: str | None
    to_day: str | None
    conversions: int
    nulls: int
    markov_order: int | None
    engine_version: int | None
    models: list[LearnedModel]

    @classmethod
    def of(cls, learnt: LearntFit | None) -> "FitDocument":
        if learnt is None:
            nothing = dict.fromkeys(("created_at", "from_day", "to_day", "markov_order", "engine_version"))
            return cls(version=0, said=_NOTHING, conversions=0, nulls=0, models=[], **nothing)
        return cls(
            version=learnt.version,
            said=f"Learned from {learnt.conversions:,} paths that converted and {learnt.nulls:,} that did not.",
            created_at=to_rfc3339(learnt.created_ms),
            from_day=learnt.from_day,
            to_day=learnt.to_day,
            conversions=learnt.conversions,
            nulls=learnt.nulls,
            markov_order=learnt.markov_order,
            engine_version=learnt.engine_version,
            models=[LearnedModel.of(each) for each in learnt.models],
        )


def _said(learnt: LearntModel) -> str:
    if learnt.verdict is Verdict.NOT_ENOUGH_DATA:
        return f"Not enough data, so no conversion is credited by it: {learnt.reason}."
    first = learnt.channels[0]
    low, high = (100 * (bound or 0) for bound in (first.low, first.high))
    return (
        f"Enough data. {first.channel} earns {100 * first.share:.1f} % of all conversions,"
        f" with 95 % confidence {low:.1f} to {high:.1f} %."
    )
