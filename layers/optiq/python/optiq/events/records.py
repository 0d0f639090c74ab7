"""The outbox in the table, and which subscriber has handled which event."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.table import BySecondKey
from optiq.kernel.table_ending import Temporary


class OutboxRecord(Temporary):
    """An event, as JSON. Once it is handed on the text goes, and the item ends a day later."""

    by_second_key = BySecondKey()

    event = UnicodeAttribute(null=True)


class HandledRecord(Temporary):
    """A subscriber's claim to an event: its own until an instant, or for good once it is done."""

    taken_until_ms = NumberAttribute()
    done = BooleanAttribute()
