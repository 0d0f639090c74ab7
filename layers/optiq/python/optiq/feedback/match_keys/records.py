"""Match keys in the table, sealed."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table_ending import Temporary


class MatchKeysRecord(Temporary):
    """The keys of an event, or the latest of a visitor. Erased ones have no `sealed`; a visitor's have `erased_ms`."""

    event_id = UnicodeAttribute(default="")
    taken_ms = NumberAttribute(default=0)
    digest = UnicodeAttribute(default="")
    sealed = UnicodeAttribute(null=True)
    erased_ms = NumberAttribute(default=0)
