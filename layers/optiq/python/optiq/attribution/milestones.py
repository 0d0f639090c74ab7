"""W_SHAPED's milestones: the touch that led to the customer's lead event before the conversion."""

import numpy as np

from optiq.attribution.path import Integers, Moments


def milestone_positions(offsets: Integers, touched_ms: Integers, conversions: Moments, leads: Moments) -> Integers:
    """For each path the position, from 0, of its latest touch at or before the lead event, or -1 without one.

    The event is the customer's first from the path's first touch on that is before the conversion. Path p's touches
    are touched_ms[offsets[p] : offsets[p + 1]], oldest first; `leads` come in any order.
    """
    lengths = np.diff(offsets)
    positions = np.full(len(lengths), -1, dtype=np.int64)
    paths = np.flatnonzero(lengths)
    if not len(paths) or not len(leads.at_ms):
        return positions
    everything = np.concatenate([touched_ms, conversions.at_ms, leads.at_ms])
    begin_ms = int(everything.min())
    span = int(everything.max()) - begin_ms + 1
    order = np.lexsort((leads.at_ms, leads.owners))
    keys = leads.owners[order] * span + leads.at_ms[order] - begin_ms
    owners, first_ms = conversions.owners[paths], touched_ms[offsets[paths]]
    places = np.minimum(np.searchsorted(keys, owners * span + first_ms - begin_ms), len(keys) - 1)
    found_ms = leads.at_ms[order][places]
    led = (leads.owners[order][places] == owners) & (first_ms <= found_ms) & (found_ms < conversions.at_ms[paths])
    paths, found_ms = paths[led], found_ms[led]
    # Paths lie end to end, so a path's number and a time within it sort its touches.
    touched = np.repeat(np.arange(len(lengths)), lengths) * span + touched_ms - begin_ms
    after = np.searchsorted(touched, paths * span + found_ms - begin_ms, side="right")
    positions[paths] = after - offsets[paths] - 1
    return positions
