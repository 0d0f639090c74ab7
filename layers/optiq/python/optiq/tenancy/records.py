"""What tenancy keeps in the table beside its entities."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Record


class OwnersRecord(Record):
    """How many owners an organization has, so that the last cannot be lost."""

    owners = NumberAttribute()


class SiteDomainRecord(Record):
    """That a site named a domain, and since when. It stays when the site names the domain no more."""

    organization_id = UnicodeAttribute()
    site_id = UnicodeAttribute()
    domain = UnicodeAttribute()
    since_ms = NumberAttribute()
