"""Counted paths as arrays: each path once, with how often it converted and how often it did not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from optiq.attribution.arrays import Floats, Integers, Paths, check_sum
from optiq.attribution.bootstrap import DataPaths
from optiq.attribution.contracts import NO_TRACKED_VISIT, CountedPath
from optiq.attribution.files.direct import is_direct
from optiq.kernel.errors import InvalidError

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class CountedPaths:
    """Path p's channels are codes[offsets[p] : offsets[p + 1]], oldest first.

    Attributes:
        channels: by code, in the order in which they first appear.
        conversions, values: shape (paths,), 0 or more.
        nulls: shape (paths,), how often each did not convert; None when that is not known.
        age_days: shape (touches,), from the touch to the conversion; None when that is not known.
    """

    channels: tuple[str, ...]
    offsets: Integers
    codes: Integers
    conversions: Floats
    values: Floats
    nulls: Floats | None
    age_days: Floats | None

    def apart(self) -> tuple["CountedPaths", Floats]:
        """The paths that have a touch; and conversions and their value, shape (2,), of `No tracked visit` alone."""
        if NO_TRACKED_VISIT not in self.channels:
            return self, np.zeros(2)
        lengths = np.diff(self.offsets)
        kept = (lengths > 1) | (self.codes[self.offsets[:-1]] != self.channels.index(NO_TRACKED_VISIT))
        on_kept = np.repeat(kept, lengths)
        touched = replace(
            self,
            offsets=np.cumsum([0, *lengths[kept]], dtype=np.int64),
            codes=self.codes[on_kept],
            conversions=self.conversions[kept],
            values=self.values[kept],
            nulls=None if self.nulls is None else self.nulls[kept],
            age_days=None if self.age_days is None else self.age_days[on_kept],
        )
        return touched, np.array([self.conversions[~kept].sum(), self.values[~kept].sum()])

    def arrays(self) -> Paths:
        """For the models; without ages every touch is as old as its conversion."""
        direct = np.array([is_direct(channel) for channel in self.channels], dtype=np.bool_)
        ages = np.zeros(len(self.codes)) if self.age_days is None else self.age_days * _DAY_SECONDS
        return Paths(self.offsets, ages, direct[self.codes], channels=self.codes)

    def data(self) -> DataPaths:
        """For the models that learn; paths whose non-conversions are not known count as if there were none."""
        nulls = np.zeros(len(self.conversions)) if self.nulls is None else self.nulls
        return DataPaths(self.offsets, self.codes, self.conversions, nulls, len(self.channels))


class Collecting:
    """Takes counted paths in, one at a time."""

    def __init__(self) -> None:
        self._code_of: dict[str, int] = {}
        self._codes: list[int] = []
        self._lengths: list[int] = []
        self._amounts: list[float] = []
        self._ages: list[float] = []

    def code(self, channel: str) -> int:
        return self._code_of.setdefault(channel, len(self._code_of))

    def add(self, codes: Sequence[int], conversions: float, value: float, nulls: float) -> None:
        """`codes`: one or more; the amounts are finite, 0 or more. Raises InvalidError: a value of no conversion."""
        if value and not conversions:
            raise InvalidError("a value, though the path did not convert")
        self._codes += codes
        self._lengths.append(len(codes))
        self._amounts += (conversions, value, nulls)

    def add_ages(self, ages: Sequence[float], touches: int) -> None:
        """Those of the path that is added next.

        Raises:
            InvalidError: they are not one for each touch, finite, 0 or more and never rising.
        """
        if len(ages) != touches:
            raise InvalidError(f"{len(ages)} times for {touches} touches")
        if not all(0 <= age < np.inf for age in ages):
            raise InvalidError("times must be finite numbers of days before the conversion, 0 or more")
        if any(later > earlier for earlier, later in pairwise(ages)):
            raise InvalidError("times must fall, as the oldest touch comes first")
        self._ages += ages

    def paths(self, *, with_nulls: bool, with_ages: bool) -> CountedPaths:
        """Raises InvalidError: their amounts are too large to be summed."""
        conversions, values, nulls = amounts = np.array(self._amounts, dtype=np.float64).reshape(-1, 3).T.copy()
        for name, each in zip(("conversions", "of their value", "non-conversions"), amounts, strict=True):
            check_sum(name, each)
        return CountedPaths(
            channels=tuple(self._code_of),
            offsets=np.cumsum([0, *self._lengths], dtype=np.int64),
            codes=np.array(self._codes, dtype=np.int64),
            conversions=conversions,
            values=values,
            nulls=nulls if with_nulls else None,
            age_days=np.array(self._ages, dtype=np.float64) if with_ages else None,
        )


def collected(paths: Iterable[CountedPath]) -> CountedPaths:
    """Non-conversions and ages are known when every path tells of them.

    Raises:
        InvalidError: a path is wrong; the message counts paths from 0.
    """
    paths = list(paths)
    with_ages = all(path.age_days is not None for path in paths)
    collecting = Collecting()
    for number, path in enumerate(paths):
        try:
            _check(path)
            if with_ages:
                collecting.add_ages(path.age_days or (), len(path.channels))
            codes = [*map(collecting.code, path.channels)]
            collecting.add(codes, path.conversions, path.value, path.nulls or 0.0)
        except InvalidError as error:
            raise InvalidError(f"path {number}: {error}") from error
    return collecting.paths(with_nulls=all(path.nulls is not None for path in paths), with_ages=with_ages)


def _check(path: CountedPath) -> None:
    if not path.channels:
        raise InvalidError("the path is empty")
    for name, amount in (("conversions", path.conversions), ("value", path.value), ("nulls", path.nulls or 0.0)):
        if not 0 <= amount < np.inf:
            raise InvalidError(f"{name} must be a finite number, 0 or more, not {amount}")
