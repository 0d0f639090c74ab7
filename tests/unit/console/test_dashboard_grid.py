"""Where the console's editor puts the cards of a dashboard; its script runs in Node.js."""

import json
from itertools import combinations
from random import Random
from typing import Any

from optiq.sharing.dashboards.contracts import Card
from optiq.sharing.dashboards.grid import check_cards

from tests.unit.console.modules import result_of


def placed(cards: list[dict[str, int]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result_of("parts/dashboard-grid.ts", f"m.placed({json.dumps(cards)})")
    return found


def test_cards_flow_from_left_to_right_and_begin_a_row_below_the_highest() -> None:
    sizes = [(12, 2), (6, 4), (6, 5), (8, 3), (6, 4)]

    found = placed([{"width": width, "height": height} for width, height in sizes])

    assert [(one["column"], one["row"]) for one in found] == [(0, 0), (0, 2), (6, 2), (0, 7), (0, 10)]


def test_cards_of_any_sizes_are_where_the_api_takes_them() -> None:
    random = Random(3)
    sizes = [{"width": random.choice((3, 4, 6, 8, 12)), "height": random.choice((1, 2, 4, 5, 8))} for _ in range(40)]

    found = placed(sizes)

    cards = [Card(f"card_{place}", "TEXT", text="a", **one) for place, one in enumerate(found)]
    check_cards(cards)
    order = [(one.row, one.column) for one in cards]
    assert all(first < second for first, second in combinations(order, 2))
