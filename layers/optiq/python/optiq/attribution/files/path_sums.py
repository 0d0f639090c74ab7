"""Sums over paths, from which every model's credits follow (streaming.py)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiq.attribution import markov, shapley
from optiq.attribution.arrays import Floats, Integers, check_sum
from optiq.attribution.contracts import Model, ModelParameters
from optiq.attribution.files.parquet_paths import BATCH_ROWS
from optiq.attribution.files.path_batches import PathBatch
from optiq.attribution.models import POSITIONAL_MODELS, last_non_direct, position_weights, weigh_all
from optiq.kernel.errors import InvalidError

MAX_MARKOV_NAMES = 2_048
"""Transitions are counted in a square of them."""

_SHORT = 16
"""The longest paths in the cube; those beyond are few and weighed touch by touch."""

_CELLS = _SHORT * (_SHORT + 1) // 2
_FIRST_CELL = np.array([length * (length - 1) // 2 for length in range(_SHORT + 1)])
_MAX_CUBE_BITS = 11
"""With more than 2,048 values the cube would not fit a processor's cache; all paths are then weighed."""


class PathSums:
    """Sums over paths. Every array's last axis is the values credited, with room for 2 ** `_bits` of them.

    A first axis of 2 holds conversions and what they are worth.
    """

    def __init__(self, models: Sequence[Model], parameters: ModelParameters) -> None:
        self._models, self._parameters = models, parameters
        by_age = parameters.custom is not None and parameters.custom.half_life_days is not None
        self._positional = [m for m in models if m in POSITIONAL_MODELS and not (m is Model.CUSTOM and by_age)]
        in_their_own_ways = (*self._positional, Model.LAST_NON_DIRECT, Model.MARKOV, Model.SHAPLEY)
        self._others = [m for m in models if m not in in_their_own_ways]
        self._bits = 6
        self._totals, self._nulls = np.zeros(2), 0
        self._earned = {model: np.zeros((2, self._room)) for model in models}
        self._cube = np.zeros((2, _CELLS, self._room))
        self._steps = np.zeros((self._room, self._room) if Model.MARKOV in models else (0, 0))
        self._begun, self._converted, self._lost = np.zeros((3, self._room))
        self._long: list[PathBatch] = []

    @property
    def _room(self) -> int:
        return 1 << self._bits

    def add(self, batch: PathBatch, names: int) -> None:
        while names > self._room:
            self._double_room()
        for name, amounts, total in zip(("conversions", "of their value"), batch.amounts, self._totals, strict=True):
            check_sum(name, np.append(amounts, total))
        self._totals += batch.amounts.sum(axis=1)
        if Model.MARKOV in self._models:
            self._add_transitions(batch)
        converted = batch.amounts[0] > 0
        self._nulls += int(np.count_nonzero(~converted))
        short = batch.lengths <= (_SHORT if self._bits <= _MAX_CUBE_BITS else 0)
        self._add_short(batch.only(converted & short))
        self._long.append(batch.only(converted & ~short))
        if sum(len(part.codes) for part in self._long) >= BATCH_ROWS:
            self._add_long()

    def paths(self) -> tuple[float, float]:
        """How often paths converted and how often they did not."""
        return float(self._totals[0]), float(self._nulls)

    def earned(self, names: int) -> dict[Model, Floats]:
        """What each model gives each name: shape (2, names)."""
        self._empty_cube(room=0)
        self._add_long()
        if Model.MARKOV in self._models:
            shares = markov.removal_effects(self._transition_counts(names)).shares
            self._earned[Model.MARKOV][:, :names] = self._totals[:, None] * shares
        return {model: earned[:, :names] for model, earned in self._earned.items()}

    def _double_room(self) -> None:
        more = (0, self._room)
        if Model.MARKOV in self._models:
            if 2 * self._room > MAX_MARKOV_NAMES:
                raise InvalidError(
                    f"MARKOV takes at most {MAX_MARKOV_NAMES:,} values; credit something coarser, or leave it out"
                )
            self._steps = np.pad(self._steps, (more, more))
        self._earned = {model: np.pad(sums, ((0, 0), more)) for model, sums in self._earned.items()}
        self._begun, self._converted, self._lost = np.pad((self._begun, self._converted, self._lost), ((0, 0), more))
        self._bits += 1
        self._empty_cube(self._room if self._bits <= _MAX_CUBE_BITS else 0)

    def _empty_cube(self, room: int) -> None:
        """Credits what is in the cube, and makes an empty one."""
        width = self._cube.shape[-1]
        for model in self._positional:
            weights = np.concatenate([position_weights(model, n, self._parameters) for n in range(1, _SHORT + 1)])
            self._earned[model][:, :width] += weights @ self._cube
        self._cube = np.zeros((2, _CELLS, room))

    def _add_transitions(self, batch: PathBatch) -> None:
        conversions = batch.amounts[0]
        lost = conversions == 0
        times = conversions + lost
        pairs = batch.codes[:-1] << self._bits
        pairs |= batch.codes[1:]
        between_paths = batch.offsets[1:-1] - 1
        if (times == 1).all():
            steps = self._count(pairs, None, self._room) - self._count(pairs[between_paths], None, self._room)
        else:
            times_of_pair = times.take(batch.owners[:-1])
            times_of_pair[between_paths] = 0
            steps = self._count(pairs, times_of_pair, self._room)
        self._steps += steps.reshape(self._room, self._room)
        last_codes = batch.codes[batch.offsets[1:] - 1]
        self._begun += self._count(batch.codes[batch.offsets[:-1]], times)
        self._converted += self._count(last_codes, conversions)
        self._lost += self._count(last_codes, lost)

    def _transition_counts(self, names: int) -> markov.TransitionCounts:
        """A row a state, START first; a column a step, CONVERSION and NULL last."""
        square = np.zeros((names + 1, names + 2))
        square[0, :names] = self._begun[:names]
        square[1:, :names] = self._steps[:names, :names]
        square[1:, names], square[1:, names + 1] = self._converted[:names], self._lost[:names]
        np.fill_diagonal(square[1:], 0)
        cells = np.flatnonzero(square)
        return markov.TransitionCounts(1, names, cells, square.ravel()[cells])

    def _add_short(self, batch: PathBatch) -> None:
        if not len(batch.codes):
            return
        cells = (_FIRST_CELL.take(batch.lengths) - batch.offsets[:-1]).take(batch.owners)
        cells += np.arange(len(cells))
        cells <<= self._bits
        cells |= batch.codes
        for sums, amounts in zip(self._cube, batch.amounts, strict=True):
            sums += self._count(cells, amounts.take(batch.owners), _CELLS).reshape(sums.shape)
        self._add_weighed(batch, self._others)
        if Model.SHAPLEY in self._models:
            uses = np.flatnonzero(_first_uses(batch, self._bits))
            self._add_split(batch, batch.owners.take(uses), batch.codes.take(uses))

    def _add_long(self) -> None:
        if any(len(part.codes) for part in self._long):
            batch = PathBatch.joined(self._long)
            self._add_weighed(batch, [*self._positional, *self._others])
            if Model.SHAPLEY in self._models:
                self._add_split(batch, *shapley.distinct_channels(batch.offsets, batch.codes, self._room))
        self._long = []

    def _add_weighed(self, batch: PathBatch, models: Sequence[Model]) -> None:
        paths = batch.paths()
        if Model.LAST_NON_DIRECT in self._models:
            codes = batch.codes.take(last_non_direct(paths))
            for sums, amounts in zip(self._earned[Model.LAST_NON_DIRECT], batch.amounts, strict=True):
                sums += self._count(codes, amounts)
        amounts_of_touches = [amounts.take(batch.owners) for amounts in batch.amounts]
        for model, weights in weigh_all(models, paths, self._parameters).items():
            for sums, amounts in zip(self._earned[model], amounts_of_touches, strict=True):
                sums += self._count(batch.codes, weights * amounts)

    def _add_split(self, batch: PathBatch, paths: Integers, codes: Integers) -> None:
        """SHAPLEY's subset-sum game: every path's amounts split equally over its distinct values."""
        sizes = np.bincount(paths, minlength=len(batch.lengths))
        for sums, amounts in zip(self._earned[Model.SHAPLEY], batch.amounts, strict=True):
            sums += self._count(codes, (amounts / sizes).take(paths))

    def _count(self, cells: Integers, amounts: NDArray[Any] | None = None, rows: int = 1) -> NDArray[Any]:
        return np.bincount(cells, amounts, rows << self._bits)


def _first_uses(batch: PathBatch, bits: int) -> NDArray[np.bool_]:
    """Which touches are the first of their path with their code; for paths of at most _SHORT touches."""
    small = len(batch.lengths) << bits < 1 << 31
    keys = ((batch.owners << bits) | batch.codes).astype(np.int32 if small else np.int64)
    first = np.ones(len(keys), dtype=np.bool_)
    for back in range(1, int(batch.lengths.max())):
        first[back:] &= keys[back:] != keys[:-back]
    return first
