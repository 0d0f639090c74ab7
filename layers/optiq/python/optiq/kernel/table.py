"""The one DynamoDB table: the base of every record, and many conditional puts at once.

Records (PynamoDB models) live in their context's `records.py` and never leave it.
"""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError
from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.exceptions import DeleteError, PutError, PynamoDBException, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition as Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from optiq.kernel.errors import UpstreamError
from optiq.kernel.keys import Key
from optiq.kernel.settings import settings
from optiq.kernel.table_connection import LeanConnection

TableError = PynamoDBException
"""What any call to the table may raise."""
INDEX = "gsi1"
TRANSACTION_ITEMS = 100
_CALLS_AT_ONCE = 8
_POOLED = 50
"""Connections kept open: on one machine many threads call at once."""
_COME_BACK = frozenset(
    {
        "InternalServerError",
        "ServiceUnavailable",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    }
)
CONDITION_NOT_MET = "ConditionalCheckFailedException"
CONDITION_FAILED, CONFLICT = _NOT_WRITTEN = ("ConditionalCheckFailed", "TransactionConflict")


class BySecondKey(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB 6 leaves it untyped
    """The table's one index. A record that stands in it declares `by_second_key = BySecondKey()`."""

    class Meta:
        index_name = INDEX
        projection = AllProjection()

    gsi1pk = UnicodeAttribute(hash_key=True)
    gsi1sk = UnicodeAttribute(range_key=True)


class Record(Model):
    """An item of the table; a record without index keys stays out of the index."""

    class Meta:
        table_name = settings().table
        host = settings().table_endpoint or None
        max_pool_connections = _POOLED

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)


class _Indexed(Record):
    by_second_key = BySecondKey()


def _connect() -> TableConnection:
    """What knows the table and its index."""
    connected = _Indexed._get_connection()
    meta_table = connected.get_meta_table()
    connected.connection = LeanConnection(max_pool_connections=_POOLED)
    connected.connection.add_meta_table(meta_table)
    return connected


# Every kind of record inherits this connection, which knows the index: a client takes a tenth of a second to make.
Record._connection = _connect()


def key_start(key: Key) -> dict[str, dict[str, str]]:
    """The place after an item, for a page of its partition that begins there (`last_evaluated_key`)."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def second_key_start(key: Key, partition: str, position: str) -> dict[str, dict[str, str]]:
    """The place after an item, for a page of the second index that begins there (`last_evaluated_key`)."""
    names = ("pk", "sk", "gsi1pk", "gsi1sk")
    return {name: {"S": value} for name, value in zip(names, (*key, partition, position), strict=True)}


def whole_or_none(number: float | None) -> int | None:
    """What a NumberAttribute that may be absent holds: PynamoDB's numbers are floats."""
    return None if number is None else int(number)


@contextmanager
def table_outages() -> Iterator[None]:
    """Names it when the table cannot be reached, or will not answer now, for what it is.

    Raises:
        UpstreamError: what was done within may be tried again.
    """
    try:
        yield
    except TableError as error:
        if not is_outage(error):
            raise
        raise UpstreamError("the table does not answer", retryable=True) from error


def is_outage(error: TableError) -> bool:
    """Whether the same call may succeed later: no answer at all, or one that asks to come back."""
    return isinstance(error.cause, BotoCoreError) or error.cause_response_code in _COME_BACK


@dataclass(frozen=True, slots=True)
class Put:
    """One item to write when `condition` holds of what stands there."""

    record: Record
    condition: Condition | None


def put_each(puts: Sequence[Put]) -> set[int]:
    """Writes every item whose own condition holds; returns the positions of those that did not hold.

    Each item is written or not by itself, never half. On AWS each is a call of its own, because a
    transaction costs twice the write units; the embedded table syncs once per transaction, so there up to
    a hundred share one, and what its conditions refuse is left out of the next (docs/decisions/0004).
    """
    if settings().substrate == "aws":
        with ThreadPoolExecutor(max_workers=_CALLS_AT_ONCE) as pool:
            return {position for position, written in enumerate(pool.map(put_one, puts)) if not written}
    lost: set[int] = set()
    for start in range(0, len(puts), TRANSACTION_ITEMS):
        left = dict(enumerate(puts[start : start + TRANSACTION_ITEMS], start))
        while left:
            refused = write_together(list(left.values())) if _all_different(left.values()) else None
            if refused is None or CONFLICT in refused.values():
                lost.update(position for position, put in left.items() if not put_one(put))
                break
            if not refused:
                break
            positions = list(left)
            for place in refused:
                lost.add(positions[place])
                del left[positions[place]]
    return lost


def _all_different(puts: Collection[Put]) -> bool:
    """A transaction may not touch an item twice."""
    return len({(put.record.pk, put.record.sk) for put in puts}) == len(puts)


@dataclass(frozen=True, slots=True)
class Update:
    """Changes of one item, made when `condition` holds of what stands there."""

    record: Record
    actions: Sequence[Action]
    condition: Condition


def update_together(updates: Sequence[Update]) -> None:
    """Makes all changes (of 100 items at most), or none. Raises TableError when some condition does not hold."""
    with TransactWrite(connection=connection()) as transaction:
        for update in updates:
            transaction.update(update.record, actions=list(update.actions), condition=update.condition)


def write_together(writes: Sequence[Put | Update]) -> dict[int, str]:
    """Makes all writes (of 100 different items at most), or none.

    Returns:
        The positions that stood in the way: CONDITION_FAILED, or CONFLICT where another was writing the item just
        then. None stand there when all was written.
    """
    try:
        with TransactWrite(connection=connection()) as transaction:
            for write in writes:
                if isinstance(write, Put):
                    transaction.save(write.record, condition=write.condition)
                else:
                    transaction.update(write.record, actions=list(write.actions), condition=write.condition)
    except TransactWriteError as error:
        # PynamoDB sends all puts before all updates, whatever the order they came in.
        order = sorted(range(len(writes)), key=lambda position: isinstance(writes[position], Update))
        reasons = zip(order, error.cancellation_reasons, strict=False)
        refused = {position: reason.code for position, reason in reasons if reason and reason.code != "None"}
        if not refused or not set(refused.values()) <= set(_NOT_WRITTEN):
            raise
        return refused
    return {}


def update_if(update: Update) -> bool:
    """Changes one item when its condition holds; says whether it did."""
    try:
        update.record.update(actions=list(update.actions), condition=update.condition)
    except UpdateError as error:
        if error.cause_response_code == CONDITION_NOT_MET:
            return False
        raise
    return True


def put_one(put: Put) -> bool:
    try:
        put.record.save(condition=put.condition)
    except PutError as error:
        if error.cause_response_code == CONDITION_NOT_MET:
            return False
        raise
    return True


def delete_if(record: Record, condition: Condition) -> bool:
    """Removes one item when the condition holds of it; says whether it did."""
    try:
        record.delete(condition=condition)
    except DeleteError as error:
        if error.cause_response_code == CONDITION_NOT_MET:
            return False
        raise
    return True


def connection() -> Connection:
    """The one connection of all records, and so the one client."""
    return Record._get_connection().connection


def put_together(puts: Sequence[Put]) -> bool:
    """Writes all items (100 at most), or none: then some condition did not hold, or another was writing them."""
    try:
        with TransactWrite(connection=connection()) as transaction:
            for put in puts:
                transaction.save(put.record, condition=put.condition)
    except TransactWriteError as error:
        if any(reason is not None and reason.code in _NOT_WRITTEN for reason in error.cancellation_reasons):
            return False
        raise
    return True
