"""Steps that make data of 0.2.0 data of today. Each goes on behind a cursor; the same part again changes nothing."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from optiq.journeys.records import ConversionRecord, OrderRecord
from optiq.journeys.upgrading import conversions, customers, orders
from optiq.journeys.upgrading.records import OldCustomerRecord
from optiq.kernel.lake_tables import LakeTable
from optiq.kernel.table import Record
from optiq.kernel.table_walk import walk

R = TypeVar("R", bound=Record)


def convert_customers(cursor: str) -> Iterator[str]:
    """Numbers the pages of sealed facts, counts the facts of days, and gives conversions their new ids."""
    return _each(OldCustomerRecord, "CUSTOMER", customers.convert, cursor)


def move_conversions(cursor: str) -> Iterator[str]:
    """Gives those conversions new ids of which no customer has the event."""
    return _each(ConversionRecord, "CONVERSION", conversions.move_left, cursor)


def name_successors(cursor: str) -> Iterator[str]:
    """Has later reports of conversions name them by their new ids."""
    return _each(ConversionRecord, "CONVERSION", conversions.name_successor, cursor)


def move_orders(cursor: str) -> Iterator[str]:
    """Keeps corrections of conversions without an order number under the conversions' new ids."""
    return _each(OrderRecord, "ORDER", orders.move, cursor)


def name_customers(cursor: str) -> Iterator[str]:
    """Notes under whose name the visits and conversions of linked customers are written."""
    return _each(OldCustomerRecord, "CUSTOMER", customers.name, cursor)


def rename_in_lake(tables: Sequence[LakeTable]) -> Iterator[str]:
    """Gives the rows of tables of the lake the new ids of visits and conversions. Files that are done are known."""
    from optiq.journeys.upgrading.lake import rename
    from optiq.ports import wiring

    found = walk(ConversionRecord, ConversionRecord.sk == "CONVERSION", "")
    moved = {record.conversion_id: new for some, _ in found for record in some if (new := conversions.moved_to(record))}
    for _ in rename(wiring.lake(), tables, moved):
        yield ""


def _each(kind: type[R], sort_key: str, do: Callable[[R], None], cursor: str) -> Iterator[str]:
    for records, after in walk(kind, kind.sk == sort_key, cursor):
        for record in records:
            do(record)
        yield after
