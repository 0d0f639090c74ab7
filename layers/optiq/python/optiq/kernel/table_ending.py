"""Items that end by themselves."""

from collections.abc import Sequence

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from optiq.kernel.table import TRANSACTION_ITEMS, Condition, Record, connection, delete_if


class Temporary(Record):
    """An item that ends by itself: `forget_at` (seconds) has passed. It counts as absent from then on, though it may
    be removed days later: by DynamoDB itself on AWS, by the nightly sweep on one machine.
    """

    forget_at = NumberAttribute(null=True)

    @classmethod
    def lasting(cls, now_ms: int) -> Condition:
        """Holds of what has not ended."""
        lasting: Condition = cls.forget_at.does_not_exist() | (cls.forget_at > now_ms // 1000)
        return lasting

    def has_ended(self, now_ms: int) -> bool:
        return self.forget_at is not None and self.forget_at <= now_ms // 1000


class AnyTemporary(Temporary):
    """Whatever ends. A class of its own, because PynamoDB's classes inherit the connection of the one they are made
    from, which knows no index of theirs."""


def remove_ended(now_ms: int, also: Condition | None = None) -> int:
    """Removes every item that has ended, and what `also` holds of; returns how many. Reads the whole table.

    On AWS nothing calls this: DynamoDB removes by `forget_at` itself.
    """
    ended = AnyTemporary.forget_at <= now_ms // 1000
    gone = ended if also is None else ended | also
    removed = 0
    together: list[Record] = []
    for item in AnyTemporary.scan(gone, attributes_to_get=["pk", "sk"]):
        together.append(item)
        if len(together) == TRANSACTION_ITEMS:
            removed += _remove(together, gone)
            together = []
    return removed + _remove(together, gone)


def _remove(records: Sequence[Record], condition: Condition) -> int:
    """Removes the items of which the condition holds still: one may have been renewed since it was read."""
    if not records:
        return 0
    try:
        with TransactWrite(connection=connection()) as transaction:
            for record in records:
                transaction.delete(record, condition=condition)
    except TransactWriteError:
        return sum(delete_if(record, condition) for record in records)
    return len(records)
