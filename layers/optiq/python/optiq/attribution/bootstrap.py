"""How far the data-driven models can be trusted: intervals from resampled paths, and a plain verdict.

The bootstrap (Efron 1979, percentile method): as many paths as there are, drawn anew with replacement, make new shares;
the middle 95 % of them, over many draws, are the interval. Seeded, so that the same paths give the same intervals.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiq.attribution import shapley
from optiq.attribution.arrays import Floats, Integers, normalised, summed
from optiq.attribution.contracts import RESAMPLES, Model, Verdict
from optiq.attribution.markov import PathTransitions, TransitionCounts, removal_effects

SEED = 1

MIN_CONVERSIONS = 300
"""As many as Google Ads asked for before it would attribute by data."""
MIN_NULLS = 300
"""Of paths that did not convert, for MARKOV: its chain is as uncertain as the rarer of the two ends."""
MAX_WIDTH = 0.1
"""Of any channel's interval: beyond ten points of all conversions, channels trade places by chance."""
MAX_STATES = 512
"""Of a chain that is solved again for each resample."""
PILOT_PATHS = 10_000
"""More distinct paths than these are not resampled themselves, but a sample of so many of them."""


@dataclass(frozen=True, slots=True)
class DataPaths:
    """Counted paths that lie end to end: path p's channels are codes[offsets[p] : offsets[p + 1]], oldest first.

    Attributes:
        conversions, nulls: shape (paths,): how often each path converted and how often it did not, 0 or more.
        channels: how many there are; a channel is its code, from 0.
    """

    offsets: Integers
    codes: NDArray[np.integer[Any]]
    conversions: Floats
    nulls: Floats
    channels: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What each channel earns of all conversions, learnt from the paths, and how sure that is.

    Attributes:
        shares: shape (channels,), sums to 1, or all 0 without conversions.
        low, high: shape (channels,), the bounds of the 95 % intervals; None where none were worked out.
        reason: why the data are not enough, or "".
    """

    shares: Floats
    low: Floats | None
    high: Floats | None
    verdict: Verdict
    reason: str


_Shares = Callable[[Floats, Floats], Floats]
"""Conversions and non-conversions of each path in, shares out."""


def estimate(model: Model, paths: DataPaths, order: int = 1, resamples: int = RESAMPLES) -> Estimate:
    """The shares under MARKOV, of the given order, or SHAPLEY; `resamples` 0 leaves the intervals out.

    Raises:
        InvalidError: as `markov.removal_effects`.
    """
    shares = _shares(model, paths, order)(paths.conversions, paths.nulls)
    filled = np.diff(paths.offsets) > 0
    reason = too_few(model, float(paths.conversions[filled].sum()), float(paths.nulls[filled].sum()))
    low, high = None, None
    states = _states(paths, order) if model is Model.MARKOV else 0
    if states > MAX_STATES:
        reason = reason or f"a chain of {states} states is too large for intervals; take a lower order"
    elif not resamples:
        reason = reason or "no intervals were asked for"
    elif shares.any():
        low, high = _interval(model, paths, order, resamples, shares)
        reason = reason or _too_wide(high - low)
    return Estimate(shares, low, high, Verdict.NOT_ENOUGH_DATA if reason else Verdict.ENOUGH_DATA, reason)


def _interval(model: Model, paths: DataPaths, order: int, resamples: int, shares: Floats) -> tuple[Floats, Floats]:
    """The 2.5th and 97.5th percentiles of shares made from resampled paths.

    Of a sample of the paths where they are many; the deviations are then drawn in by the root of how much smaller it is
    (Bickel, Götze and van Zwet 1997).
    """
    if model is Model.SHAPLEY:
        paths = replace(paths, nulls=np.zeros(len(paths.nulls)))  # which are nothing to it
    pilot, scale = _pilot(paths)
    shares_of = _shares(model, pilot, order)
    drawn = np.array([shares_of(*amounts) for amounts in _resampled(pilot, resamples)])
    deviations = np.percentile(drawn, [2.5, 97.5], axis=0) - shares_of(pilot.conversions, pilot.nulls)
    low, high = np.clip(shares + scale * deviations, 0.0, 1.0)
    return low, high


def _pilot(paths: DataPaths) -> tuple[DataPaths, float]:
    """The paths themselves, or a sample of them, and the factor by which deviations shrink from it to all of them."""
    converted = paths.conversions.sum()
    total = converted + paths.nulls.sum()
    size = max(PILOT_PATHS, round(MIN_CONVERSIONS * total / converted))  # with as many conversions as are needed
    if min(len(paths.conversions), total) <= size:
        return paths, 1.0
    [(conversions, nulls)] = _resampled(paths, 1, size)
    kept = conversions + nulls > 0
    lengths = np.diff(paths.offsets)
    pilot = DataPaths(
        offsets=np.concatenate([[0], np.cumsum(lengths[kept])]),
        codes=paths.codes[np.repeat(kept, lengths)],
        conversions=conversions[kept],
        nulls=nulls[kept],
        channels=paths.channels,
    )
    return pilot, float(np.sqrt(size / total))


def _shares(model: Model, paths: DataPaths, order: int) -> _Shares:
    if model is Model.MARKOV:
        transitions = PathTransitions.of(paths.offsets, paths.codes, paths.channels, order)
        return lambda conversions, nulls: removal_effects(transitions.counted(conversions, nulls)).shares
    owners, kept = shapley.distinct_channels(paths.offsets, paths.codes, paths.channels)
    parts = 1.0 / np.bincount(owners, minlength=len(paths.conversions))[owners]
    return lambda conversions, _: normalised(summed(kept, conversions[owners] * parts, paths.channels))


def _states(paths: DataPaths, order: int) -> int:
    counts = TransitionCounts.of(paths.offsets, paths.codes, paths.conversions, paths.nulls, paths.channels, order)
    return len(counts.states)


def _resampled(paths: DataPaths, resamples: int, size: int | None = None) -> Iterator[tuple[Floats, Floats]]:
    """Conversions and non-conversions of `size` paths, or as many as there are, drawn with replacement."""
    amounts = np.concatenate([paths.conversions, paths.nulls])
    chances = amounts / amounts.sum()
    generator = np.random.default_rng(SEED)
    for _ in range(resamples):
        drawn = generator.multinomial(size or max(1, round(amounts.sum())), chances).astype(np.float64)
        yield drawn[: len(paths.conversions)], drawn[len(paths.conversions) :]


def too_few(model: Model, conversions: float, nulls: float) -> str:
    """Why so many paths that converted and that did not are too few for the model, or ""."""
    if conversions < MIN_CONVERSIONS:
        return f"{conversions:,.0f} conversions, and {MIN_CONVERSIONS} are needed"
    if model is Model.MARKOV and nulls < MIN_NULLS:
        return f"{nulls:,.0f} paths that did not convert, and {MIN_NULLS} are needed"
    return ""


def _too_wide(widths: Floats) -> str:
    widest = 100 * float(widths.max())
    if widest <= 100 * MAX_WIDTH:
        return ""
    return f"a channel's share is known to within {widest:.0f} points only, and {100 * MAX_WIDTH:.0f} are asked for"
