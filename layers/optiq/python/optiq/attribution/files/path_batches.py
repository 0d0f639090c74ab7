"""Whole paths as arrays, a batch of a file at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiq.attribution.arrays import Floats, Integers, Paths


@dataclass(frozen=True)  # no slots: its shape is worked out once
class PathBatch:
    """Paths that lie end to end, each of one touch or more, oldest first.

    Attributes:
        offsets: shape (paths + 1,); path p owns the touches offsets[p] to offsets[p + 1].
        codes: shape (touches,), what is credited, as places in a list of names kept elsewhere.
        moments: shape (touches,), when, in units of `tick_seconds` from any moment; never falling within a path.
        is_direct: shape (touches,).
        amounts: shape (2, paths): conversions, 0 for a path that did not convert, and what they are worth together.
    """

    offsets: Integers
    codes: Integers
    moments: NDArray[Any]
    tick_seconds: float
    is_direct: NDArray[np.bool_]
    amounts: Floats

    @cached_property
    def lengths(self) -> Integers:
        return np.diff(self.offsets)

    @cached_property
    def owners(self) -> Integers:
        """Each touch's path."""
        return _owners(self.offsets)

    def paths(self) -> Paths:
        """For the rules of `models`. Ages count to the path's last touch: a model sees only their differences."""
        age_ticks = self.moments.take(self.offsets[1:] - 1).take(self.owners) - self.moments
        return Paths(self.offsets, age_ticks * self.tick_seconds, self.is_direct)

    def only(self, chosen: NDArray[np.bool_]) -> "PathBatch":
        """The chosen paths; this batch itself when those are all."""
        if chosen.all():
            return self
        paths = np.flatnonzero(chosen)
        offsets = np.concatenate([[0], np.cumsum(self.lengths.take(paths))])
        touches = (self.offsets.take(paths) - offsets[:-1]).take(_owners(offsets))
        touches += np.arange(len(touches))
        return PathBatch(
            offsets=offsets,
            codes=self.codes.take(touches),
            moments=self.moments.take(touches),
            tick_seconds=self.tick_seconds,
            is_direct=self.is_direct.take(touches),
            amounts=self.amounts.take(paths, axis=1),
        )

    @classmethod
    def joined(cls, batches: Sequence["PathBatch"]) -> "PathBatch":
        """One batch of the paths of several of the same file, at least one."""
        offsets = np.concatenate([[0], np.cumsum(np.concatenate([batch.lengths for batch in batches]))])
        return PathBatch(
            offsets=offsets,
            codes=np.concatenate([batch.codes for batch in batches]),
            moments=np.concatenate([batch.moments for batch in batches]),
            tick_seconds=batches[0].tick_seconds,
            is_direct=np.concatenate([batch.is_direct for batch in batches]),
            amounts=np.concatenate([batch.amounts for batch in batches], axis=1),
        )


def _owners(offsets: Integers) -> Integers:
    """The path of each touch, where every path has one."""
    begins = np.zeros(offsets[-1], dtype=np.int64)
    begins[offsets[1:-1]] = 1
    return np.cumsum(begins)
