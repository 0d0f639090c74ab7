"""Which touches make a path."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from optiq.attribution import path as paths
from optiq.attribution.contracts import AttributionSettings, LeftOut
from optiq.attribution.milestones import milestone_positions
from optiq.attribution.path import Moments, choose, left_out
from optiq.attribution.path_table import from_histories, path_of
from optiq.attribution.terms import STANDARD_TERMS, Terms
from optiq.journeys.contracts import Conversion, ConversionPath, Touch
from optiq.kernel.clock import DAY_MS
from optiq.kernel.ids import id_in_order

CONVERTED_MS = 200 * DAY_MS
CONVERSION = Conversion(
    "org_1",
    "site_1",
    "cus_1",
    id_in_order("conversion", CONVERTED_MS, 0, 0),
    "e",
    "purchase",
    CONVERTED_MS,
    1,
    "EUR",
    1,
)

Happening = tuple[int, int, int]
"""Whose, on which day, and its place within the instant."""
HAPPENINGS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12), st.integers(0, 3)), max_size=30)
"""Few enough people and days to meet at one instant often."""
BEGIN_MS = 1_000_000_007


def _moments(kind: str, happenings: list[Happening]) -> Moments:
    """Ids of one place in an instant differ, and say nothing of the order."""
    owners, days = (np.array([one[place] for one in happenings], dtype=np.int64) for place in (0, 1))
    ids = [
        id_in_order(kind, day * DAY_MS + BEGIN_MS, place // 2, place % 2, str(number))
        for number, (_, day, place) in enumerate(happenings)
    ]
    return Moments(owners, days * DAY_MS + BEGIN_MS, pa.array(ids, pa.string()))


@given(HAPPENINGS, HAPPENINGS, st.data())
def test_a_path_is_the_owners_touches_within_the_window_oldest_first(
    conversions: list[Happening], touches: list[Happening], data: st.DataObject
) -> None:
    # Given conversions with windows, and touches, all in any order
    windows = data.draw(st.lists(st.integers(1, 8), min_size=len(conversions), max_size=len(conversions)))
    touched = _moments("touch", touches)
    assert touched.ids is not None
    ids = touched.ids.to_pylist()

    # When the paths are chosen
    offsets, places = choose(_moments("conversion", conversions), np.array(windows, dtype=np.int64) * DAY_MS, touched)

    # Then each is what the definition says: nothing that follows the conversion within its instant
    for number, (owner, day, converted) in enumerate(conversions):
        counted = [
            (when, ids[place], place)
            for place, (whose, when, within) in enumerate(touches)
            if whose == owner and day - when <= windows[number] and (when, within) <= (day, converted)
        ]
        assert places[offsets[number] : offsets[number + 1]].tolist() == [place for *_, place in sorted(counted)]


def test_a_path_without_ids_has_all_touches_of_the_conversions_instant() -> None:
    at_ms = np.array([5, 5, 6], dtype=np.int64)

    _, places = choose(Moments(np.zeros(1, np.int64), at_ms[:1]), np.array([9]), Moments(np.zeros(3, np.int64), at_ms))

    assert places.tolist() == [0, 1]


@given(HAPPENINGS, HAPPENINGS, HAPPENINGS)
def test_a_milestone_is_the_latest_touch_before_the_lead(
    conversions: list[Happening], touches: list[Happening], leads: list[Happening]
) -> None:
    # Given paths, and leads in any order
    converted, touched = _moments("conversion", conversions), _moments("touch", touches)
    offsets, places = choose(converted, np.full(len(conversions), 20 * DAY_MS), touched)

    # When the milestones are looked for
    found = milestone_positions(offsets, touched.take(places), converted, _moments("conversion", leads))

    # Then each is what the definition says
    for number, (owner, *end) in enumerate(conversions):
        path = [touches[place][1:] for place in places[offsets[number] : offsets[number + 1]]]
        led = sorted(when for whose, *when in leads if whose == owner and path and list(path[0]) <= when < end)
        expected = sum(list(touch) <= led[0] for touch in path) - 1 if led else -1
        assert found[number] == expected


def _id(number: int) -> str:
    return id_in_order("touch", CONVERTED_MS - number, 0, 0)


def _touch(number: int) -> Touch:
    occurred_ms = CONVERSION.occurred_ms - number
    return Touch(_id(number), "s", occurred_ms, "LANDING", "Email", "n", "email", "c", "", "", (), "/", "")


def test_touches_beyond_the_limit_are_those_after_the_first_and_said() -> None:
    touches = tuple(_touch(number) for number in range(paths.MAX_TOUCHES + 2))

    path = path_of(ConversionPath(CONVERSION, touches), STANDARD_TERMS)

    assert path.touches == (touches[-1], *reversed(touches[: paths.MAX_TOUCHES - 1]))
    assert [(left.touch.touch_id, left.reason) for left in left_out(path, touches)] == [
        (_id(paths.MAX_TOUCHES), LeftOut.OVER_LIMIT),
        (_id(paths.MAX_TOUCHES - 1), LeftOut.OVER_LIMIT),
    ]


def test_a_path_at_the_limit_is_whole() -> None:
    touches = tuple(_touch(number) for number in range(paths.MAX_TOUCHES))

    path = path_of(ConversionPath(CONVERSION, touches), STANDARD_TERMS)

    assert path.touches == touches[::-1]
    assert left_out(path, touches) == ()


def test_what_follows_a_conversion_within_its_instant_is_left_out_and_said() -> None:
    conversion = replace(CONVERSION, conversion_id=id_in_order("conversion", CONVERTED_MS, 7, 1))
    before, after = (
        replace(_touch(0), touch_id=id_in_order("touch", CONVERTED_MS, 7, position)) for position in (0, 2)
    )

    path = path_of(ConversionPath(conversion, (before, after)), STANDARD_TERMS)

    assert path.touches == (before,)
    assert [(left.touch, left.reason) for left in left_out(path, (before, after))] == [
        (after, LeftOut.AFTER_CONVERSION)
    ]


def test_what_is_collapsed_and_what_is_too_much_are_told_apart() -> None:
    touches = tuple(_touch(number) for number in range(paths.MAX_TOUCHES + 1))

    path = path_of(ConversionPath(CONVERSION, touches), Terms(AttributionSettings(collapse_repeats=True)))

    reasons = [left.reason for left in left_out(path, touches)]
    assert path.touches == touches[-1:]
    assert reasons == [LeftOut.OVER_LIMIT, *[LeftOut.REPEAT] * (paths.MAX_TOUCHES - 1)]


def test_conversions_of_one_customer_share_their_touches() -> None:
    touches = tuple(_touch(number) for number in range(20))
    conversions = [
        replace(CONVERSION, conversion_id=id_in_order("c", CONVERTED_MS - n, 0, 0), occurred_ms=CONVERTED_MS - n)
        for n in range(9)
    ]
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
