"""Ids that sort as what they name happened."""

from hypothesis import given
from hypothesis import strategies as st
from optiq.kernel.ids import MOMENT_CHARACTERS, id_in_order, instant_of, moment, moment_of, position_of

MOMENTS = st.tuples(st.integers(0, 2**41), st.integers(0, 2**38 - 1), st.integers(0, 4_095))
"""Instants, delays and positions."""


@given(st.lists(MOMENTS, min_size=2, max_size=9), st.text(max_size=3))
def test_ids_sort_by_instant_then_delay_then_position(moments: list[tuple[int, int, int]], part: str) -> None:
    ids = {at: id_in_order("touch", *at, part) for at in moments}

    assert sorted(ids.values()) == [ids[at] for at in sorted(ids)]
    assert [moment_of(ids[at]) for at in moments] == [moment(*at) for at in moments]
    assert [(instant_of(ids[at]), position_of(ids[at])) for at in moments] == [(at[0], at[2]) for at in moments]
    shown = {at: ids[at][MOMENT_CHARACTERS] for at in moments}
    assert sorted(shown, key=shown.__getitem__) == sorted(ids)


def test_ids_of_one_moment_differ_and_name_the_same_moment() -> None:
    touch, conversion = id_in_order("touch", 1, 2, 3, "a"), id_in_order("conversion", 1, 2, 3, "b")

    assert touch[-26:] != conversion[-26:]
    assert touch[MOMENT_CHARACTERS] == conversion[MOMENT_CHARACTERS]


def test_what_is_beyond_the_limits_comes_last_in_its_instant() -> None:
    assert moment(1, 2**60, 2**60) == moment(2, 0, 0) - 1
