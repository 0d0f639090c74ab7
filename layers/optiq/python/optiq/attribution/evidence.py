"""How sure each path is: as sure as the least sure of its conversion and its touches."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from optiq.attribution.arrays import Integers
from optiq.attribution.contracts import Evidence

EVIDENCE = (Evidence.NO_TOUCH, Evidence.DETERMINISTIC, Evidence.PROBABILISTIC, Evidence.CONSENT_LIMITED)
"""By code; of those after the first, the higher the less sure."""
Codes = NDArray[np.int32]
_CERTAIN = EVIDENCE.index(Evidence.DETERMINISTIC)


def grades_of(column: Any) -> Codes:
    """The code of each row's grade. Rows written before grades were kept, which have none, are certain."""
    found: Codes = pc.index_in(column, value_set=pa.array(EVIDENCE)).fill_null(_CERTAIN).to_numpy()
    return found


def evidence_of(offsets: Integers, of_conversions: Codes, of_touches: Codes) -> Codes:
    """The code of each path's evidence.

    Args:
        of_conversions: codes of shape (paths,). of_touches: codes of the paths' touches, path after path.
    """
    filled = np.diff(offsets) > 0
    codes = np.zeros(len(of_conversions), dtype=np.int32)
    if filled.any():
        worst = np.maximum.reduceat(of_touches, offsets[:-1][filled])
        codes[filled] = np.maximum(worst, of_conversions[filled])
    return codes
