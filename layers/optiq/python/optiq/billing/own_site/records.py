"""How far our own sign-ups were sent."""

from pynamodb.attributes import NumberAttribute

from optiq.kernel.table import Record


class SignUpsRecord(Record):
    """`until_ms`: when the newest organization was created that was sent."""

    until_ms = NumberAttribute()
