"""The attribution models, one definition each.

Pure functions over arrays: a million paths or one, computed the same way, bit for bit. Always holds: the weights of a
path that has a touch sum to 1.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from optiq.attribution.arrays import Floats, Integers, Paths, Weights
from optiq.attribution.contracts import DATA_DRIVEN_MODELS, CustomWeights, Model, ModelParameters
from optiq.attribution.splitting import Split, pieces
from optiq.kernel.errors import InvalidError

ENGINE_VERSION = 3
"""Grows when a definition changes, so that credits tell which one made them."""

_DAY_SECONDS = 86_400
STANDARD_PARAMETERS = ModelParameters()
NO_SHARES: Mapping[Model, Floats] = {}

POSITIONAL_MODELS = (
    Model.FIRST_TOUCH,
    Model.LAST_TOUCH,
    Model.LINEAR,
    Model.POSITION_BASED,
    Model.W_SHAPED,
    Model.CUSTOM,
)
"""Their weights follow from the path's length alone, but for W_SHAPED's milestones and CUSTOM's half-life."""

_ENDS_AND_MIDDLE = {
    Model.FIRST_TOUCH: CustomWeights(1, 0, 0),
    Model.LAST_TOUCH: CustomWeights(0, 0, 1),
    Model.POSITION_BASED: CustomWeights(0.4, 0.2, 0.4),  # as in Google Analytics
}

W_KEY_WEIGHT, W_REST_WEIGHT = 0.3, 0.1
"""W-shaped, as in Adobe Marketo Measure and HubSpot: 30 % to each key touch, the remaining 10 % to all others."""


def position_weights(model: Model, length: int, parameters: ModelParameters = STANDARD_PARAMETERS) -> Floats:
    """What each touch of a path of `length` touches, 1 or more, earns by its position: shape (length,), sums to 1.

    Without milestones and half-lives, which are no matter of position.

    Raises:
        InvalidError: CUSTOM without its weights.
    """
    if model is Model.LINEAR:
        return np.full(length, 1.0 / length)
    if model is Model.W_SHAPED:
        return _w_shaped(length)
    shape = _ENDS_AND_MIDDLE.get(model) or _custom(parameters)
    if length == 1:
        return np.ones(1)
    if length == 2:
        ends = shape.first + shape.last
        return np.array([shape.first, shape.last]) / ends if ends else np.full(2, 0.5)
    weights = np.full(length, shape.middle / (length - 2))
    weights[0], weights[-1] = shape.first, shape.last
    return weights / (shape.first + shape.middle + shape.last)


def _w_shaped(length: int) -> Floats:
    """Key touches: the first, the middle (the later of two) and the last."""
    if length <= 3:
        return np.full(length, 1.0 / length)
    weights = np.full(length, W_REST_WEIGHT / (length - 3))
    weights[[0, length // 2, -1]] = W_KEY_WEIGHT
    return weights


def _custom(parameters: ModelParameters) -> CustomWeights:
    if parameters.custom is None:
        raise InvalidError("the model CUSTOM needs weights")
    return parameters.custom


def weigh(
    model: Model,
    paths: Paths,
    parameters: ModelParameters = STANDARD_PARAMETERS,
    shares: Mapping[Model, Floats] = NO_SHARES,
) -> Weights:
    """Every touch's weight under one model.

    `shares`: for MARKOV and SHAPLEY, what each channel earns of all conversions, by the codes of `paths.channels`.

    Raises:
        InvalidError: CUSTOM without its weights; a data-driven model without its shares or without channels.
    """
    return weigh_all([model], paths, parameters, shares)[model]


def weigh_all(
    models: Sequence[Model],
    paths: Paths,
    parameters: ModelParameters = STANDARD_PARAMETERS,
    shares: Mapping[Model, Floats] = NO_SHARES,
) -> dict[Model, Weights]:
    """Every touch's weight under each model; see `weigh`."""
    return _Rules(models, paths.lengths, parameters, shares).weights(paths)


def credit(
    models: Sequence[Model],
    paths: Paths,
    value_micros: Integers,
    parameters: ModelParameters = STANDARD_PARAMETERS,
    shares: Mapping[Model, Floats] = NO_SHARES,
) -> dict[Model, tuple[Weights, Integers]]:
    """Every model's weights and credits in micros, of shape (touches,); see `weigh` and `splitting.split_micros`."""
    total = len(paths.age_seconds)
    answer = {model: (Weights(np.empty(total)), np.empty(total, dtype=np.int64)) for model in models}
    for first, after, piece_weights in weights_by_piece(models, paths, parameters, shares):
        start, end = int(paths.offsets[first]), int(paths.offsets[after])
        split = Split(paths.offsets[first : after + 1] - start, value_micros[first:after])
        for model, (weights, credits_micros) in answer.items():
            weights[start:end] = piece_weights[model]
            credits_micros[start:end] = split.micros(piece_weights[model])
    return answer


def weights_by_piece(
    models: Sequence[Model],
    paths: Paths,
    parameters: ModelParameters = STANDARD_PARAMETERS,
    shares: Mapping[Model, Floats] = NO_SHARES,
) -> Iterator[tuple[int, int, dict[Model, Weights]]]:
    """Every model's weights for the paths [first, after), piece by piece, each small enough for a processor's cache."""
    rules = _Rules(models, paths.lengths, parameters, shares)
    for first, after in pieces(paths.offsets):
        yield first, after, rules.weights(paths.piece(first, after))


class _Rules:
    """Some models made ready for paths of certain lengths: position weights are worked out once a length."""

    def __init__(
        self, models: Sequence[Model], lengths: Integers, parameters: ModelParameters, shares: Mapping[Model, Floats]
    ) -> None:
        self._models, self._parameters, self._shares = models, parameters, shares
        occurring = np.flatnonzero(np.bincount(lengths[lengths > 0]))
        self._starts = np.zeros(int(occurring[-1]) + 1 if len(occurring) else 1, dtype=np.int64)
        self._starts[occurring] = np.cumsum(occurring) - occurring
        self._tables = {
            model: np.concatenate([np.zeros(0), *(position_weights(model, n, parameters) for n in occurring.tolist())])
            for model in models
            if model in POSITIONAL_MODELS
        }

    def weights(self, paths: Paths) -> dict[Model, Weights]:
        places = np.zeros(0, dtype=np.int64)
        if self._tables:
            places = (self._starts[paths.lengths] - paths.offsets[:-1]).take(paths.owners)
            places += np.arange(len(places), dtype=np.int64)
        return {model: self._weights(model, paths, places) for model in self._models}

    def _weights(self, model: Model, paths: Paths, places: Integers) -> Weights:
        if model is Model.LAST_NON_DIRECT:
            return _last_non_direct(paths)
        if model is Model.TIME_DECAY:
            return _decayed(None, paths, self._parameters.half_life_days)
        if model in DATA_DRIVEN_MODELS:
            return _by_share(model, paths, self._shares)
        weights = self._tables[model][places]
        if model is Model.W_SHAPED and paths.milestones is not None:
            _move_to_milestones(weights, paths, paths.milestones)
        half_life_days = _custom(self._parameters).half_life_days if model is Model.CUSTOM else None
        return Weights(weights) if half_life_days is None else _decayed(weights, paths, half_life_days)


def last_non_direct(paths: Paths) -> Integers:
    """The touch that LAST_NON_DIRECT credits, of every path that has one: the last that is not Direct, or the last."""
    others = np.flatnonzero(~paths.is_direct)
    if not len(others):
        return paths.lasts
    latest = others.take(np.cumsum(~paths.is_direct).take(paths.lasts) - 1)
    return np.where((latest >= paths.firsts) & (latest <= paths.lasts), latest, paths.lasts)


def _last_non_direct(paths: Paths) -> Weights:
    weights = np.zeros(len(paths.is_direct))
    weights[last_non_direct(paths)] = 1.0
    return Weights(weights)


def _decayed(weights: Floats | None, paths: Paths, half_life_days: float) -> Weights:
    """The weights, or equal ones, times 2^(-age / half-life), normalised.

    Ages count from the path's latest touch of any weight, or those of years would vanish.
    """
    if not len(paths.firsts):
        return Weights(np.zeros(0))
    if weights is None:
        youngest = paths.age_seconds.take(paths.offsets[1:] - 1)  # of an empty path anything, as nothing uses it
    else:
        youngest = np.zeros(len(paths.lengths))
        credited = np.where(weights > 0, paths.age_seconds, np.inf)
        youngest[paths.lengths > 0] = np.minimum.reduceat(credited, paths.firsts)
    decay = youngest.take(paths.owners) - paths.age_seconds
    decay /= half_life_days * _DAY_SECONDS
    if weights is None:
        np.exp2(decay, out=decay)
    else:
        np.exp2(np.minimum(decay, 0.0, out=decay), out=decay)
        decay *= weights
    decay /= np.bincount(paths.owners, decay).take(paths.owners)
    return Weights(decay)


def _move_to_milestones(weights: Floats, paths: Paths, milestones: Integers) -> None:
    """Gives the milestone, in place, what the middle touch has; one that is the first or last earns both shares."""
    chosen = (milestones >= 0) & (paths.lengths > 2)
    lengths = paths.lengths[chosen]
    firsts = paths.offsets[:-1][chosen]
    lasts, named = firsts + lengths - 1, firsts + milestones[chosen]
    between = (named != firsts) & (named != lasts)
    rest = lengths - 2 - between
    key = np.where(rest > 0, W_KEY_WEIGHT, 1 / 3)
    weights[np.repeat(chosen, paths.lengths)] = np.repeat(W_REST_WEIGHT / np.maximum(rest, 1), lengths)
    weights[firsts] = key
    weights[lasts] = key
    weights[named] = np.where(between, key, 2 * key)


def _by_share(model: Model, paths: Paths, all_shares: Mapping[Model, Floats]) -> Weights:
    """Each touch what its channel earns, normalised over the path; equal when none of its channels earns anything."""
    if model not in all_shares or paths.channels is None:
        raise InvalidError(f"the model {model} needs the shares of the channels, and each touch's channel")
    weights = np.append(all_shares[model], 0.0)[paths.channels]
    sums = np.bincount(paths.owners, weights, len(paths.lengths))
    unearned = (sums == 0) & (paths.lengths > 0)
    if unearned.any():
        weights[unearned.take(paths.owners)] = 1.0
        sums[unearned] = paths.lengths[unearned]
    weights /= sums.take(paths.owners)
    return Weights(weights)
