"""Which touches of a customer count for a conversion.

A touch counts when the time from it to the conversion is in [0, window]. A later touch never changes an earlier
conversion. Pure, over arrays: one conversion or a million are chosen for the same way.
"""

from collections.abc import Sequence
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

MAX_TOUCHES = 1_000
"""The touches nearest the conversion that make a path: no person who buys has more, a bot may have any number."""


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
    starts, ends = timeline.spans(conversions, windows_ms)
    lengths = ends - starts
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return offsets, timeline.order[np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])]


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
        """Each conversion's path: where in `order` it starts and before where it ends."""
        base, age_ms = conversions.owners * self._span, conversions.at_ms - self._begin_ms
        ends = _places(self._keys, base + age_ms, side="right")
        starts = _places(self._keys, base + np.maximum(age_ms - windows_ms, 0), side="left")
        return np.maximum(starts, ends - MAX_TOUCHES), ends


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
    return tuple(LeftOutTouch(touch, _reason(touch, path)) for touch in others)


def _reason(touch: Touch, path: Path) -> LeftOut:
    converted_ms = path.conversion.occurred_ms
    if touch.occurred_ms > converted_ms:
        return LeftOut.AFTER_CONVERSION
    if converted_ms - touch.occurred_ms > path.window_days * DAY_MS:
        return LeftOut.OUTSIDE_WINDOW
    # Only the oldest are beyond the limit; what lies between those that count repeats one of them.
    newer = path.touches and touch.occurred_ms >= path.touches[0].occurred_ms
    return LeftOut.REPEAT if newer else LeftOut.OVER_LIMIT
