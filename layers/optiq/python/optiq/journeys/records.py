"""Customers, event claims and conversions in the table."""

from pynamodb.attributes import BinaryAttribute, ListAttribute, NumberAttribute, UnicodeAttribute

from optiq.journeys.contracts import Conversion
from optiq.kernel import keys
from optiq.kernel.table import BySecondKey, Record


class CustomerRecord(Record):
    """A customer: the recent facts, and the links to others.

    Attributes:
        version: grows with every change; a writer must have seen the version it replaces.
        facts: the recent facts, packed (history.py). chunks: the names of the sealed ones, in HISTORY items.
        links: the other customers that events named together with this one (links.py), as JSON.
    """

    identity_type = UnicodeAttribute()
    version = NumberAttribute()
    facts = BinaryAttribute(legacy_encoding=False)
    chunks = ListAttribute(of=UnicodeAttribute, default=list)
    links = UnicodeAttribute(default="[]")


class HistoryRecord(Record):
    """Facts of a customer, sealed: written once, never changed."""

    facts = BinaryAttribute(legacy_encoding=False)


class EventClaimRecord(Record):
    """The content an event id stands for, where the id itself does not prove whose it is."""

    digest = UnicodeAttribute()


class ConversionRecord(Record):
    by_second_key = BySecondKey()

    organization_id = UnicodeAttribute()
    site_id = UnicodeAttribute()
    customer_id = UnicodeAttribute()
    conversion_id = UnicodeAttribute()
    event_id = UnicodeAttribute()
    name = UnicodeAttribute()
    occurred_ms = NumberAttribute()
    value_micros = NumberAttribute()
    currency = UnicodeAttribute()
    revision = NumberAttribute()

    @classmethod
    def of(cls, conversion: Conversion) -> "ConversionRecord":
        key = keys.conversion(conversion.organization_id, conversion.site_id, conversion.conversion_id)
        return cls(
            key.pk,
            key.sk,
            gsi1pk=keys.conversions_of_site(conversion.organization_id, conversion.site_id),
            gsi1sk=conversion.conversion_id,
            organization_id=conversion.organization_id,
            site_id=conversion.site_id,
            customer_id=conversion.customer_id,
            conversion_id=conversion.conversion_id,
            event_id=conversion.event_id,
            name=conversion.name,
            occurred_ms=conversion.occurred_ms,
            value_micros=conversion.value_micros,
            currency=conversion.currency,
            revision=conversion.revision,
        )

    def contract(self) -> Conversion:
        return Conversion(
            organization_id=self.organization_id,
            site_id=self.site_id,
            customer_id=self.customer_id,
            conversion_id=self.conversion_id,
            event_id=self.event_id,
            name=self.name,
            occurred_ms=int(self.occurred_ms),
            value_micros=int(self.value_micros),
            currency=self.currency,
            revision=int(self.revision),
        )
