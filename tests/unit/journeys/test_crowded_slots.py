"""What pages sent of a day is left out by itself, and what servers sent where it alone is too much."""

import pytest
from optiq.journeys.days import slots_of
from optiq.journeys.visits import crowded_slots
from optiq.kernel.clock import DAY_MS, MINUTE_MS

from tests.unit.journeys.facts import fact

DAY = 20_000
PAGES, SERVERS = slots_of(DAY, DAY)


def _all_day(every_minutes: int, first_minute: int = 0) -> list[int]:
    return [DAY * DAY_MS + minute * MINUTE_MS for minute in range(first_minute, 24 * 60, every_minutes)]


@pytest.mark.parametrize(
    ("pages", "servers", "crowded"),
    [
        (_all_day(60), _all_day(60, 7), set()),
        (_all_day(20), _all_day(600), {PAGES}),
        (_all_day(600), _all_day(20), {SERVERS}),
        (_all_day(20), _all_day(20, 5), {PAGES, SERVERS}),
        # Only together without a pause: what servers sent stays.
        (_all_day(60), _all_day(60, 30), {PAGES}),
        ([], _all_day(60, 30), set()),
        ([DAY * DAY_MS + n for n in range(1_001)], _all_day(600), {PAGES}),
        (_all_day(600), [DAY * DAY_MS + n for n in range(1_001)], {SERVERS}),
        # Each within its room.
        ([DAY * DAY_MS + n for n in range(1_000)], [DAY * DAY_MS + n for n in range(1_000)], set()),
    ],
)
def test_slots_of_a_day_are_left_out_by_themselves(pages: list[int], servers: list[int], crowded: set[int]) -> None:
    facts = [fact(at, event_id=f"p{at}", from_server=False) for at in pages]
    facts += [fact(at, event_id=f"s{at}", from_server=True) for at in servers]

    assert crowded_slots(sorted(facts, key=lambda one: one.occurred_ms)) == crowded
