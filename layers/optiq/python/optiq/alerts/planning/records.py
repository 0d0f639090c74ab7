"""What is known of rules without reading what they watch."""

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from optiq.kernel.table import BySecondKey, Record


class WatchedRecord(Record):
    """A rule that is judged: whose it is."""

    by_second_key = BySecondKey()

    organization_id = UnicodeAttribute()
    site_id = UnicodeAttribute()


class SettingsRecord(Record):
    """A site's settings: whether they have rules from before there were rules."""

    organization_id = UnicodeAttribute()
    site_id = UnicodeAttribute()
    rules = JSONAttribute(null=True)
