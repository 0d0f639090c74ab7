"""What visitors said of advertising, in the table."""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Record


class ConsentRecordRecord(Record):
    """One record. It is written once."""

    purpose = UnicodeAttribute()
    granted = BooleanAttribute()
    at_ms = NumberAttribute()
    source = UnicodeAttribute()
    policy_version = UnicodeAttribute(default="")
    text_hash = UnicodeAttribute(default="")
    gpc = BooleanAttribute(default=False)


class ConsentStateRecord(Record):
    """What a visitor said last: by purpose, the fields of `saying.Saying`. `changes` is how many records there are.

    What was said until `erased_ms` counts no more: the visitor was erased then.
    """

    purposes = JSONAttribute(default=dict)
    changes = NumberAttribute(default=0)
    version = NumberAttribute(default=0)
    erased_ms = NumberAttribute(default=0)
