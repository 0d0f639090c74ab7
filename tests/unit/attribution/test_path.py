"""Which touches make a path."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from optiq.attribution import path as paths
from optiq.attribution.contracts import AttributionSettings, LeftOut
from optiq.attribution.path import Moments, choose, left_out
from optiq.attribution.path_table import from_histories, path_of
from optiq.attribution.terms import STANDARD_TERMS, Terms
from optiq.journeys.contracts import Conversion, ConversionPath, Touch
from optiq.kernel.clock import DAY_MS

CONVERSION = Conversion("org_1", "site_1", "cus_1", "conversion_1", "e", "purchase", 200 * DAY_MS, 1, "EUR", 1)

MOMENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), max_size=30)
"""Whose, and in days: few enough to meet at one instant often."""


def _moments(pairs: list[tuple[int, int]]) -> Moments:
    owners, days = (np.array([pair[place] for pair in pairs], dtype=np.int64) for place in (0, 1))
    return Moments(owners, days * DAY_MS + 1_000_000_007)


@given(MOMENTS, MOMENTS, st.data())
def test_a_path_is_the_owners_touches_within_the_window_oldest_first(
    conversions: list[tuple[int, int]], touches: list[tuple[int, int]], data: st.DataObject
) -> None:
    # Given conversions with windows, and touches with ids, all in any order
    windows = data.draw(st.lists(st.integers(1, 8), min_size=len(conversions), max_size=len(conversions)))
    ids = data.draw(st.permutations([f"touch_{number:02d}" for number in range(len(touches))]))

    # When the paths are chosen
    offsets, places = choose(
        _moments(conversions), np.array(windows, dtype=np.int64) * DAY_MS, _moments(touches), pa.array(ids, pa.string())
    )

    # Then each is what the definition says, ties in the order of their ids
    for number, (owner, day) in enumerate(conversions):
        counted = [
            (when, ids[place], place)
            for place, (whose, when) in enumerate(touches)
            if whose == owner and 0 <= day - when <= windows[number]
        ]
        assert places[offsets[number] : offsets[number + 1]].tolist() == [place for *_, place in sorted(counted)]


def _touch(number: int) -> Touch:
    occurred_ms = CONVERSION.occurred_ms - number
    return Touch(f"touch_{number}", "s", occurred_ms, "LANDING", "Email", "n", "email", "c", "", "", (), "/", "")


def test_touches_beyond_the_limit_are_those_after_the_first_and_said() -> None:
    touches = tuple(_touch(number) for number in range(paths.MAX_TOUCHES + 2))

    path = path_of(ConversionPath(CONVERSION, touches), STANDARD_TERMS)

    assert path.touches == (touches[-1], *reversed(touches[: paths.MAX_TOUCHES - 1]))
    assert [(left.touch.touch_id, left.reason) for left in left_out(path, touches)] == [
        (f"touch_{paths.MAX_TOUCHES}", LeftOut.OVER_LIMIT),
        (f"touch_{paths.MAX_TOUCHES - 1}", LeftOut.OVER_LIMIT),
    ]


def test_a_path_at_the_limit_is_whole() -> None:
    touches = tuple(_touch(number) for number in range(paths.MAX_TOUCHES))

    path = path_of(ConversionPath(CONVERSION, touches), STANDARD_TERMS)

    assert path.touches == touches[::-1]
    assert left_out(path, touches) == ()


def test_what_is_collapsed_and_what_is_too_much_are_told_apart() -> None:
    touches = tuple(_touch(number) for number in range(paths.MAX_TOUCHES + 1))

    path = path_of(ConversionPath(CONVERSION, touches), Terms(AttributionSettings(collapse_repeats=True)))

    reasons = [left.reason for left in left_out(path, touches)]
    assert path.touches == touches[-1:]
    assert reasons == [LeftOut.OVER_LIMIT, *[LeftOut.REPEAT] * (paths.MAX_TOUCHES - 1)]


def test_conversions_of_one_customer_share_their_touches() -> None:
    touches = tuple(_touch(number) for number in range(20))
    conversions = [replace(CONVERSION, conversion_id=f"c{n}", occurred_ms=CONVERSION.occurred_ms - n) for n in range(9)]
    together = [ConversionPath(conversion, touches) for conversion in conversions]

    table = from_histories("site_1", together, STANDARD_TERMS)

    assert len(table.touches) == len(touches) + 1
    for number, history in enumerate(together):
        alone = path_of(ConversionPath(history.conversion, touches), STANDARD_TERMS)
        places = table.places[table.offsets[number] : table.offsets[number + 1]]
        assert tuple(touches[place] for place in places) == alone.touches


def test_a_repeat_that_was_collapsed_is_said() -> None:
    touches = tuple(_touch(number) for number in (0, 1, 2))

    path = path_of(ConversionPath(CONVERSION, touches), Terms(AttributionSettings(collapse_repeats=True)))

    assert path.touches == touches[-1:]
    assert [(left.touch, left.reason) for left in left_out(path, touches)] == [
        (touches[1], LeftOut.REPEAT),
        (touches[0], LeftOut.REPEAT),
    ]
