"""A customer's own item in the table."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from optiq.journeys import keys
from optiq.journeys.customers.customer import Crowded, Customer, WrittenAs
from optiq.journeys.days import pack_days, pack_sealed, unpack_days, unpack_sealed
from optiq.journeys.history import FEW_BYTES
from optiq.journeys.links import dump_links, load_links
from optiq.journeys.records import CustomerRecord, CustomerVersionRecord
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
            links={link.other: link for link in load_links(record.links)},
            sealed=unpack_sealed(record.sealed) if record.sealed else {},
            conversions=tuple(json.loads(record.conversions or "[]")),
            crowded=cast(Crowded, record.crowded or ""),
            of_servers=bool(record.of_servers),
            written_as=_written_as(record),
            erased_ms=int(record.erased_ms or 0),
            latest=frozenset(record.latest or ()),
            follows=record.follows or "",
        )
        days = unpack_days(record.recent_days) if record.recent_days else None
        customers[customer_id].begin(record.facts, days, whole_or_none(record.first_ms))
    return customers


def versions_of(site: tuple[str, str], customer_ids: Iterable[str]) -> dict[str, int]:
    """The versions of customers as they are in the table; 0 for those that are not there."""
    by_pk = {keys.customer(*site, customer_id).pk: customer_id for customer_id in customer_ids}
    versions = dict.fromkeys(by_pk.values(), 0)
    wanted = [(pk, "CUSTOMER") for pk in by_pk]
    for record in CustomerVersionRecord.batch_get(wanted, consistent_read=True, attributes_to_get=["pk", "version"]):
        versions[by_pk[record.pk]] = int(record.version)
    return versions


def put_of(site: tuple[str, str], customer: Customer, packed: bytes) -> Put:
    """Writes a customer over the version that was read. `packed` are its recent facts."""
    key = keys.customer(*site, customer.customer_id)
    # What is known of few recent facts follows from them; of more it is kept, so that they need not be unpacked.
    kept_beside = len(packed) > FEW_BYTES
    record = CustomerRecord(
        key.pk,
        key.sk,
        identity_type=customer.identity_type,
        version=customer.version,
        facts=packed,
        links=dump_links(customer.links.values()),
        recent_days=pack_days(customer.recent_days) if kept_beside else None,
        first_ms=customer.first_ms if kept_beside or customer.sealed else None,
        sealed=pack_sealed(customer.sealed) if customer.sealed else None,
        conversions=json.dumps(customer.conversions, separators=(",", ":")) if customer.conversions else None,
        crowded=customer.crowded or None,
        of_servers=customer.of_servers or None,
        written_as=_text_of(customer.written_as),
        erased_ms=customer.erased_ms or None,
        latest=sorted(customer.latest) or None,
        follows=customer.follows or None,
    )
    read = customer.read_version
    known = CustomerRecord.version == read if read else CustomerRecord.pk.does_not_exist()
    return Put(record, known)


def put_written_as(site: tuple[str, str], customer: Customer, written: WrittenAs) -> Put:
    """Notes what a customer is written as now, unless it changed meanwhile or somebody noted something else."""
    before = _text_of(customer.written_as)
    customer.is_written_as(written)
    put = put_of(site, customer, customer.packed())
    noted = CustomerRecord.written_as
    return replace(put, condition=put.condition & (noted == before if before else noted.does_not_exist()))


def _text_of(written_as: Sequence[WrittenAs]) -> str | None:
    return json.dumps(written_as, separators=(",", ":")) if written_as else None


def _written_as(record: CustomerRecord) -> tuple[WrittenAs, ...]:
    return tuple(WrittenAs(name, grade) for name, grade in json.loads(record.written_as or "[]"))
