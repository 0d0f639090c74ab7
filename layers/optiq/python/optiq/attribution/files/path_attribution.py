"""Every model over counted paths."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from optiq.attribution.arrays import Floats, summed
from optiq.attribution.bootstrap import Estimate, estimate
from optiq.attribution.contracts import (
    DATA_DRIVEN_MODELS,
    NO_TRACKED_VISIT,
    RESAMPLES,
    Model,
    ModelParameters,
    ModelVerdict,
)
from optiq.attribution.files.contracts import PathAttribution, PathCredit
from optiq.attribution.files.counted_paths import CountedPaths
from optiq.attribution.models import STANDARD_PARAMETERS, weights_by_piece
from optiq.attribution.shapley import ChannelSetCounts, subset_sum
from optiq.kernel.errors import InvalidError


def attribute(
    paths: CountedPaths,
    models: Sequence[Model] = (),
    parameters: ModelParameters = STANDARD_PARAMETERS,
    order: int = 1,
    resamples: int = RESAMPLES,
) -> PathAttribution:
    """What these models give each channel; without models named, all that the paths allow.

    `order`: MARKOV's. `resamples`: of the intervals; 0 leaves them out. The conversions of SHAPLEY are shared by the
    conversions of each set of channels and its value by their values; MARKOV shares both by its one chain. Conversions
    without a touch are `No tracked visit`'s under every model, and nothing is learnt of them.

    Raises:
        InvalidError: a model is named that the paths do not allow, or an order that there is not.
    """
    paths, untouched = paths.apart()
    missing = _missing(paths, parameters)
    if refused := [model for model in models if model in missing]:
        raise InvalidError(f"{refused[0]} needs {missing[refused[0]]}")
    chosen = list(dict.fromkeys(models)) or [model for model in Model if model not in missing]
    by_path = _by_path([model for model in chosen if model not in DATA_DRIVEN_MODELS], paths, parameters)
    found: list[PathCredit] = []
    verdicts = []
    for model in chosen:
        if model in by_path:
            found += _rows(model, paths, *by_path[model])
        else:
            learnt = estimate(model, paths.data(), order, resamples)
            found += _learnt_rows(model, paths, learnt)
            verdicts.append(ModelVerdict(model, learnt.verdict, learnt.reason))
    return PathAttribution(tuple(_with(found, untouched)), tuple(verdicts), {} if models else missing)


def _with(found: Iterable[PathCredit], untouched: Floats) -> Iterator[PathCredit]:
    """The credits, and to `No tracked visit` the conversions and the value of what had no touch."""
    conversions, value = untouched.tolist()
    for credit in found:
        if credit.channel != NO_TRACKED_VISIT:
            yield credit
            continue
        bounds = [
            None if bound is None else bound + conversions
            for bound in (credit.conversions_low, credit.conversions_high)
        ]
        yield PathCredit(credit.model, credit.channel, credit.conversions + conversions, credit.value + value, *bounds)


def _missing(paths: CountedPaths, parameters: ModelParameters) -> dict[Model, str]:
    """What each model needs that is not there."""
    needs = {
        Model.TIME_DECAY: "the time of each touch (the column times)" if paths.age_days is None else "",
        Model.CUSTOM: _custom_need(paths, parameters),
        Model.MARKOV: "paths that did not convert (the column total_null)" if paths.nulls is None else "",
    }
    return {model: need for model, need in needs.items() if need}


def _custom_need(paths: CountedPaths, parameters: ModelParameters) -> str:
    if parameters.custom is None:
        return "weights of your own"
    if parameters.custom.half_life_days is not None and paths.age_days is None:
        return "the time of each touch (the column times) for its half-life"
    return ""


def _by_path(
    models: Sequence[Model], paths: CountedPaths, parameters: ModelParameters
) -> Mapping[Model, tuple[Floats, Floats]]:
    """Conversions and value of each channel under each path model, both of shape (channels,)."""
    channels = len(paths.channels)
    totals = {model: (np.zeros(channels), np.zeros(channels)) for model in models}
    for first, after, weights in weights_by_piece(models, paths.arrays(), parameters):
        touches = slice(int(paths.offsets[first]), int(paths.offsets[after]))
        codes, lengths = paths.codes[touches], np.diff(paths.offsets[first : after + 1])
        amounts = [np.repeat(each[first:after], lengths) for each in (paths.conversions, paths.values)]
        for model, (conversions, values) in totals.items():
            conversions += summed(codes, weights[model] * amounts[0], channels)
            values += summed(codes, weights[model] * amounts[1], channels)
    return totals


def _learnt_rows(model: Model, paths: CountedPaths, learnt: Estimate) -> list[PathCredit]:
    conversions = learnt.shares * paths.conversions.sum()
    if model is Model.SHAPLEY:
        values = subset_sum(ChannelSetCounts.of(paths.offsets, paths.codes, paths.values, len(paths.channels)))
    else:
        values = learnt.shares * paths.values.sum()
    if learnt.low is None or learnt.high is None:
        return _rows(model, paths, conversions, values)
    bounds = (bound * paths.conversions.sum() for bound in (learnt.low, learnt.high))
    return _rows(model, paths, conversions, values, *bounds)


def _rows(model: Model, paths: CountedPaths, *columns: Floats) -> list[PathCredit]:
    lists = [column.tolist() for column in columns]
    return [PathCredit(model, *row) for row in zip(paths.channels, *lists, strict=True)]
