"""Many conversions with their paths, in columns: from histories as they arrive, and from the lake's rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optiq.attribution.path import Integers, Moments, choose, window_days
from optiq.journeys.contracts import DIRECT, ConversionPath, Touch
from optiq.kernel.lake_tables import CONVERSIONS, TOUCHES
from optiq.ports.lake_rows import arrow_schema

CONVERSION_SCHEMA = arrow_schema(
    CONVERSIONS, "conversion_id", "customer_id", "name", "occurred_at", "value_micros", "currency", "revision"
)
TOUCH_SCHEMA = arrow_schema(
    TOUCHES, "touch_id", "occurred_at", "channel", "source", "medium", "campaign", "content", "landing_page"
)
FEW_VALUES = frozenset({"channel", "source", "medium", "campaign", "content", "landing_page"})
OWNED_TOUCH_SCHEMA = arrow_schema(TOUCHES, *TOUCH_SCHEMA.names, "customer_id")
_NO_TOUCH = dict.fromkeys(TOUCH_SCHEMA.names, "") | {
    "occurred_at": None,
    "channel": DIRECT,
    "source": "(direct)",
    "medium": "(none)",
    "campaign": "(not set)",
}


@dataclass(frozen=True, slots=True)
class PathTable:
    """Conversions of one site and the touches that count for each.

    Attributes:
        conversions: a row each, of CONVERSION_SCHEMA.
        windows_days: shape (conversions,), the lookback that chose each one's touches.
        offsets: shape (conversions + 1,); conversion c owns the places offsets[c] to offsets[c + 1].
        places: rows of `touches`, path after path, oldest first.
        touches: of TOUCH_SCHEMA, in any order; one may be on several paths or on none. The last one stands for no
            touch. Columns of few values are dictionaries.
    """

    site_id: str
    conversions: pa.Table
    windows_days: Integers
    offsets: Integers
    places: Integers
    touches: pa.Table

    def piece(self, first: int, after: int) -> "PathTable":
        """The conversions [first, after) by themselves."""
        start, end = int(self.offsets[first]), int(self.offsets[after])
        return PathTable(
            self.site_id,
            self.conversions.slice(first, after - first),
            self.windows_days[first:after],
            self.offsets[first : after + 1] - start,
            self.places[start:end],
            self.touches,
        )


def from_rows(site_id: str, conversions: pa.Table, touches: pa.Table, site_lookback_days: int | None) -> PathTable:
    """The paths of these conversions, given at least all touches that may count for them, with their `customer_id`.

    What a row lacks (older files have fewer columns) is empty or 0; one that says not whose or when it was is left out.
    """
    conversions, touches = _complete(conversions), _complete(touches)
    customers = pa.concat_arrays([table.column("customer_id").combine_chunks() for table in (conversions, touches)])
    owners = customers.dictionary_encode().indices.to_numpy().astype(np.int64)
    windows = _windows(conversions, site_lookback_days)
    offsets, places = choose(
        Moments(owners[: len(conversions)], instants(conversions)),
        windows,
        Moments(owners[len(conversions) :], instants(touches)),
        touches.column("touch_id").combine_chunks(),
    )
    return PathTable(site_id, conversions, windows, offsets, places, _to_take_from(touches))


def from_histories(site_id: str, histories: Sequence[ConversionPath], site_lookback_days: int | None) -> PathTable:
    """The paths of a site's conversions, each given with all touches of its customer."""
    conversions = pa.Table.from_pylist(
        [
            {"occurred_at": item.occurred_ms}
            | {name: getattr(item, name) for name in CONVERSION_SCHEMA.names if name != "occurred_at"}
            for item in (history.conversion for history in histories)
        ],
        schema=CONVERSION_SCHEMA,
    )
    known = [touch for history in histories for touch in history.touches]
    touches = pa.Table.from_pylist([_row(touch) for touch in known], schema=TOUCH_SCHEMA)
    owners = np.arange(len(histories), dtype=np.int64)
    windows = _windows(conversions, site_lookback_days)
    offsets, places = choose(
        Moments(owners, instants(conversions)),
        windows,
        Moments(np.repeat(owners, [len(history.touches) for history in histories]), instants(touches)),
        touches.column("touch_id").combine_chunks(),
    )
    return PathTable(site_id, conversions, windows, offsets, places, _to_take_from(touches))


def instants(table: pa.Table) -> Integers:
    """`occurred_at` in milliseconds; -1 where it is not known."""
    at: Any = table.column("occurred_at")
    milliseconds: Integers = at.cast(pa.int64()).fill_null(-1).to_numpy()
    return milliseconds


def _complete(table: pa.Table) -> pa.Table:
    """The rows that say whose and when they were, without nulls."""
    for name in ("customer_id", "occurred_at"):
        if table.column(name).null_count:
            table = table.filter(pc.is_valid(table.column(name)))
    for place, field in enumerate(table.schema):
        if table.column(place).null_count:
            nothing: Any = "" if pa.types.is_string(field.type) else 0
            table = table.set_column(place, field, pc.fill_null(table.column(place), nothing))
    return table


def _to_take_from(touches: pa.Table) -> pa.Table:
    """The touches and none, in one piece and with dictionaries: so rows are taken from them fast."""
    none = pa.Table.from_pylist([_NO_TOUCH], TOUCH_SCHEMA)
    both = pa.concat_tables([touches.select(TOUCH_SCHEMA.names), none])
    columns = {name: both.column(name) for name in both.column_names}
    columns |= {name: columns[name].dictionary_encode() for name in FEW_VALUES}
    return pa.table({name: column.combine_chunks() for name, column in columns.items()})


def _windows(conversions: pa.Table, site_lookback_days: int | None) -> Integers:
    names = conversions.column("name").combine_chunks().dictionary_encode()
    of_name = [window_days(str(name), site_lookback_days) for name in names.dictionary.to_pylist()]
    windows: Integers = np.array(of_name, dtype=np.int64)[names.indices.to_numpy()]
    return windows


def _row(touch: Touch) -> dict[str, object]:
    return {"occurred_at": touch.occurred_ms} | {
        name: getattr(touch, name) for name in TOUCH_SCHEMA.names if name != "occurred_at"
    }
