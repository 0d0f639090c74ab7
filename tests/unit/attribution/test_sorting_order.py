"""The order that sorts many keys."""

import numpy as np
import pytest
from optiq.attribution.arrays import sorting_order


@pytest.mark.parametrize("count", [0, 1, 1_000, 200_000])
@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (5, 6), (-1_000, 1_000), (0, 1 << 40), (0, 1 << 55), (-(1 << 61), 1 << 61)]
)
def test_the_order_is_that_of_a_stable_sort(count: int, low: int, high: int) -> None:
    keys = np.random.default_rng(1).integers(low, high, count)

    assert (sorting_order(keys) == np.argsort(keys, kind="stable")).all()


def test_keys_that_crowd_are_sorted_too() -> None:
    # Given nearly all keys close to each other, far from a few, with low parts too wide to be packed with their places
    chance = np.random.default_rng(2)
    keys = np.append(chance.integers(0, 1 << 30, 300_000), [1 << 62, -(1 << 61)])

    assert (sorting_order(keys) == np.argsort(keys, kind="stable")).all()
