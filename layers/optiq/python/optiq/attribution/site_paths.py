"""The paths of a site by channel, those that did not convert too, each distinct one counted.

A path that converted is that of a conversion, as it is credited. One that did not is a customer's, of their touches
after their last conversion: as if they had converted right after the latest of these. So a journey that is still under
way counts as not converted yet. A channel right after itself counts once, which changes nothing for the models that
learn from these paths.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optiq.attribution.arrays import begins_run
from optiq.attribution.bootstrap import DataPaths
from optiq.attribution.path import Integers, Moments, Timeline, on_paths
from optiq.attribution.path_table import complete, moments_of, numbered_owners, windows_of
from optiq.attribution.terms import Terms
from optiq.kernel.clock import DAY_MS

_NO_NAME = ""
"""Of what did not happen: its window is that of conversions no setting names."""


@dataclass(frozen=True, slots=True)
class SitePaths:
    """Distinct paths in an order that follows from themselves; `channels` by code, in the order of their names."""

    data: DataPaths
    channels: tuple[str, ...]


def site_paths(conversions: pa.Table, touches: pa.Table, terms: Terms, since_ms: int) -> SitePaths:
    """Those of the conversions, and those of touches from `since_ms` on that led to none of them.

    Args:
        conversions: with `customer_id`, `conversion_id`, `name` and `occurred_at`.
        touches: all that may count, with `customer_id`, `touch_id`, `occurred_at` and `channel`.
    """
    conversions, touches = complete(conversions), complete(touches)
    converters, touchers = numbered_owners(conversions, touches)
    converted = moments_of(converters, conversions, "conversion_id")
    touched = moments_of(touchers, touches, "touch_id")
    timeline = Timeline(touched, np.append(converted.at_ms, since_ms - 1))
    of_converted = timeline.spans(converted, windows_of(conversions, terms) * DAY_MS)
    of_others = _not_converted(timeline, converted, touched, terms.window_days(_NO_NAME) * DAY_MS, since_ms)
    starts, ends = map(np.concatenate, zip(of_converted, of_others, strict=True))
    offsets, places = on_paths(starts, ends)
    channels: Any = touches.column("channel").combine_chunks().dictionary_encode()
    return _distinct(offsets, channels.take(timeline.order[places]), len(conversions))


def _not_converted(
    timeline: Timeline, converted: Moments, touched: Moments, window_ms: int, since_ms: int
) -> tuple[Integers, Integers]:
    """Of each customer with touches after their last conversion, where these start in the timeline and end."""
    customers = np.arange(max(converted.owners.max(initial=-1), touched.owners.max(initial=-1)) + 1)
    starts = timeline.until(Moments(customers, np.full(len(customers), since_ms - 1)))
    np.maximum.at(starts, converted.owners, timeline.until(converted))
    ends = np.cumsum(np.bincount(touched.owners, minlength=len(customers)))
    lost = np.flatnonzero(starts < ends)
    latest = touched.take(timeline.order[ends[lost] - 1])
    windows_ms = np.full(len(lost), window_ms)
    return np.maximum(starts[lost], timeline.spans(latest, windows_ms)[0]), ends[lost]


def _distinct(offsets: Integers, channels: Any, converted: int) -> SitePaths:
    """Each sequence of channels once: how many of the first `converted` paths it is, and how many of the others."""
    names = sorted(channels.unique().to_pylist())
    code_of = pc.index_in(channels.dictionary, value_set=pa.array(names, pa.string())).fill_null(0).to_numpy()
    codes = code_of.astype(np.min_scalar_type(len(names)))[channels.indices.to_numpy()]
    new = begins_run(offsets, codes)
    codes, offsets = codes[new], np.concatenate([[0], np.cumsum(new)])[offsets]
    filled = np.diff(offsets) > 0
    offsets, converted = np.append(0, offsets[1:][filled]), int(filled[:converted].sum())
    # Whole paths are told apart as texts whose letters are channels.
    byte_offsets = pa.py_buffer((offsets * codes.itemsize).astype(np.int32))
    texts: Any = pa.Array.from_buffers(pa.binary(), len(offsets) - 1, [None, byte_offsets, pa.py_buffer(codes)])
    found = texts.dictionary_encode()
    order = pc.array_sort_indices(found.dictionary).to_numpy()
    places, distinct = np.argsort(order)[found.indices.to_numpy()], found.dictionary.take(order)
    _, ends, letters = distinct.buffers()
    data = DataPaths(
        offsets=np.frombuffer(ends, np.int32, len(distinct) + 1).astype(np.int64) // codes.itemsize,
        codes=np.frombuffer(letters, codes.dtype) if len(distinct) else codes,
        conversions=np.bincount(places[:converted], minlength=len(distinct)).astype(np.float64),
        nulls=np.bincount(places[converted:], minlength=len(distinct)).astype(np.float64),
        channels=len(names),
    )
    return SitePaths(data, tuple(names))
