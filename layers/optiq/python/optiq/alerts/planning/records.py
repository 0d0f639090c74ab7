"""What is known of a rule without reading what it watches."""

from pynamodb.attributes import UnicodeAttribute

from optiq.kernel.table import BySecondKey, Record


class WatchedRecord(Record):
    """A rule that is judged: whose it is."""

    by_second_key = BySecondKey()

    organization_id = UnicodeAttribute()
    site_id = UnicodeAttribute()
