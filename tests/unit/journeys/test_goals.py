"""What a conversion is worth, and what was said of it later."""

from itertools import permutations

import pytest
from optiq.journeys.history import Fact
from optiq.journeys.journey import derive, journeys_of
from optiq.kernel.clock import HOUR_MS

from tests.unit.journeys.facts import SITE, fact


def test_what_was_said_of_a_conversion_later_begins_no_journey() -> None:
    order = fact(HOUR_MS, kind="TRACK", name="purchase", order_id="A1", value_micros=5)
    later = [
        fact(n * HOUR_MS, kind="TRACK", name=name, order_id="A1") for n, name in ((2, "refund"), (3, "Order Updated"))
    ]
    facts = [fact(0), order, *later]

    assert [j.status for j in journeys_of(facts, derive(facts, SITE), SITE, 4 * HOUR_MS)] == ["CONVERTED"]


ORDER = fact(HOUR_MS, kind="TRACK", name="purchase", order_id="A1", value_micros=50, currency="EUR")


def _said(hour: int, name: str, micros: int | None, currency: str = "") -> Fact:
    return fact(hour * HOUR_MS, kind="TRACK", name=name, order_id="A1", value_micros=micros, currency=currency)


@pytest.mark.parametrize(
    ("corrections", "left"),
    [
        ([_said(2, "Order Updated", 40)], 40),
        ([_said(2, "Order Updated", 40), _said(3, "Order Updated", 60)], 60),
        # What was refunded before is in the new value; what is refunded later comes off it.
        ([_said(2, "refund", 10), _said(3, "Order Updated", 40), _said(4, "refund", 5)], 35),
        ([_said(2, "refund", None), _said(3, "Order Updated", 40)], 40),
        ([_said(2, "Order Updated", None)], 50),
        ([_said(2, "Order Updated", 40, "USD")], 50),
        ([_said(2, "Order Updated", -1)], 0),
        # The sender's clock was behind: it is of that order all the same.
        ([_said(0, "Order Updated", 40)], 40),
    ],
)
def test_corrections_give_one_value_in_any_order_of_arrival(corrections: list[Fact], left: int) -> None:
    for arrived in permutations([ORDER, *corrections]):
        (goal,) = derive(arrived, SITE).goals
        assert goal.value_micros == left
