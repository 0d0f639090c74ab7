"""The chain of paths, solved exactly: against rational arithmetic, and at its edges."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.attribution import markov
from optiq.attribution.arrays import Floats, Integers
from optiq.attribution.markov import TransitionCounts, removal_effects
from optiq.kernel.errors import InvalidError

CHANNELS = 4
CountedPath = tuple[list[int], int, int]
"""Codes of channels, conversions, non-conversions."""

counted_paths = st.lists(
    st.tuples(st.lists(st.integers(0, CHANNELS - 1), max_size=6), st.integers(0, 5), st.integers(0, 5)), max_size=10
)
orders = st.integers(1, 3)


def arrays(paths: list[CountedPath]) -> tuple[Integers, Integers, Floats, Floats]:
    return (
        np.cumsum([0, *(len(codes) for codes, _, _ in paths)], dtype=np.int64),
        np.array([code for codes, _, _ in paths for code in codes], dtype=np.int64),
        np.array([conversions for _, conversions, _ in paths], dtype=np.float64),
        np.array([nulls for _, _, nulls in paths], dtype=np.float64),
    )


def counts_of(paths: list[CountedPath], order: int = 1, channels: int = CHANNELS) -> TransitionCounts:
    return TransitionCounts.of(*arrays(paths), channels, order)


State = tuple[int, ...]
Chain = dict[State, Counter[int | str]]


def chain_of(paths: list[CountedPath], order: int) -> Chain:
    """The definition, word for word: steps from the last `order` channels, repeats in a row dropped."""
    chain: Chain = {}
    for codes, conversions, nulls in paths:
        steps = [code for place, code in enumerate(codes) if place == 0 or codes[place - 1] != code]
        if not steps:
            continue
        for place, step in enumerate(steps):
            chain.setdefault(tuple(steps[max(0, place - order) : place]), Counter())[step] += conversions + nulls
        chain.setdefault(tuple(steps[-order:]), Counter()).update({"converted": conversions, "null": nulls})
    return chain


def converting(chain: Chain, order: int, removed: int | None = None) -> Fraction:
    """The probability of converting from START, by elimination in fractions."""
    states = [state for state, steps in chain.items() if sum(steps.values())]
    if () not in states:
        return Fraction(0)
    place = {state: number for number, state in enumerate(states)}
    rows = []
    for state in states:
        row = [Fraction(0)] * (len(states) + 1)
        row[place[state]] = Fraction(1)
        total = sum(chain[state].values())
        for step, amount in chain[state].items():
            if step == "converted":
                row[-1] += Fraction(amount, total)
            elif isinstance(step, int) and step != removed and amount:
                row[place[(*state, step)[-order:]]] -= Fraction(amount, total)
        rows.append(row)
    for pivot in range(len(rows)):
        chosen = next(number for number in range(pivot, len(rows)) if rows[number][pivot])
        rows[pivot], rows[chosen] = rows[chosen], rows[pivot]
        rows[pivot] = [cell / rows[pivot][pivot] for cell in rows[pivot]]
        for number in range(len(rows)):
            if number != pivot and rows[number][pivot]:
                factor = rows[number][pivot]
                rows[number] = [a - factor * b for a, b in zip(rows[number], rows[pivot], strict=True)]
    return rows[place[()]][-1]


@given(counted_paths, orders, st.booleans())
def test_effects_are_those_of_exact_arithmetic(paths: list[CountedPath], order: int, walk: bool) -> None:
    # Given the chain in fractions
    chain = chain_of(paths, order)
    whole = converting(chain, order)
    exact = [1 - converting(chain, order, channel) / whole if whole else 0 for channel in range(CHANNELS)]

    # When it is solved, by elimination or, as large ones are, by walking it
    with pytest.MonkeyPatch.context() as patch:
        if walk:
            patch.setattr(markov, "MAX_DENSE_STATES", 0)
        found = removal_effects(counts_of(paths, order))

    # Then it has the same probability and effects
    assert found.probability == pytest.approx(float(whole), abs=1e-12)
    assert found.effects.tolist() == pytest.approx([float(effect) for effect in exact], abs=1e-12)
    assert found.shares.sum() == pytest.approx(1.0 if sum(exact) else 0.0)


@given(counted_paths, counted_paths, orders)
def test_counts_of_parts_add_up(some: list[CountedPath], others: list[CountedPath], order: int) -> None:
    together, parts = counts_of(some + others, order), counts_of(some, order) + counts_of(others, order)
    assert together.cells.tolist() == parts.cells.tolist()
    assert together.amounts.tolist() == parts.amounts.tolist()


def test_counts_are_the_same_with_many_channels_as_with_few() -> None:
    # Given so many channels that their steps are not counted in a table of all possible ones
    paths: list[CountedPath] = [([0, 1, 2, 1], 2, 1), ([3, 1], 1, 4)]
    few = removal_effects(counts_of(paths, 3)).effects
    many = removal_effects(counts_of(paths, 3, channels=5_000)).effects
    assert many[:CHANNELS].tolist() == pytest.approx(few.tolist(), abs=1e-15)
    assert not many[CHANNELS:].any()


def test_a_repeat_in_a_row_counts_once_and_a_return_counts_again() -> None:
    assert counts_of([([0, 0, 1, 1, 1], 1, 1)]).cells.tolist() == counts_of([([0, 1], 1, 1)]).cells.tolist()
    assert counts_of([([0, 1, 0], 1, 1)]).cells.tolist() != counts_of([([0, 1], 1, 1)]).cells.tolist()


def test_the_end_of_one_path_is_no_step_to_the_next() -> None:
    together = counts_of([([0], 1, 0), ([0], 1, 0), ([], 3, 3), ([1], 0, 1)], order=3)
    assert together.amounts.tolist() == [2, 1, 2, 1]  # START to 0 and to 1, 0 to CONVERSION, 1 to NULL


def test_what_every_path_needs_has_the_whole_effect_without_nulls_too() -> None:
    found = removal_effects(counts_of([([0, 1], 1, 0), ([0, 2], 1, 0), ([0], 1, 0)]))
    assert found.probability == pytest.approx(1)
    assert found.effects.tolist() == pytest.approx([1, 1 / 3, 1 / 3, 0], abs=1e-15)


@pytest.mark.parametrize("paths", [[], [([], 1, 1)], [([0, 1], 0, 3)], [([0, 1], 0, 0)]])
def test_nothing_is_shared_out_without_conversions(paths: list[CountedPath]) -> None:
    found = removal_effects(counts_of(paths))
    assert found.probability == 0
    assert not found.shares.any()


def test_a_chain_that_hardly_ever_ends_is_solved() -> None:
    # Given two channels that alternate half a million times before the one conversion
    long = [0, 1] * 500_000
    found = removal_effects(counts_of([(long, 1, 0), ([0], 0, 1)]))

    # Then the conversion needs both, but for rounding
    assert found.effects[:2].tolist() == pytest.approx([1, 1], abs=1e-5)


@pytest.mark.parametrize("order", [0, 4])
def test_another_order_is_refused(order: int) -> None:
    with pytest.raises(InvalidError, match="order"):
        counts_of([], order)


def test_more_channels_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(InvalidError, match="too many"):
        counts_of([], 3, channels=100_000)


def test_counts_of_different_orders_do_not_add_up() -> None:
    with pytest.raises(InvalidError):
        counts_of([], 1) + counts_of([], 2)
