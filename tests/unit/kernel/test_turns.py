"""Whoever has much waits behind others' first ones."""

from optiq.kernel.turns import in_turn


def test_each_party_has_its_turn_before_another_has_a_second() -> None:
    assert in_turn(["a1", "a2", "a3", "b1", "c1", "c2"], lambda one: one[0]) == ["a1", "b1", "c1", "a2", "c2", "a3"]


def test_a_turn_may_be_of_several() -> None:
    assert in_turn(["a1", "a2", "a3", "b1"], lambda one: one[0], 2) == ["a1", "a2", "b1", "a3"]
