"""MARKOV: what conversions would be lost without a channel, in the absorbing chain that the paths make.

Exact: the chain is solved, never simulated. Steps go from START through channels to CONVERSION or NULL; in order k the
next step depends on the last k channels. A channel repeated in a row counts once, which in order 1 is the same as
dropping self-loops and normalising what is left; in higher orders it means that, of the last k channels, neighbours
differ. Removing a channel sends to NULL whoever would come to it.

After Anderl, Becker, von Wangenheim and Schumann, "Mapping the customer journey" (2016), IJRM 33(3).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiq.attribution.arrays import Floats, Integers, begins_run, normalised, summed
from optiq.kernel.errors import InvalidError

MAX_ORDER = 3
MAX_DENSE_STATES = 2_048
"""Up to so many states a chain is solved by elimination: 96 channels are 97 in order 1. Larger ones are walked."""

_UNDECIDED = 1e-15
"""Of what converts: so little may be still on its way when walking ends."""
_MAX_STEPS = 10_000

_DENSE_CELLS = 1 << 20


@dataclass(frozen=True, slots=True)
class TransitionCounts:
    """How often paths went from each state to each next step. Counts of parts of the paths add up to those of all.

    Attributes:
        order: how many channels a state remembers, 1 to 3.
        channels: how many there are; a channel is its code, from 0.
        cells: ascending, state * (channels + 2) + step. A state is its channels, oldest first, as the digits code + 1
            of a number in base channels + 1 (START is 0). A step is a code, `channels` (CONVERSION) or one more (NULL).
        amounts: how often, as much as `cells`; above 0.
    """

    order: int
    channels: int
    cells: Integers
    amounts: Floats

    @property
    def states(self) -> Integers:
        """Those that occur, ascending."""
        return np.unique(self.cells // (self.channels + 2))

    @classmethod
    def none(cls, channels: int, order: int = 1) -> "TransitionCounts":
        """Raises InvalidError: an order other than 1, 2 or 3, or too many channels to tell states apart."""
        if not 1 <= order <= MAX_ORDER:
            raise InvalidError(f"the order of a chain is 1 to {MAX_ORDER}, not {order}")
        if (channels + 1) ** order * (channels + 2) >= 1 << 62:
            raise InvalidError(f"{channels} channels are too many for order {order}")
        return cls(order, channels, np.zeros(0, dtype=np.int64), np.zeros(0))

    @classmethod
    def of(
        cls, offsets: Integers, codes: NDArray[np.integer[Any]], conversions: Floats, nulls: Floats,
        channels: int, order: int = 1,
    ) -> "TransitionCounts":  # fmt: skip
        """Counts paths that lie end to end: path p's channels are codes[offsets[p] : offsets[p + 1]], oldest first.

        `conversions`, `nulls`: how often each path converted and how often it did not, 0 or more. Paths without a
        channel are passed over. Raises InvalidError as `none` does.
        """
        return PathTransitions.of(offsets, codes, channels, order).counted(conversions, nulls)

    def __add__(self, other: "TransitionCounts") -> "TransitionCounts":
        if (self.order, self.channels) != (other.order, other.channels):
            raise InvalidError("counts of different orders or channels do not add up")
        cells, places = np.unique(np.concatenate([self.cells, other.cells]), return_inverse=True)
        amounts = summed(places, np.concatenate([self.amounts, other.amounts]), len(cells))
        return TransitionCounts(self.order, self.channels, cells, amounts)


@dataclass(frozen=True, slots=True)
class PathTransitions:
    """The steps of some paths, to be counted under one or many numbers of conversions.

    Attributes:
        cells: ascending, those of `TransitionCounts` that may occur.
        steps, step_paths: the place in `cells` and the path of each step to a channel.
        converted, lost, last_paths: of each path that has a channel, where its steps to CONVERSION and to NULL have
            their places in `cells`, and the path.
    """

    none: TransitionCounts
    cells: Integers
    steps: Integers
    step_paths: Integers
    converted: Integers
    lost: Integers
    last_paths: Integers

    @classmethod
    def of(cls, offsets: Integers, codes: NDArray[np.integer[Any]], channels: int, order: int = 1) -> "PathTransitions":
        """Raises InvalidError as `TransitionCounts.none` does."""
        none = TransitionCounts.none(channels, order)
        paths = np.repeat(np.arange(len(offsets) - 1, dtype=np.int64), np.diff(offsets))
        new = begins_run(offsets, codes)
        codes, paths = codes[new].astype(np.int64), paths[new]
        ends = np.append(paths[1:] != paths[:-1], np.ones(min(len(paths), 1), dtype=np.bool_))
        after = codes + 1
        for back in range(1, order):
            same = paths[back:] == paths[:-back]
            after[back:] += np.where(same, codes[:-back] + 1, 0) * (channels + 1) ** back
        before = np.zeros_like(after)
        before[1:] = np.where(ends[:-1], 0, after[:-1])
        width = channels + 2
        absorbed = after[ends] * width + channels
        raw = np.concatenate([before * width + codes, absorbed, absorbed + 1])
        space = (channels + 1) ** order * width
        if space <= _DENSE_CELLS:
            cells, places = np.arange(space, dtype=np.int64), raw
        else:
            cells, places = np.unique(raw, return_inverse=True)
        steps, converted, lost = np.split(places, [len(codes), len(codes) + len(absorbed)])
        return cls(none, cells, steps, paths, converted, lost, paths[ends])

    def counted(self, conversions: Floats, nulls: Floats) -> TransitionCounts:
        """The counts under these numbers of conversions and non-conversions, each of shape (paths,)."""
        amounts = summed(self.steps, (conversions + nulls)[self.step_paths], len(self.cells))
        amounts += summed(self.converted, conversions[self.last_paths], len(self.cells))
        amounts += summed(self.lost, nulls[self.last_paths], len(self.cells))
        kept = amounts > 0
        return TransitionCounts(self.none.order, self.none.channels, self.cells[kept], amounts[kept])


@dataclass(frozen=True, slots=True)
class RemovalEffects:
    """The chain's probability that a path converts, and which fraction of that each channel's removal takes away.

    Attributes:
        probability: from START to CONVERSION, 0 when there are no conversions.
        effects: shape (channels,), each in [0, 1].
    """

    probability: float
    effects: Floats

    @property
    def shares(self) -> Floats:
        """What each channel earns of all conversions: effects normalised to sum 1; all 0 without conversions."""
        return normalised(self.effects)


def removal_effects(counts: TransitionCounts) -> RemovalEffects:
    """Solves the chain.

    With p(s) the probability of converting from state s, removing a channel loses the sum, over the states that end in
    it, of P(s is the first of them to be reached) * p(s).

    Raises:
        InvalidError: more than MAX_DENSE_STATES states, and paths through them hardly ever end.
    """
    if not len(counts.cells):
        return RemovalEffects(0.0, np.zeros(counts.channels))
    chain = _Chain(counts)
    if len(chain.states) <= MAX_DENSE_STATES:
        probability, lost = chain.eliminated()
    else:
        probability, lost = chain.walked()
    effects = np.clip(lost / probability, 0.0, 1.0) if probability else np.zeros(counts.channels)
    return RemovalEffects(probability, effects)


class _Chain:
    """The probabilities of the steps, between states numbered from 0, which is START."""

    def __init__(self, counts: TransitionCounts) -> None:
        base = counts.channels + 1
        state, step = np.divmod(counts.cells, base + 1)
        self.states, source = np.unique(state, return_inverse=True)
        probabilities = counts.amounts / summed(source, counts.amounts, len(self.states))[source]
        onward, converting = step < counts.channels, step == counts.channels
        follower = state[onward] % base ** (counts.order - 1) * base + step[onward] + 1
        self._source, self._target = source[onward], np.searchsorted(self.states, follower)
        self._probabilities = probabilities[onward]
        self._converting = summed(source[converting], probabilities[converting], len(self.states))
        self._channel = self.states % base - 1  # a state ends in it; START's is -1
        self._channels = counts.channels

    def eliminated(self) -> tuple[float, Floats]:
        """The probability of converting and what of it each channel's removal loses, from the inverse of I - Q."""
        size = len(self.states)
        flat = summed(self._source * size + self._target, self._probabilities, size * size)
        visits = np.linalg.inv(np.eye(size) - flat.reshape(size, size))
        converting = visits @ self._converting
        lost = np.zeros(self._channels)
        for channel in range(self._channels):
            own = np.flatnonzero(self._channel == channel)
            first_reached = np.linalg.solve(visits[np.ix_(own, own)].T, visits[0, own])
            lost[channel] = first_reached @ converting[own]
        return float(converting[0]), lost

    def walked(self) -> tuple[float, Floats]:
        """The same, following all probability from START until what is undecided is below rounding."""
        if not self._converting.any():
            return 0.0, np.zeros(self._channels)
        whole = self._conversions_without(None)
        lost = [whole - self._conversions_without(channel, whole) for channel in range(self._channels)]
        return whole, np.array(lost)

    def _conversions_without(self, channel: int | None, whole: float = 0.0) -> float:
        passed = np.where(self._channel[self._target] == channel, 0.0, self._probabilities)
        here = np.zeros(len(self.states))
        here[0] = 1.0
        converted = 0.0
        for _ in range(_MAX_STEPS):
            converted += float(here @ self._converting)
            here = summed(self._target, here[self._source] * passed, len(here))
            if here.sum() <= _UNDECIDED * max(whole, converted):
                return converted
        raise InvalidError("the chain is too large to be solved while its paths hardly ever end; take a lower order")
