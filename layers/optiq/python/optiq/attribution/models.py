"""The attribution models, one definition each, and the split of money by their weights.

Pure functions over arrays: a million paths or one, computed the same way, bit for bit. Paths lie end to end in
flat arrays; path p owns the touches offsets[p] to offsets[p + 1]. Always holds: the weights of a path that has
a touch sum to 1, and the credits of a conversion sum to its value, to the micro.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NewType

import numpy as np
from numpy.typing import NDArray

from optiq.attribution.contracts import Model

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Weights = NewType("Weights", NDArray[np.float64])

HALF_LIFE_SECONDS = 7 * 86_400
"""Google Ads' and GA4's time decay: a touch a week before another counts half of it."""

END_WEIGHT = 0.4
"""Position based, as in Google Analytics: 40 % to each end, the remaining 20 % to what lies between."""

_PIECE_TOUCHES = 1 << 15
_PIECE_PATHS = 1 << 15
# A sort key's 63 bits: 15 for the path, 25 for the remainder in steps, 23 for the position.
_REMAINDER_BITS = 25
_REMAINDER_STEPS = (1 << 24) - 1
_POSITION_BITS = 23


@dataclass(frozen=True)  # no slots: its shape is worked out once
class Paths:
    """Paths in compressed rows, touches oldest first within each.

    Attributes:
        offsets: shape (paths + 1,), from 0 to the number of touches, never falling.
        age_seconds: shape (touches,), from the touch to its conversion, 0 or more, not rounded.
        is_direct: shape (touches,), whether the touch's channel is Direct.
    """

    offsets: Integers
    age_seconds: Floats
    is_direct: NDArray[np.bool_]

    def piece(self, first: int, after: int) -> "Paths":
        """The paths [first, after) by themselves."""
        start, end = int(self.offsets[first]), int(self.offsets[after])
        return Paths(self.offsets[first : after + 1] - start, self.age_seconds[start:end], self.is_direct[start:end])

    @cached_property
    def lengths(self) -> Integers:
        return np.diff(self.offsets)

    @cached_property
    def firsts(self) -> Integers:
        """The first touch of every path that has one."""
        return self.offsets[:-1][self.lengths > 0]

    @cached_property
    def lasts(self) -> Integers:
        """The last touch of every path that has one."""
        return self.offsets[1:][self.lengths > 0] - 1


Rule = Callable[[Paths], Weights]
"""Gives every touch its weight, shape (touches,)."""


def _all_to(paths: Paths, touches: Integers) -> Weights:
    weights = np.zeros(len(paths.age_seconds))
    weights[touches] = 1.0
    return Weights(weights)


def first_touch(paths: Paths) -> Weights:
    return _all_to(paths, paths.firsts)


def last_touch(paths: Paths) -> Weights:
    return _all_to(paths, paths.lasts)


def last_non_direct(paths: Paths) -> Weights:
    """All to the last touch that is not Direct; to the last touch when all are."""
    touches = np.arange(len(paths.is_direct), dtype=np.int64)
    latest = np.maximum.accumulate(np.where(paths.is_direct, -1, touches))[paths.lasts]
    return _all_to(paths, np.where(latest >= paths.firsts, latest, paths.lasts))


def linear(paths: Paths) -> Weights:
    lengths = paths.lengths
    return Weights(np.repeat(1.0 / np.maximum(lengths, 1), lengths))


def time_decay(paths: Paths, half_life_seconds: float = HALF_LIFE_SECONDS) -> Weights:
    """2^(-age / half-life), normalised; ages count from the path's latest touch, or those of years would vanish."""
    firsts, lasts = paths.firsts, paths.lasts
    if not len(firsts):
        return Weights(np.zeros(0))
    lengths = lasts - firsts + 1
    decay = np.repeat(paths.age_seconds[lasts], lengths) - paths.age_seconds
    decay /= half_life_seconds
    np.exp2(decay, out=decay)
    decay /= np.repeat(np.add.reduceat(decay, firsts), lengths)
    return Weights(decay)


def position_based(paths: Paths) -> Weights:
    """U-shaped: 40 % first, 40 % last, 20 % spread over the middle; halves for two touches."""
    lengths = paths.lengths
    weights = np.repeat((1.0 - 2 * END_WEIGHT) / np.maximum(lengths - 2, 1), lengths)
    end = np.select([lengths == 1, lengths == 2], [1.0, 0.5], END_WEIGHT)[lengths > 0]
    weights[paths.firsts] = end
    weights[paths.lasts] = end
    return Weights(weights)


RULES: dict[Model, Rule] = {
    Model.FIRST_TOUCH: first_touch,
    Model.LAST_TOUCH: last_touch,
    Model.LAST_NON_DIRECT: last_non_direct,
    Model.LINEAR: linear,
    Model.TIME_DECAY: time_decay,
    Model.POSITION_BASED: position_based,
}
"""Every model that needs nothing but its own path."""


def credit(models: Sequence[Model], paths: Paths, value_micros: Integers) -> dict[Model, tuple[Weights, Integers]]:
    """Every model's weights and credits in micros, each of shape (touches,); see `split_micros` for the values."""
    total = len(paths.age_seconds)
    answer = {model: (Weights(np.empty(total)), np.empty(total, dtype=np.int64)) for model in models}
    for first, after in _pieces(paths.offsets):
        piece = paths.piece(first, after)
        split = _Split(piece.offsets, value_micros[first:after])
        touches = slice(int(paths.offsets[first]), int(paths.offsets[after]))
        for model, (weights, credits_micros) in answer.items():
            piece_weights = RULES[model](piece)
            weights[touches] = piece_weights
            credits_micros[touches] = split.micros(piece_weights)
    return answer


def split_micros(weights: Weights, offsets: Integers, value_micros: Integers) -> Integers:
    """Splits each path's value by its weights with the largest remainder; equal remainders favour the earlier touch.

    Takes weights of shape (touches,), offsets of shape (paths + 1,) and values of shape (paths,) in micros, at
    most 10^15 either way; a negative value (a refund) is the mirror image of the positive one. Gives credits of
    shape (touches,) that sum to the value of every path that has a touch. A touch of weight 0 gets nothing.
    Remainders count as equal within 2^-24 micro, below what arithmetic leaves of them.
    """
    credits_micros = np.empty(len(weights), dtype=np.int64)
    for first, after in _pieces(offsets):
        touches = slice(int(offsets[first]), int(offsets[after]))
        split = _Split(offsets[first : after + 1] - offsets[first], value_micros[first:after])
        credits_micros[touches] = split.micros(weights[touches])
    return credits_micros


def _pieces(offsets: Integers) -> Iterator[tuple[int, int]]:
    """Runs of whole paths, as [first, after), small enough for a processor's cache: three times as fast."""
    first = 0
    while first < len(offsets) - 1:
        limit = int(offsets[first]) + _PIECE_TOUCHES
        after = min(int(np.searchsorted(offsets, limit, side="right")) - 1, first + _PIECE_PATHS)
        yield first, (after := max(after, first + 1))
        first = after


class _Split:
    """The split of some paths' values, for as many models as there are."""

    def __init__(self, offsets: Integers, value_micros: Integers) -> None:
        lengths = np.diff(offsets)
        filled = lengths > 0
        self._lengths, self._starts = lengths[filled], offsets[:-1][filled]
        self._magnitudes = np.abs(value_micros[filled])
        self._magnitude_of_touch = np.repeat(self._magnitudes.astype(np.float64), self._lengths)
        self._negative = np.repeat(value_micros[filled] < 0, self._lengths) if (value_micros < 0).any() else None
        self._start_of_touch = np.repeat(self._starts, self._lengths)
        self._position = np.arange(len(self._start_of_touch), dtype=np.int64) - self._start_of_touch
        paths = np.arange(len(self._starts), dtype=np.int64) << (_REMAINDER_BITS + _POSITION_BITS)
        self._path_and_position = np.repeat(paths, self._lengths) | self._position

    def micros(self, weights: Floats) -> Integers:
        exact = weights * self._magnitude_of_touch
        credits_micros = exact.astype(np.int64)
        if not len(self._starts):
            return credits_micros
        # Differences of running totals: whole numbers, so exact, and faster than reduceat.
        missing = self._magnitudes - np.diff(np.cumsum(credits_micros)[self._starts + self._lengths - 1], prepend=0)
        if missing.any():
            exact -= credits_micros
            self._hand_out(missing, exact, weights, credits_micros)
        if self._negative is not None:
            np.negative(credits_micros, out=credits_micros, where=self._negative)
        return credits_micros

    def _hand_out(self, missing: Integers, remainders: Floats, weights: Floats, credits_micros: Integers) -> None:
        """Adds what each path misses to the touches of its largest remainders, in place."""
        positive, takers = weights > 0, self._lengths
        if not positive.all():
            remainders -= ~positive  # never before a touch that has a weight
            takers = np.add.reduceat(positive, self._starts, dtype=np.int64)
        if ((missing < 0) | (missing > takers)).any():
            # Beyond some 10^14 micros rounding can leave a micro too many, or more than one a touch.
            each, missing = np.divmod(missing, takers)
            credits_micros += positive * np.repeat(each, self._lengths)
        served = self._position < np.repeat(missing, self._lengths)
        credits_micros[self._largest_remainder_first(remainders)[served]] += 1

    def _largest_remainder_first(self, remainders: Floats) -> Integers:
        """The touches, path by path: one sort of whole numbers made of path, falling remainder and position."""
        key = ((1.0 - remainders) * _REMAINDER_STEPS).astype(np.int64)
        key <<= _POSITION_BITS
        key |= self._path_and_position
        key.sort()
        key &= (1 << _POSITION_BITS) - 1
        key += self._start_of_touch
        return key
