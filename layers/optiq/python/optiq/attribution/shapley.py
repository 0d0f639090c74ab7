"""SHAPLEY: what each channel adds, on average over all orders in which the channels could have come together.

The game of the model, named `subset-sum`: a set of channels is worth the conversions of the paths whose channels all
lie in it. Its Shapley value is then exact and simple: each path's conversions are split equally over its distinct
channels (Shapley 1953; Zhao, Mahboobi and Bagheri, "Shapley value methods for attribution modeling" (2018), arXiv
1804.05327, their "simplified" method). `ordered` is their second method; `of_game` takes any game.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiq.attribution.arrays import Floats, Integers, normalised, summed
from optiq.attribution.splitting import pieces
from optiq.kernel.errors import InvalidError

MAX_PLAYERS = 20


@dataclass(frozen=True, slots=True)
class ChannelSetCounts:
    """Conversions of paths by how many distinct channels they have, and which. Counts of parts add up to those of all.

    Attributes:
        amounts: shape (sizes, channels); amounts[k, c] is how often paths of k distinct channels, c among them,
            converted. All that the subset-sum game needs to know of sets, however many channels there are.
    """

    amounts: Floats

    @classmethod
    def none(cls, channels: int) -> "ChannelSetCounts":
        return cls(np.zeros((1, channels)))

    @classmethod
    def of(
        cls, offsets: Integers, codes: NDArray[np.integer[Any]], conversions: Floats, channels: int
    ) -> "ChannelSetCounts":
        """Counts paths that lie end to end: path p's channels are codes[offsets[p] : offsets[p + 1]], in any order.

        `conversions`: how often each path converted, shape (paths,). Paths without a channel are passed over.
        """
        paths, kept = distinct_channels(offsets, codes, channels)
        sizes = np.bincount(paths, minlength=len(offsets) - 1)
        largest = int(sizes.max(initial=0)) + 1
        flat = summed(sizes[paths] * channels + kept, conversions[paths], largest * channels)
        return cls(flat.reshape(largest, channels))

    def __add__(self, other: "ChannelSetCounts") -> "ChannelSetCounts":
        small, large = sorted((self.amounts, other.amounts), key=len)
        total = large.copy()
        total[: len(small)] += small
        return ChannelSetCounts(total)


def subset_sum(counts: ChannelSetCounts) -> Floats:
    """The conversions that each channel earns, shape (channels,); they sum to those of the paths that have one."""
    sizes = np.maximum(np.arange(len(counts.amounts)), 1)
    return np.asarray((counts.amounts / sizes[:, None]).sum(axis=0))


def shares(counts: ChannelSetCounts) -> Floats:
    """What each channel earns of all conversions: sums to 1, or is all 0 without conversions."""
    return normalised(subset_sum(counts))


def distinct_channels(offsets: Integers, codes: NDArray[np.integer[Any]], channels: int) -> tuple[Integers, Integers]:
    """Each pair of a path and a channel on it once: the paths, ascending, and the channels' codes."""
    found = [_distinct(offsets[first : after + 1], codes, channels, first) for first, after in pieces(offsets)]
    found.append((np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)))
    paths, kept = zip(*found, strict=True)
    return np.concatenate(paths), np.concatenate(kept)


def _distinct(
    offsets: Integers, codes: NDArray[np.integer[Any]], channels: int, first: int
) -> tuple[Integers, Integers]:
    lengths, channels = np.diff(offsets), max(channels, 1)
    # Small whole numbers sort several times as fast.
    size = np.int32 if len(lengths) * channels < 1 << 31 else np.int64
    starts = np.arange(0, len(lengths) * channels, channels).astype(size)
    keys = np.sort(np.repeat(starts, lengths) + codes[offsets[0] : offsets[-1]].astype(size))
    keys = keys[np.diff(keys, prepend=size(-1)) > 0]
    paths, kept = np.divmod(keys, size(channels))
    return paths.astype(np.int64) + first, kept.astype(np.int64)


def ordered(offsets: Integers, codes: NDArray[np.integer[Any]], conversions: Floats, channels: int) -> Floats:
    """Zhao's ordered method: what each channel earns at each place of a path, shape (places, channels).

    A path's conversions are split equally over its distinct channels, and each part over its channel's places.
    """
    paths = np.repeat(np.arange(len(offsets) - 1, dtype=np.int64), np.diff(offsets))
    places = np.arange(len(codes), dtype=np.int64) - offsets[:-1][paths]
    pairs, pair_of_touch, repeats = np.unique(paths * channels + codes, return_inverse=True, return_counts=True)
    sizes = np.bincount(pairs // max(channels, 1), minlength=len(offsets) - 1)
    earned = conversions[paths] / (sizes[paths] * repeats[pair_of_touch])
    longest = int(places.max(initial=-1)) + 1
    return summed(places * channels + codes, earned, longest * channels).reshape(longest, channels)


def of_game(values: Mapping[frozenset[str], float]) -> dict[str, float]:
    """The Shapley value of each player in a game given by what each coalition is worth; one not named is worth 0.

    Raises:
        InvalidError: more than 20 players, whose coalitions are too many.
    """
    players = sorted(frozenset().union(*values))
    if len(players) > MAX_PLAYERS:
        raise InvalidError(f"a game of {len(players)} players has too many coalitions; {MAX_PLAYERS} are possible")
    bits = {player: 1 << place for place, player in enumerate(players)}
    worth = np.zeros(1 << len(players))
    for coalition, value in values.items():
        worth[sum(bits[player] for player in coalition)] = value
    coalitions = np.arange(len(worth))
    chances = np.array([1 / (len(players) * comb(len(players) - 1, size)) for size in range(len(players))])
    found = {}
    for player, bit in bits.items():
        without = coalitions[coalitions & bit == 0]
        found[player] = float(chances[np.bitwise_count(without)] @ (worth[without | bit] - worth[without]))
    return found
