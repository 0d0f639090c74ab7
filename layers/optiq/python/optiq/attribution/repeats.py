"""Touches in a row that say the same are one, where a site's settings say so: the first of them stays."""

from typing import Any

import numpy as np
import pyarrow as pa

from optiq.attribution.arrays import begins_run
from optiq.attribution.path import Integers

ALIKE = ("channel", "source", "medium", "campaign")


def without_repeats(offsets: Integers, places: Integers, touches: pa.Table) -> tuple[Integers, Integers]:
    """The paths, as `path.choose` gives them, without touches alike the one before; ALIKE columns are dictionaries."""
    codes = np.zeros(len(touches), dtype=np.int64)
    for name in ALIKE:
        column: Any = touches.column(name).combine_chunks()
        pairs: Integers = codes * len(column.dictionary) + column.indices.to_numpy()
        codes = np.unique(pairs, return_inverse=True)[1]
    kept = begins_run(offsets, codes[places])
    return np.concatenate([[0], np.cumsum(kept)])[offsets], places[kept]
