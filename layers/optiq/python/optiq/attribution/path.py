"""Which touches of a customer count for a conversion.

A touch counts when the time from it to the conversion is in [0, window]. Within one instant the moments in the ids tell
what came first (kernel/ids.py). A later touch never changes an earlier conversion. Pure, over arrays: one conversion or
a million are chosen for the same way.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from optiq.attribution.arrays import sorting_order
from optiq.attribution.contracts import LeftOut, LeftOutTouch, Path
from optiq.journeys.contracts import Touch
from optiq.kernel.clock import DAY_MS
from optiq.kernel.ids import MOMENT_CHARACTERS, moment_of

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
    """What happened to whom and when; all of one length. `owners` are numbers from 0, `at_ms` instants.

    `ids` order what happened in one instant. Without them it stays as it comes, and leads to what converted then.
    """

    owners: Integers
    at_ms: Integers
    ids: "pa.Array[Any] | None" = None

    def take(self, places: Integers) -> "Moments":
        ids = None if self.ids is None else self.ids.take(places)
        return Moments(self.owners[places], self.at_ms[places], ids)


def choose(conversions: Moments, windows_ms: Integers, touches: Moments) -> tuple[Integers, Integers]:
    """The touches of each conversion's path, oldest first.

    Gives offsets of shape (conversions + 1,), and the places of the touches, path after path.
    """
    timeline = Timeline(touches, conversions.at_ms)
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
    """Touches by owner, time and id. `order` are their places."""

    def __init__(self, touches: Moments, other_ms: Integers) -> None:
        """`other_ms`: the instants that may be asked for besides the touches' own."""
        everything = np.concatenate([other_ms, touches.at_ms])
        self._begin_ms = int(everything.min()) if len(everything) else 0
        # One sortable number for whose and when: owners times the span of all times, and the time within it.
        self._span = int(everything.max(initial=self._begin_ms)) - self._begin_ms + 1
        self._ids = touches.ids
        self.order, self._keys = _in_order(touches.owners * self._span + (touches.at_ms - self._begin_ms), touches.ids)

    def spans(self, conversions: Moments, windows_ms: Integers) -> tuple[Integers, Integers]:
        """Each conversion's touches in its window: where in `order` they start and before where they end."""
        base, age_ms = conversions.owners * self._span, conversions.at_ms - self._begin_ms
        starts = _places(self._keys, base + np.maximum(age_ms - windows_ms, 0), side="left")
        return starts, self.until(conversions)

    def until(self, moments: Moments, *, itself: bool = True) -> Integers:
        """Before where in `order` the owner's touches up to each moment end, those at the moment too if `itself`."""
        sought = moments.owners * self._span + (moments.at_ms - self._begin_ms)
        ends = _places(self._keys, sought, side="right")
        if self._ids is None or moments.ids is None or not len(self._keys):
            return ends
        tied = np.flatnonzero((self._keys[ends - 1] == sought) & (ends > 0))
        if len(tied):
            starts = np.searchsorted(self._keys, sought[tied], side="left")
            lengths = ends[tied] - starts
            offsets = np.cumsum(lengths) - lengths
            touched = self.order[np.repeat(starts - offsets, lengths) + np.arange(lengths.sum())]
            after = pc.greater if itself else pc.greater_equal
            later = after(_moments_in(self._ids, touched), _moments_in(moments.ids, np.repeat(tied, lengths)))
            ends[tied] -= np.add.reduceat(later.to_numpy(zero_copy_only=False).astype(np.int64), offsets)
        return ends


def _moments_in(ids: "pa.Array[Any]", places: Integers) -> "pa.Array[Any]":
    return pc.utf8_slice_codeunits(ids.take(places), MOMENT_CHARACTERS.start, MOMENT_CHARACTERS.stop)


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
    others = sorted((touch for touch in touches if touch.touch_id not in on_path), key=attrgetter("touch_id"))
    within = sorted(touch.touch_id for touch in touches if _reason(touch, path, set()) is LeftOut.REPEAT)
    beyond = set(within[1 : 1 - MAX_TOUCHES]) if len(within) > MAX_TOUCHES else set()
    return tuple(LeftOutTouch(touch, _reason(touch, path, beyond)) for touch in others)


def _reason(touch: Touch, path: Path, beyond: Container[str]) -> LeftOut:
    """`beyond`: the ids of the touches of the window that were too many."""
    if moment_of(touch.touch_id) > moment_of(path.conversion.conversion_id):
        return LeftOut.AFTER_CONVERSION
    if path.conversion.occurred_ms - touch.occurred_ms > path.window_days * DAY_MS:
        return LeftOut.OUTSIDE_WINDOW
    return LeftOut.OVER_LIMIT if touch.touch_id in beyond else LeftOut.REPEAT
