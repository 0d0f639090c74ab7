"""Items beside the mirrored ones: what was seen, what waits, what was done."""

from optiq.kernel.table import Record
from optiq.kernel.table_ending import Temporary


class SeenEventRecord(Temporary):
    """An event of Stripe whose change is mirrored."""


class ParkedRecord(Temporary):
    """An object at Stripe of a customer whose organization is not known."""


class EffectRecord(Record):
    """Something that followed from what is mirrored was done."""
