"""Many conversions with their paths, in columns: from histories as they arrive, and from the lake's rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optiq.attribution.contracts import NO_TRACKED_VISIT, Path
from optiq.attribution.evidence import EVIDENCE, Codes, evidence_of, grades_of
from optiq.attribution.milestones import milestone_positions
from optiq.attribution.path import Integers, Moments, choose
from optiq.attribution.repeats import without_repeats
from optiq.attribution.terms import Terms
from optiq.journeys.contracts import ConversionPath
from optiq.journeys.lake import CONVERSIONS, TOUCHES
from optiq.kernel.clock import DAY_MS
from optiq.kernel.ids import instant_of
from optiq.ports.lake_rows import arrow_schema

CONVERSION_SCHEMA = arrow_schema(
    CONVERSIONS,
    "conversion_id",
    "customer_id",
    "name",
    "occurred_at",
    "value_micros",
    "currency",
    "evidence",
    "revision",
)
TOUCH_SCHEMA = arrow_schema(
    TOUCHES, "touch_id", "occurred_at", "channel", "source", "medium", "campaign", "content", "landing_page", "evidence"
)
FEW_VALUES = frozenset({"channel", "source", "medium", "campaign", "content", "landing_page", "evidence"})
_OF_CONVERSION = [name for name in CONVERSION_SCHEMA.names if name != "occurred_at"]
OWNED_TOUCH_SCHEMA = arrow_schema(TOUCHES, *TOUCH_SCHEMA.names, "customer_id")
_ATTRIBUTES = {"occurred_at": "occurred_ms"}
"""What a touch calls a column of another name."""
_NO_TOUCH = dict.fromkeys(TOUCH_SCHEMA.names, NO_TRACKED_VISIT) | {"touch_id": "", "occurred_at": None, "evidence": ""}


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
        milestones: shape (conversions,), W_SHAPED's milestone touch by its position from 0, or -1; None for none.
    """

    site_id: str
    conversions: pa.Table
    windows_days: Integers
    offsets: Integers
    places: Integers
    touches: pa.Table
    milestones: Integers | None = None

    @property
    def evidence(self) -> Codes:
        """How sure each path is, as a place in `EVIDENCE`: shape (conversions,)."""
        of_touches: Any = self.touches.column("evidence").combine_chunks()
        of_places = grades_of(of_touches.dictionary)[of_touches.indices.to_numpy()[self.places]]
        return evidence_of(self.offsets, grades_of(self.conversions.column("evidence")), of_places)

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
            None if self.milestones is None else self.milestones[first:after],
        )


def from_rows(
    site_id: str, conversions: pa.Table, touches: pa.Table, terms: Terms, leads: pa.Table | None = None
) -> PathTable:
    """The paths of these conversions, given at least all touches that may count for them, with their `customer_id`.

    `leads`: `customer_id`, `occurred_at` and `conversion_id` of the site's milestone events. What a row lacks (older
    files have fewer columns) is empty or 0; one that says not whose or when it was is left out.
    """
    tables = [complete(table) for table in (conversions, touches, *([] if leads is None else [leads]))]
    owners = numbered_owners(*tables)
    milestones = None if leads is None else moments_of(owners[2], tables[2], "conversion_id")
    return _chosen(site_id, tables[0], owners[0], tables[1], owners[1], terms, milestones)


def numbered_owners(*tables: pa.Table) -> list[Integers]:
    """Each table's `customer_id`s as numbers from 0, the same for a customer in all of them."""
    customers = pa.concat_arrays([table.column("customer_id").combine_chunks() for table in tables])
    numbers = customers.dictionary_encode().indices.to_numpy().astype(np.int64)
    return np.split(numbers, np.cumsum([len(table) for table in tables])[:-1])


def from_histories(site_id: str, histories: Sequence[ConversionPath], terms: Terms) -> PathTable:
    """The paths of a site's conversions, each given with all touches of its customer."""
    conversions = pa.Table.from_pylist(
        [
            {"occurred_at": history.conversion.occurred_ms}
            | {name: getattr(history.conversion, name) for name in _OF_CONVERSION}
            for history in histories
        ],
        schema=CONVERSION_SCHEMA,
    )
    # Conversions of one customer often come with the same touches, which are then rows but once.
    customers = {(id(history.touches), id(history.conversions)): history for history in histories}
    numbers = {customer: number for number, customer in enumerate(customers)}
    owners = np.array([numbers[id(one.touches), id(one.conversions)] for one in histories], dtype=np.int64)
    known = [touch for history in customers.values() for touch in history.touches]
    columns = [list(map(attrgetter(_ATTRIBUTES.get(name, name)), known)) for name in TOUCH_SCHEMA.names]
    touches = pa.Table.from_arrays(list(map(pa.array, columns, TOUCH_SCHEMA.types)), schema=TOUCH_SCHEMA)
    touch_owners = np.repeat(np.arange(len(customers)), [len(history.touches) for history in customers.values()])
    leads = [
        (owner, conversion_id)
        for owner, history in enumerate(customers.values())
        for name, conversion_id in history.conversions
        if name == terms.settings.milestone_event
    ]
    return _chosen(site_id, conversions, owners, touches, touch_owners, terms, _moments_of_ids(leads))


def _moments_of_ids(leads: Sequence[tuple[int, str]]) -> Moments | None:
    if not leads:
        return None
    at_ms = np.array([instant_of(conversion_id) for _, conversion_id in leads], dtype=np.int64)
    owners = np.array([owner for owner, _ in leads], dtype=np.int64)
    return Moments(owners, at_ms, pa.array([conversion_id for _, conversion_id in leads], pa.string()))


def path_of(history: ConversionPath, terms: Terms) -> Path:
    """The path of a conversion, given all touches of its customer in any order."""
    paths = from_histories(history.conversion.site_id, [history], terms)
    touches = tuple(history.touches[place] for place in paths.places)
    evidence = EVIDENCE[int(paths.evidence[0])]
    return Path(history.conversion, int(paths.windows_days[0]), touches, evidence)


def _chosen(
    site_id: str,
    conversions: pa.Table,
    owners: Integers,
    touches: pa.Table,
    touch_owners: Integers,
    terms: Terms,
    leads: Moments | None,
) -> PathTable:
    windows, converted = windows_of(conversions, terms), moments_of(owners, conversions, "conversion_id")
    touched = moments_of(touch_owners, touches, "touch_id")
    offsets, places = choose(converted, windows * DAY_MS, touched)
    touches = _to_take_from(touches)
    if terms.settings.collapse_repeats:
        offsets, places = without_repeats(offsets, places, touches)
    milestones = None if leads is None else milestone_positions(offsets, touched.take(places), converted, leads)
    return PathTable(site_id, conversions, windows, offsets, places, touches, milestones)


def moments_of(owners: Integers, table: pa.Table, id_column: str) -> Moments:
    """When the rows of a table were, by `occurred_at` and their ids."""
    ids: Any = table.column(id_column).combine_chunks()
    return Moments(owners, instants(table), ids)


def instants(table: pa.Table) -> Integers:
    """`occurred_at` in milliseconds; -1 where it is not known."""
    at: Any = table.column("occurred_at")
    milliseconds: Integers = at.cast(pa.int64()).fill_null(-1).to_numpy()
    return milliseconds


def complete(table: pa.Table) -> pa.Table:
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


def windows_of(conversions: pa.Table, terms: Terms) -> Integers:
    names = conversions.column("name").combine_chunks().dictionary_encode()
    of_name = [terms.window_days(str(name)) for name in names.dictionary.to_pylist()]
    windows: Integers = np.array(of_name, dtype=np.int64)[names.indices.to_numpy()]
    return windows
