"""Which touches of a customer count for a conversion.

A touch counts when the time from it to the conversion is in [0, window]. A later touch never changes an earlier
conversion. Pure, over arrays: one conversion or a million are chosen for the same way.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from optiq.attribution.arrays import sorting_order
from optiq.attribution.contracts import LeftOut, LeftOutTouch, Path
from optiq.journeys.contracts import Touch
from optiq.kernel.clock import DAY_MS

Integers = NDArray[np.int64]

ACQUISITION_GOALS = frozenset({"Signed Up", "sign_up", "Lead", "generate_lead"})
ACQUISITION_WINDOW_DAYS = 30
WINDOW_DAYS = 90
"""GA4's lookback windows: 30 days for acquisition, 90 for every other conversion."""

MAX_TOUCHES = 300
"""A path has the first touch of its window and those nearest the conversion. No person who buys has more; a bot may
have any number, and what a conversion costs depends on this (docs/decisions/0031)."""


@dataclass(frozen=True, slots=True)
class Moments:
    """What happened to whom and when; both of one length. `owners` are numbers from 0, `at_ms` instants."""

    owners: Integers
    at_ms: Integers


def choose(
    conversions: Moments, windows_ms: Integers, touches: Moments, touch_ids: "pa.Array[Any]"
) -> tuple[Integers, Integers]:
    """The touches of each conversion's path, oldest first; touches of one instant in the order of their ids.

    Gives offsets of shape (conversions + 1,), and the places of the touches, path after path.
    """
    timeline = Timeline(touches, touch_ids, conversions.at_ms)
    offsets, places = on_paths(*timeline.spans(conversions, windows_ms))
    return offsets, timeline.order[places]


def on_paths(starts: Integers, ends: Integers) -> tuple[Integers, Integers]:
    """Of what lies from each start to each end the first and the last, MAX_TOUCHES together: offsets and places."""
    lengths = np.minimum(ends - starts, MAX_TOUCHES)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    places = np.repeat(ends - lengths - offsets[:-1], lengths) + np.arange(offsets[-1])
    filled = lengths > 0
    places[offsets[:-1][filled]] = starts[filled]
    return offsets, places


class Timeline:
    """Touches by owner, time and id; without ids, those of one instant as they come. `order` are their places."""

    def __init__(self, touches: Moments, touch_ids: "pa.Array[Any] | None", other_ms: Integers) -> None:
        """`other_ms`: the instants that may be asked for besides the touches' own."""
        everything = np.concatenate([other_ms, touches.at_ms])
        self._begin_ms = int(everything.min()) if len(everything) else 0
        # One sortable number for whose and when: owners times the span of all times, and the time within it.
        self._span = int(everything.max(initial=self._begin_ms)) - self._begin_ms + 1
        self.order, self._keys = _in_order(touches.owners * self._span + (touches.at_ms - self._begin_ms), touch_ids)

    def spans(self, conversions: Moments, windows_ms: Integers) -> tuple[Integers, Integers]:
        """Each conversion's touches in its window: where in `order` they start and before where they end."""
        base, age_ms = conversions.owners * self._span, conversions.at_ms - self._begin_ms
        ends = _places(self._keys, base + age_ms, side="right")
        starts = _places(self._keys, base + np.maximum(age_ms - windows_ms, 0), side="left")
        return starts, ends


def _places(keys: Integers, sought: Integers, side: Literal["left", "right"]) -> Integers:
    """`np.searchsorted`, in the order of what is sought: ten times as fast among millions."""
    order = sorting_order(sought)
    places = np.empty(len(sought), dtype=np.int64)
    places[order] = np.searchsorted(keys, sought[order], side=side)
    return places


def _in_order(keys: Integers, touch_ids: "pa.Array[Any] | None") -> tuple[Integers, Integers]:
    """The order that sorts the keys, ties by id or, without ids, as they come; and the keys in that order."""
    order = sorting_order(keys)
    ordered = keys[order]
    tied = ordered[1:] == ordered[:-1]
    if touch_ids is not None and tied.any():
        members = np.flatnonzero(np.append(tied, [False]) | np.append([False], tied))
        ties = pa.table({"key": ordered[members], "id": touch_ids.take(order[members])})
        by_id = pc.sort_indices(ties, [("key", "ascending"), ("id", "ascending")])
        order[members] = order[members][by_id.to_numpy()]
    return order, ordered


def left_out(path: Path, touches: Sequence[Touch]) -> tuple[LeftOutTouch, ...]:
    """Those of a customer's touches that are not on the path, oldest first, each with why."""
    on_path = {touch.touch_id for touch in path.touches}
    others = sorted(
        (touch for touch in touches if touch.touch_id not in on_path), key=lambda t: (t.occurred_ms, t.touch_id)
    )
    within = sorted(
        (touch.occurred_ms, touch.touch_id) for touch in touches if _reason(touch, path, set()) is LeftOut.REPEAT
    )
    beyond = set(within[1 : 1 - MAX_TOUCHES]) if len(within) > MAX_TOUCHES else set()
    return tuple(LeftOutTouch(touch, _reason(touch, path, beyond)) for touch in others)


def _reason(touch: Touch, path: Path, beyond: Container[tuple[int, str]]) -> LeftOut:
    """`beyond`: instant and id of the touches of the window that were too many."""
    converted_ms = path.conversion.occurred_ms
    if touch.occurred_ms > converted_ms:
        return LeftOut.AFTER_CONVERSION
    if converted_ms - touch.occurred_ms > path.window_days * DAY_MS:
        return LeftOut.OUTSIDE_WINDOW
    return LeftOut.OVER_LIMIT if (touch.occurred_ms, touch.touch_id) in beyond else LeftOut.REPEAT
