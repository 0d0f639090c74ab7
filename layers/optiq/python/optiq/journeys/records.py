"""Customers, event claims and conversions in the table."""

from typing import cast

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from optiq.journeys import keys
from optiq.journeys.contracts import CERTAIN, Conversion, Grade
from optiq.kernel.table import BySecondKey, Record
from optiq.kernel.table_ending import Temporary


class CustomerRecord(Record):
    """A customer: the recent facts, and the links to others.

    Attributes:
        version: grows with every change; a writer must have seen the version it replaces.
        facts: the recent facts, packed (history.py); older ones are sealed in HISTORY items.
        links: the other customers that events named together with this one (links.py), as JSON.
        recent_days: how many recent facts there are of each UTC day, packed (days.py). first_ms: the earliest event
            that may open a visit. Absent where they follow from the few facts that there are.
        sealed: what was sealed of each UTC day, packed; absent without any.
        conversions: the ids of the latest events that the site counted as conversions.
        crowded, of_servers: as in customers/customer.py; absent where they say nothing.
        written_as: the persons that its visits and conversions are written under, and how sure that was, as
            JSON; absent where it is written as itself.
        erased_ms: until when everything of it was erased; absent where nothing was.
        latest, follows: as in customers/customer.py; absent where they say nothing.
    """

    identity_type = UnicodeAttribute()
    version = NumberAttribute()
    facts = BinaryAttribute(legacy_encoding=False)
    links = UnicodeAttribute(default="[]")
    first_ms = NumberAttribute(null=True)
    recent_days = BinaryAttribute(null=True, legacy_encoding=False)
    sealed = BinaryAttribute(null=True, legacy_encoding=False)
    conversions = UnicodeAttribute(null=True)
    crowded = UnicodeAttribute(null=True)
    of_servers = BooleanAttribute(null=True)
    written_as = UnicodeAttribute(null=True)
    erased_ms = NumberAttribute(null=True)
    latest = JSONAttribute(null=True)
    follows = UnicodeAttribute(null=True)


class CustomerVersionRecord(Record):
    """A customer's item as far as it says whether it changed. PynamoDB looks for each attribute that a record has."""

    version = NumberAttribute()


class HistoryRecord(Temporary):
    """Facts of a customer on one UTC day, sealed: written once, and never changed but when the customer is erased. Then
    it is empty, and ends. The pages of a day are numbered."""

    facts = BinaryAttribute(legacy_encoding=False)


class EventClaimRecord(Temporary):
    """The content an event id stands for, where the id itself does not prove whose it is.

    `receipt` and `occurred_ms` are those of its first delivery. It ends with the time in which a sender may come again.
    """

    digest = UnicodeAttribute()
    receipt = UnicodeAttribute()
    occurred_ms = NumberAttribute()


class OrderRecord(Record):
    """The reports of one order number (orders.py), packed. One whose corrections wait for it stands in the index.

    `crowded`, `displaced`, `shared` and `parting` are as in orders/table.py, absent for nearly every number.
    """

    by_second_key = BySecondKey()

    number = UnicodeAttribute()
    version = NumberAttribute()
    reports = BinaryAttribute(legacy_encoding=False)
    crowded = BooleanAttribute(null=True)
    shared = UnicodeAttribute(null=True)
    parting = BooleanAttribute(null=True)
    displaced = BinaryAttribute(null=True, legacy_encoding=False)


class ConversionRecord(Record):
    """A conversion, or what once was one: an order's later report, which stands in no index and names its successor."""

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
    order_id = UnicodeAttribute(default="")
    gross_micros = NumberAttribute(default=0)
    arrived_ms = NumberAttribute(default=0)
    evidence = UnicodeAttribute(default=CERTAIN)
    verified = BooleanAttribute(default=False)
    part_of = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, conversion: Conversion) -> "ConversionRecord":
        where = (conversion.organization_id, conversion.site_id)
        key = keys.conversion(*where, conversion.conversion_id)
        index_key = None if conversion.part_of else keys.conversions_of_site(*where)
        return cls(
            key.pk,
            key.sk,
            gsi1pk=index_key,
            gsi1sk=index_key and conversion.conversion_id,
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
            order_id=conversion.order_id,
            gross_micros=conversion.gross_micros,
            arrived_ms=conversion.arrived_ms,
            evidence=conversion.evidence,
            verified=conversion.verified,
            part_of=conversion.part_of or None,
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
            order_id=self.order_id,
            gross_micros=int(self.gross_micros),
            arrived_ms=int(self.arrived_ms),
            evidence=cast(Grade, self.evidence),
            verified=bool(self.verified),
            part_of=self.part_of or "",
        )
