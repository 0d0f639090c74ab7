"""A person's rows in the lake's tables: counted, read, taken out, or given to the customer that remains of them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from optiq.kernel.clock import to_rfc3339
from optiq.kernel.errors import ConflictError
from optiq.kernel.lake_tables import LakeTable
from optiq.kernel.person import Person, Row
from optiq.ports import wiring
from optiq.ports.lake_rewriting import Edit, is_in, rewrite, rows_of

Blank = Mapping[str, object | Callable[[pa.Table], Any]]
"""By column, what it becomes: a value, or a column worked out from the rows."""


def count_in(table: LakeTable, person: Person, instant: str, column: str = "customer_id") -> int:
    """How many rows of a table are a person's, all versions of each. `instant` is the column of their time."""
    chosen = chosen_of(person, instant, column)
    return sum(rows.num_rows for rows in rows_of(wiring.lake(), table.name, person.organization_id, chosen))


def read_from(table: LakeTable, person: Person, instant: str) -> Iterator[Row]:
    """The latest version of each row of a person that is not taken back, the oldest first."""
    latest: dict[tuple[object, ...], Row] = {}
    for rows in rows_of(wiring.lake(), table.name, person.organization_id, chosen_of(person, instant)):
        found: list[Row] = [*rows.to_pylist()]
        for row in found:
            key = tuple(row[name] for name in table.key)
            if key not in latest or _version(table, latest[key]) <= _version(table, row):
                latest[key] = row
    standing = (row for row in latest.values() if not row.get("deleted"))
    for row in sorted(standing, key=lambda row: str(row[instant])):
        yield {name: _plain(value) for name, value in row.items()}


def take_out(table: LakeTable, person: Person, instant: str, column: str = "customer_id") -> None:
    """Removes a person's rows. Raises UpstreamError, and ConflictError for a damaged file."""
    _rewrite(table, person, Edit(chosen_of(person, instant, column)))


def take_over(
    table: LakeTable,
    person: Person,
    instant: str,
    blank: Blank,
    column: str = "customer_id",
    only: frozenset[str] | None = None,
) -> None:
    """Gives a person's rows to the customer that remains, some columns blanked; `only` those with such a last key.

    Raises as `take_out`.
    """
    of_person = chosen_of(person, instant, column)

    def chosen(rows: pa.Table) -> Any:
        found = of_person(rows)
        return found if only is None else pc.and_(found, is_in(rows, table.key[-1], only))

    def become(rows: pa.Table) -> pa.Table:
        names = [person.remains_of(str(customer_id)) for customer_id in rows.column(column).to_pylist()]
        changed = _with(rows, column, pa.array(names, pa.string()))
        for name, value in blank.items():
            if name in changed.column_names:
                kind = changed.schema.field(name).type
                became = value(changed) if callable(value) else pa.array([value] * len(changed), kind)
                changed = _with(changed, name, became)
        return changed

    _rewrite(table, person, Edit(chosen, become))


def chosen_of(person: Person, instant: str, column: str = "customer_id") -> Callable[[pa.Table], Any]:
    """Which rows are a person's: of their customers all, of devices that others use too those of before."""

    def chosen(rows: pa.Table) -> Any:
        own = is_in(rows, column, person.customers)
        if not person.shared or instant not in rows.column_names:
            return own
        shared = is_in(rows, column, person.shared)
        times: Any = rows.column(instant)
        limit = datetime.fromtimestamp(person.erased_ms / 1000, UTC).replace(tzinfo=None)
        is_time = pa.types.is_timestamp(times.type)
        before: Any = pc.less_equal(times, pa.scalar(limit if is_time else person.erased_ms, times.type))
        return pc.or_(own, pc.and_(shared, before.fill_null(False).combine_chunks()))

    return chosen


def _rewrite(table: LakeTable, person: Person, edit: Edit) -> None:
    done = rewrite(wiring.lake(), table.name, person.organization_id, edit)
    if done.damaged:
        raise ConflictError(f"{done.damaged[0]}: repair or remove the file, then try again")


def _with(rows: pa.Table, name: str, column: Any) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, column)


def _version(table: LakeTable, row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in table.version)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return to_rfc3339(round(value.replace(tzinfo=UTC).timestamp() * 1000))
    return value
