"""The order of what happened in one instant, as a number: as the ids of visits, touches and conversions carry it.

It is the delay until it reached us, then the place in its request (decision 30).
"""

from optiq.kernel.clock import MINUTE_MS, SECOND_MS
from optiq.kernel.ids import ALPHABET, DELAY_BITS, POSITION_BITS, TURN_CHARACTERS
from optiq.reports.site_clock import milliseconds


def turn_of_event(event: str) -> str:
    """SQL of an event's turn, by its `received_at`, `occurred_at`, `from_server` and `position`."""
    occurred = milliseconds(f"{event}.occurred_at")
    delay = f"greatest({milliseconds(f'{event}.received_at')} - {occurred}, 0)"
    # As journeys' `delay_of`: of a page's events whole minutes, unless they happened on a whole second.
    exact = f"{event}.from_server OR {occurred} % {SECOND_MS} = 0"
    delay = f"CASE WHEN {exact} THEN {delay} ELSE {delay} - {delay} % {MINUTE_MS} END"
    position = f"least(coalesce({event}.position, 0), {(1 << POSITION_BITS) - 1})"
    return f"least({delay}, {(1 << DELAY_BITS) - 1}) * {1 << POSITION_BITS} + {position}"


def turn_of_id(column: str) -> str:
    """SQL of the turn in an id by `id_in_order`."""
    places = range(TURN_CHARACTERS.start, TURN_CHARACTERS.stop)
    digits = (
        f"(strpos('{ALPHABET}', substr({column}, {place}, 1)) - 1) * {len(ALPHABET) ** power}"
        for power, place in enumerate(reversed(places))
    )
    return " + ".join(digits)
