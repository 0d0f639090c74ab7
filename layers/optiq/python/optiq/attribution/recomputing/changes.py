"""Which credits say something else than those that stand."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from optiq.attribution.ledger import CREDIT_SCHEMA, Column, Flags

_SAME_WEIGHT = 1e-9
"""Processors differ in the last digits of a power."""
_NOT_COMPARED = frozenset({"conversion_id", "settings_version", "fit_version", "engine_version", "computed_at"})
"""When and by which version credits were computed is no news when they came out the same."""
_COMPARED = [name for name in CREDIT_SCHEMA.names if name not in _NOT_COMPARED]


def changed(conversion_ids: Column, rows: NDArray[np.int64], computed: pa.Table, standing: pa.Table) -> Flags:
    """Whether each conversion's credits, as computed, differ from those that stand, or none do.

    `computed` has `rows` rows for each of `conversion_ids`, in their order and by position; `standing` is in any
    order, may hold other conversions, and rows more than once.
    """
    if not len(standing):
        return np.ones(len(rows), dtype=np.bool_)
    owners = pc.index_in(standing.column("conversion_id"), value_set=conversion_ids)
    standing = standing.filter(pc.is_valid(owners))
    owner_of_row = owners.drop_null().to_numpy()
    order = _once_each(owner_of_row, standing.column("position").to_numpy())
    owner_of_row = owner_of_row[order]
    different: Flags = np.bincount(owner_of_row, minlength=len(rows)) != rows
    # The others are compared row by row.
    ours = computed.filter(pa.array(np.repeat(~different, rows)))
    theirs = standing.take(order[~different[owner_of_row]])
    unequal = np.zeros(len(ours), dtype=np.bool_)
    for name in _COMPARED:
        unequal |= _unequal(ours.column(name), theirs.column(name))
    different[np.repeat(np.flatnonzero(~different), rows[~different])[unequal]] = True
    return different


def _once_each(owners: NDArray[np.int64], positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows by owner and position; of those that stand there more than once, one."""
    order = np.lexsort((positions, owners))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(owners[order]) != 0) | (np.diff(positions[order]) != 0)
    return order[first]


def _unequal(ours: Column, theirs: Column) -> Flags:
    if pa.types.is_dictionary(ours.type):
        ours = ours.cast(ours.type.value_type)
    if pa.types.is_floating(ours.type):
        near = pc.less_equal(pc.abs(pc.subtract(ours, theirs)), pa.scalar(_SAME_WEIGHT))
    else:
        near = pc.equal(ours, theirs)
    both_null = pc.and_(pc.is_null(ours), pc.is_null(theirs))
    same: Flags = pc.or_(pc.fill_null(near, False), both_null).to_numpy()
    return np.logical_not(same)
