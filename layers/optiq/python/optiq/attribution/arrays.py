"""Paths as arrays: what every model is computed on, whether for one conversion or for millions."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NewType

import numpy as np
from numpy.typing import NDArray

from optiq.kernel.errors import InvalidError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Weights = NewType("Weights", NDArray[np.float64])
"""Of touches, shape (touches,): those of one path sum to 1."""


def begins_run(offsets: Integers, codes: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Of each touch of paths that lie end to end, whether another channel, or none, is right before it on its path."""
    begins = np.ones(len(codes), dtype=np.bool_)
    begins[1:] = codes[1:] != codes[:-1]
    begins[offsets[:-1][np.diff(offsets) > 0]] = True
    return begins


def summed(places: NDArray[np.integer[Any]], amounts: Floats, size: int) -> Floats:
    """The amounts of each place from 0, shape (size,), summed; floats, even of nothing."""
    return np.bincount(places, amounts, size).astype(np.float64, copy=False)


def normalised(amounts: Floats) -> Floats:
    """The amounts as shares, which sum to 1; as they are when all are 0."""
    total = amounts.sum()
    return amounts / total if total else amounts


_MOST = 1e18
"""Of conversions or of what they are worth: random numbers are not drawn of more."""


def check_sum(name: str, amounts: Floats) -> None:
    """Raises InvalidError: the amounts, finite and 0 or more, are more than can be counted."""
    if (amounts / _MOST).sum() > 1:
        raise InvalidError(f"more than 10^18 {name}")


_BUCKET_BITS = 10
_MANY_KEYS = 1 << 17


def sorting_order(keys: Integers) -> Integers:
    """`np.argsort(keys, kind="stable")`, several times as fast: whole numbers that hold their place are just sorted."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64)
    lowest = int(keys.min())
    bits = (int(keys.max()) - lowest).bit_length()
    if len(keys) < _MANY_KEYS or _holds_places(bits, len(keys)):
        return _order(keys, lowest, bits)
    # By leading bits, then, in a processor's cache, each of what they tell apart.
    low_bits = max(bits - _BUCKET_BITS, 0)
    buckets = ((keys - lowest) >> low_bits).astype(np.uint16)
    order = np.argsort(buckets, kind="stable")
    lows = (keys[order] - lowest) & ((1 << low_bits) - 1)
    ends = np.cumsum(np.bincount(buckets)).tolist()
    for start, end in zip([0, *ends], ends, strict=False):
        order[start:end] = order[start:end][_order(lows[start:end], 0, low_bits)]
    return order


def _holds_places(bits: int, count: int) -> bool:
    return bits + count.bit_length() < 64


def _order(keys: Integers, lowest: int, bits: int) -> Integers:
    """Of keys that are less than 2 ** bits above the lowest."""
    if not _holds_places(bits, len(keys)):
        return np.argsort(keys, kind="stable")
    place_bits = len(keys).bit_length()
    numbers = (keys - lowest) << place_bits
    numbers |= np.arange(len(keys))
    numbers.sort()
    numbers &= (1 << place_bits) - 1
    return numbers


@dataclass(frozen=True)  # no slots: its shape is worked out once
class Paths:
    """Paths in compressed rows, touches oldest first within each; path p owns touches offsets[p] to offsets[p + 1].

    Attributes:
        offsets: shape (paths + 1,), from 0 to the number of touches, never falling.
        age_seconds: shape (touches,), from the touch to its conversion, 0 or more, not rounded.
        is_direct: shape (touches,), whether the touch's channel is Direct.
        milestones: shape (paths,), the position of the path's milestone touch from 0, or -1: W_SHAPED's middle.
            None stands for -1 everywhere.
        channels: shape (touches,), the touch's channel as a place in the shares of MARKOV and SHAPLEY, or -1 for one
            that they do not know. Needed by those two only.
    """

    offsets: Integers
    age_seconds: Floats
    is_direct: NDArray[np.bool_]
    milestones: Integers | None = None
    channels: Integers | None = None

    def piece(self, first: int, after: int) -> "Paths":
        """The paths [first, after) by themselves."""
        start, end = int(self.offsets[first]), int(self.offsets[after])
        return Paths(
            self.offsets[first : after + 1] - start,
            self.age_seconds[start:end],
            self.is_direct[start:end],
            None if self.milestones is None else self.milestones[first:after],
            None if self.channels is None else self.channels[start:end],
        )

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

    @cached_property
    def owners(self) -> Integers:
        """The path of every touch, shape (touches,)."""
        return np.cumsum(np.bincount(self.offsets[1:-1], minlength=len(self.age_seconds))[: len(self.age_seconds)])

    def checked(self) -> "Paths":
        """These paths, if they are what they must be.

        Raises:
            InvalidError: shapes that do not fit, an age that is not a number of 0 or more, touches out of order, or a
                milestone outside its path; the message counts paths from 0.
        """
        touches = len(self.age_seconds)
        if not len(self.offsets) or self.offsets[0] != 0 or self.offsets[-1] != touches or (self.lengths < 0).any():
            raise InvalidError("the paths' offsets must rise from 0 to the number of touches")
        if len(self.is_direct) != touches or (self.channels is not None and len(self.channels) != touches):
            raise InvalidError("every touch needs an age, a channel and to be Direct or not")
        self._refuse(~(np.isfinite(self.age_seconds) & (self.age_seconds >= 0)), "an age must be finite, 0 or more")
        younger = np.diff(self.age_seconds, prepend=np.inf) > 0
        younger[self.firsts] = False
        self._refuse(younger, "the touches are not oldest first")
        if self.milestones is not None:
            outside = (self.milestones < -1) | (self.milestones >= np.maximum(self.lengths, 1))
            if len(outside) != len(self.lengths) or outside.any():
                raise InvalidError(f"path {int(np.argmax(outside))}: its milestone is not on it")
        return self

    def _refuse(self, wrong: NDArray[np.bool_], reason: str) -> None:
        if wrong.any():
            path = int(np.searchsorted(self.offsets, int(np.argmax(wrong)), side="right")) - 1
            raise InvalidError(f"path {path}: {reason}")
