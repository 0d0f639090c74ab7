"""The version of the data in the table."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Record


class DataVersionRecord(Record):
    """One item.

    Attributes:
        version: of the data, as far as it is whole. optiq: the release that wrote it.
        moving_to: the version that an upgrade leads to which is not over yet. step, cursor: how far it is.
        turn: grows with every change, so that of two upgrades at once one stops.
    """

    version = NumberAttribute()
    optiq = UnicodeAttribute()
    moving_to = NumberAttribute(null=True)
    step = UnicodeAttribute(default="")
    cursor = UnicodeAttribute(default="")
    turn = NumberAttribute(default=0)
