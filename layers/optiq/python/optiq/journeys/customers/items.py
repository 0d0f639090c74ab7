"""A customer's own item in the table."""

import json
from collections.abc import Mapping
from typing import cast

from optiq.journeys import keys
from optiq.journeys.customers.customer import Customer
from optiq.journeys.history import unpack
from optiq.journeys.links import dump_links, load_links
from optiq.journeys.records import CustomerRecord
from optiq.kernel.events import IdentityType
from optiq.kernel.table import Put, whole_or_none


def read_customers(site: tuple[str, str], wanted: Mapping[str, IdentityType]) -> dict[str, Customer]:
    """Customers of a site (organization, site); those that are not there come as new."""
    by_pk = {keys.customer(*site, c).pk: c for c in wanted}
    customers = {customer_id: Customer(customer_id, kind) for customer_id, kind in wanted.items()}
    for record in CustomerRecord.batch_get([(pk, "CUSTOMER") for pk in by_pk], consistent_read=True):
        customer_id = by_pk[record.pk]
        customers[customer_id] = Customer(
            customer_id=customer_id,
            identity_type=cast(IdentityType, record.identity_type),
            version=int(record.version),
            read_version=int(record.version),
            recent=unpack(record.facts),
            links={link.other: link for link in load_links(record.links)},
            sealed=None if record.sealed_from is None else (int(record.sealed_from), int(record.sealed_to)),
            conversions=tuple(json.loads(record.conversions or "[]")),
            crowded=bool(record.crowded),
        )
        customers[customer_id].begin(whole_or_none(record.first_ms))
    return customers


def put_of(site: tuple[str, str], customer: Customer, packed: bytes) -> Put:
    """Writes a customer over the version that was read. `packed` are its recent facts."""
    key = keys.customer(*site, customer.customer_id)
    first, last = customer.sealed or (None, None)
    record = CustomerRecord(
        key.pk,
        key.sk,
        identity_type=customer.identity_type,
        version=customer.version,
        facts=packed,
        links=dump_links(customer.links.values()),
        # Of a customer whose facts all stand here, these follow from them.
        first_ms=customer.first_ms if customer.sealed else None,
        sealed_from=first,
        sealed_to=last,
        conversions=json.dumps(customer.conversions, separators=(",", ":")) if customer.conversions else None,
        crowded=customer.crowded or None,
    )
    read = customer.read_version
    known = CustomerRecord.version == read if read else CustomerRecord.pk.does_not_exist()
    return Put(record, known)
