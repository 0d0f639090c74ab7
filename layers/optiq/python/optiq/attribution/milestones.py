"""W_SHAPED's milestones: the touch that led to the customer's lead event before the conversion."""

from dataclasses import replace

import numpy as np

from optiq.attribution.path import Integers, Moments, Timeline


def milestone_positions(offsets: Integers, touched: Moments, conversions: Moments, leads: Moments) -> Integers:
    """For each path the position, from 0, of its latest touch at or before the lead event, or -1 without one.

    The event is the customer's first from the path's first touch on that is before the conversion. Path p's touches
    are those from offsets[p] to offsets[p + 1], oldest first; `leads` come in any order.
    """
    lengths = np.diff(offsets)
    positions = np.full(len(lengths), -1, dtype=np.int64)
    paths = np.flatnonzero(lengths)
    if not len(paths) or not len(leads.at_ms):
        return positions
    timeline = Timeline(leads, np.concatenate([touched.at_ms, conversions.at_ms]))
    converted = conversions.take(paths)
    firsts = timeline.until(replace(touched.take(offsets[paths]), owners=converted.owners), itself=False)
    led = firsts < timeline.until(converted, itself=False)
    paths, found = paths[led], leads.take(timeline.order[firsts[led]])
    # Paths lie end to end, so a path's number and a time within it sort its touches.
    on_paths = Timeline(replace(touched, owners=np.repeat(np.arange(len(lengths)), lengths)), leads.at_ms)
    positions[paths] = on_paths.until(replace(found, owners=paths)) - offsets[paths] - 1
    return positions
