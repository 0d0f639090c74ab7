"""From paths to the rows of the ledger: the one way every conversion is credited, on arrival and on recomputation."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from optiq.attribution.arrays import Floats, Paths
from optiq.attribution.contracts import Model
from optiq.attribution.evidence import EVIDENCE
from optiq.attribution.fits.contracts import Fit
from optiq.attribution.lake import CREDITS
from optiq.attribution.models import ENGINE_VERSION, credit
from optiq.attribution.path_table import FEW_VALUES, PathTable, instants
from optiq.attribution.terms import Terms
from optiq.journeys.contracts import DIRECT, Conversion
from optiq.kernel.clock import SECOND_MS
from optiq.ports.lake_rows import arrow_schema

Flags = NDArray[np.bool_]
Column = Any
"""A column of Arrow's: an array, a chunked one or one of dictionary codes, which its stubs cannot tell apart."""

CREDIT_SCHEMA = arrow_schema(CREDITS)

_OF_CONVERSION = {
    "conversion_id": "conversion_id",
    "customer_id": "customer_id",
    "conversion_at": "occurred_at",
    "name": "name",
    "value_micros": "value_micros",
    "currency": "currency",
    "revision": "revision",
}
_OF_TOUCH = {
    "touch_id": "touch_id",
    "touch_at": "occurred_at",
    "channel": "channel",
    "source": "source",
    "medium": "medium",
    "campaign": "campaign",
    "ad": "content",
    "landing_page": "landing_page",
}
"""Columns of a credit, and what the conversion and the touch call them."""


def credit_paths(paths: PathTable, terms: Terms, computed_ms: int) -> pa.Table:
    """The credits of every conversion, in their order and in that of each path: columns as in the lake's `credits`.

    A conversion without a touch has one row, for the whole value, which goes to NO_TRACKED_VISIT. Text comes as
    dictionaries, but for the touches' ids.
    """
    lengths = np.diff(paths.offsets)
    rows = row_counts(paths)
    owners = np.repeat(np.arange(len(rows)), rows)
    filled = np.repeat(lengths > 0, rows)
    positions = np.arange(len(owners)) - np.repeat(np.cumsum(rows) - rows, rows) + 1
    of_touches = _touches(paths, filled)
    columns: dict[str, Column] = {
        **{name: _repeated(paths.conversions.column(own), owners) for name, own in _OF_CONVERSION.items()},
        **of_touches,
        **_by_model(paths, of_touches, filled, terms),
        "position": pa.array(np.where(filled, positions, 0)),
        "path_length": pa.array(np.repeat(lengths, rows)),
        "site_id": pa.DictionaryArray.from_arrays(np.zeros(len(owners), dtype=np.int32), [paths.site_id]),
        "evidence": pa.DictionaryArray.from_arrays(np.repeat(paths.evidence, rows), list(EVIDENCE)),
        "window_days": pa.array(np.repeat(paths.windows_days, rows)),
    }
    constants = {
        "settings_version": terms.settings.version,
        "fit_version": terms.fit.version if terms.fit else 0,
        "engine_version": ENGINE_VERSION,
        "computed_at": computed_ms,
    }
    for name, value in constants.items():
        columns[name] = pa.repeat(pa.scalar(value, CREDIT_SCHEMA.field(name).type), len(owners))
    return pa.table({field.name: columns.get(field.name, pa.nulls(len(owners), field.type)) for field in CREDIT_SCHEMA})


def taken_back(conversions: Sequence[Conversion], computed_ms: int) -> pa.Table:
    """Rows that say of conversions which became a part of another that no credits of theirs stand."""
    rows = [
        {
            "conversion_id": conversion.conversion_id,
            "site_id": conversion.site_id,
            "customer_id": conversion.customer_id,
            "conversion_at": conversion.occurred_ms,
            "name": conversion.name,
            "position": 0,
            "path_length": 0,
            "value_micros": 0,
            "currency": conversion.currency,
            "revision": conversion.revision,
            "computed_at": computed_ms,
            "deleted": True,
        }
        for conversion in conversions
    ]
    return pa.Table.from_pylist(rows, schema=CREDIT_SCHEMA)


def row_counts(paths: PathTable) -> NDArray[np.int64]:
    """How many rows each conversion's credits take."""
    return np.maximum(np.diff(paths.offsets), 1)


def _touches(paths: PathTable, filled: Flags) -> dict[str, Column]:
    """A row for each touch of a path, and one that stands for none where there is none."""
    places = np.full(len(filled), len(paths.touches) - 1)
    places[filled] = paths.places
    chosen = paths.touches.take(places)
    columns = {name: chosen.column(own).combine_chunks() for name, own in _OF_TOUCH.items()}
    return {name: _compacted(column) if _OF_TOUCH[name] in FEW_VALUES else column for name, column in columns.items()}


def _repeated(column: Column, owners: NDArray[np.int64]) -> Column:
    """A conversion's value for each of its rows; text as a dictionary."""
    if pa.types.is_string(column.type):
        column = column.combine_chunks().dictionary_encode()
    return column.take(owners)


def _compacted(column: Column) -> Column:
    """Without the values of the dictionary that do not occur."""
    codes = column.indices.to_numpy()
    occurring = np.zeros(len(column.dictionary), dtype=np.bool_)
    occurring[codes] = True
    numbers = np.cumsum(occurring, dtype=np.int32) - np.int32(1)
    return pa.DictionaryArray.from_arrays(numbers[codes], column.dictionary.take(np.flatnonzero(occurring)))


def _by_model(paths: PathTable, of_touches: dict[str, Column], filled: Flags, terms: Terms) -> dict[str, Column]:
    """Weights and micros under every model; without a touch the only row has all."""
    values = paths.conversions.column("value_micros").to_numpy()
    arrays, shares = _arrays(paths, of_touches, filled, terms.fit)
    alone = values[np.diff(paths.offsets) == 0]
    columns: dict[str, Column] = {}
    for model, (weights, micros) in credit(terms.models, arrays, values, terms.parameters, shares).items():
        if len(alone):
            touch_weights, touch_micros = weights, micros
            weights, micros = np.ones(len(filled)), np.empty(len(filled), dtype=np.int64)  # type: ignore[assignment]
            weights[filled], micros[filled], micros[~filled] = touch_weights, touch_micros, alone
        left_out = _left_out(paths, model, terms)
        columns |= {
            f"{model.lower()}_weight": pa.array(weights, mask=left_out),
            f"{model.lower()}_micros": pa.array(micros, mask=left_out),
        }
    return columns


def _left_out(paths: PathTable, model: Model, terms: Terms) -> Flags | None:
    """The rows of conversions of names for which the model is not computed."""
    names = [name for name, models in terms.limited.items() if model not in models]
    if not names:
        return None
    of_conversions: Flags = pc.is_in(paths.conversions.column("name"), value_set=pa.array(names)).to_numpy()
    return np.repeat(of_conversions, row_counts(paths))


def _arrays(
    paths: PathTable, of_touches: dict[str, Column], filled: Flags, fit: Fit | None
) -> tuple[Paths, Mapping[Model, Floats]]:
    """The paths as the models take them, and what each of their channels earns under the data-driven ones."""
    touched_ms = of_touches["touch_at"].cast(pa.int64()).fill_null(0).to_numpy()[filled]
    ages_ms = np.repeat(instants(paths.conversions), np.diff(paths.offsets)) - touched_ms
    channels = of_touches["channel"]
    names = [str(name) for name in channels.dictionary.to_pylist()]
    codes = channels.indices.to_numpy()[filled].astype(np.int64)
    direct = np.array([name == DIRECT for name in names], dtype=np.bool_)
    shares = {
        model: np.array([of_channel.get(name, 0.0) for name in names])
        for model, of_channel in (fit.shares if fit else {}).items()
    }
    return Paths(paths.offsets, ages_ms / SECOND_MS, direct[codes], paths.milestones, codes), shares
