"""Shapley values: against the definition, which is the average over all orders of arrival."""

from collections.abc import Callable, Iterable
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.attribution import shapley
from optiq.attribution.arrays import Floats, Integers
from optiq.attribution.shapley import ChannelSetCounts
from optiq.kernel.errors import InvalidError

PLAYERS = 4
ConvertedPath = tuple[list[int], int]
paths_strategy = st.lists(st.tuples(st.lists(st.integers(0, PLAYERS - 1), max_size=6), st.integers(0, 9)), max_size=12)


def arrays(paths: list[ConvertedPath]) -> tuple[Integers, Integers, Floats]:
    return (
        np.cumsum([0, *(len(codes) for codes, _ in paths)], dtype=np.int64),
        np.array([code for codes, _ in paths for code in codes], dtype=np.int64),
        np.array([conversions for _, conversions in paths], dtype=np.float64),
    )


def by_definition(players: Iterable[int], worth: Callable[[frozenset[int]], float]) -> list[float]:
    players = list(players)
    earned = dict.fromkeys(players, 0.0)
    orders = list(permutations(players))
    for order in orders:
        for place, player in enumerate(order):
            earned[player] += worth(frozenset(order[: place + 1])) - worth(frozenset(order[:place]))
    return [earned[player] / len(orders) for player in players]


@given(paths_strategy)
def test_subset_sum_is_the_shapley_value_of_its_game(paths: list[ConvertedPath]) -> None:
    def worth(coalition: frozenset[int]) -> float:
        return sum(conversions for codes, conversions in paths if codes and set(codes) <= coalition)

    counts = ChannelSetCounts.of(*arrays(paths), PLAYERS)
    assert shapley.subset_sum(counts).tolist() == pytest.approx(by_definition(range(PLAYERS), worth), abs=1e-9)
    assert shapley.shares(counts).sum() == pytest.approx(1.0 if worth(frozenset(range(PLAYERS))) else 0.0)


@given(st.lists(st.floats(-100, 100), min_size=16, max_size=16))
def test_any_game_gets_its_shapley_value(values: list[float]) -> None:
    coalitions = [frozenset(members) for size in range(5) for members in combinations(range(PLAYERS), size)]
    worth = dict(zip(coalitions, values, strict=True))
    named = {frozenset(map(str, coalition)): value for coalition, value in worth.items()}
    found = shapley.of_game(named)
    assert [found[str(player)] for player in range(PLAYERS)] == pytest.approx(
        by_definition(range(PLAYERS), worth.__getitem__), abs=1e-9
    )


def test_a_game_of_nobody_or_of_too_many() -> None:
    assert shapley.of_game({}) == {}
    with pytest.raises(InvalidError, match="too many"):
        shapley.of_game({frozenset(map(str, range(21))): 1.0})


@given(paths_strategy, paths_strategy)
def test_counts_of_parts_add_up(some: list[ConvertedPath], others: list[ConvertedPath]) -> None:
    together = ChannelSetCounts.of(*arrays(some + others), PLAYERS)
    parts = ChannelSetCounts.of(*arrays(some), PLAYERS) + ChannelSetCounts.of(*arrays(others), PLAYERS)
    none = ChannelSetCounts.none(PLAYERS)
    assert (none + together).amounts.tolist() == parts.amounts.tolist() == (together + none).amounts.tolist()


def test_more_channels_than_a_word_has_bits_are_told_apart() -> None:
    # Given a path of 96 channels, each twice, and one of a single channel
    counts = ChannelSetCounts.of(*arrays([([*range(96), *range(96)], 96), ([95], 1)]), 96)

    # Then each of them counts once
    assert shapley.subset_sum(counts).tolist() == pytest.approx([1.0] * 95 + [2.0])


def test_more_touches_than_are_worked_at_once_make_no_difference() -> None:
    chance = np.random.default_rng(3)
    paths = [(chance.integers(0, PLAYERS, 3).tolist(), 1) for _ in range(30_000)]
    whole = ChannelSetCounts.of(*arrays(paths), PLAYERS)
    parts = ChannelSetCounts.of(*arrays(paths[:9_999]), PLAYERS) + ChannelSetCounts.of(*arrays(paths[9_999:]), PLAYERS)
    assert whole.amounts.tolist() == parts.amounts.tolist()


@given(paths_strategy)
def test_places_of_the_ordered_method_sum_to_the_simplified_one(paths: list[ConvertedPath]) -> None:
    placed = shapley.ordered(*arrays(paths), PLAYERS)
    simplified = shapley.subset_sum(ChannelSetCounts.of(*arrays(paths), PLAYERS))
    assert placed.sum(axis=0).tolist() == pytest.approx(simplified.tolist(), abs=1e-9)
