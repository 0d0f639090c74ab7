"""Facts that have had their time leave the table, as their rows leave the lake.

A customer keeps what is younger; one of whom nothing is younger goes with their pages.
"""

from collections.abc import Collection, Iterable

from optiq.journeys import keys
from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.items import put_of, read_customers
from optiq.journeys.customers.pages import keys_of_pages
from optiq.journeys.days import slot_of, slots_of
from optiq.journeys.records import CustomerRecord
from optiq.kernel.clock import day_number, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.keys import Key
from optiq.kernel.table import Record, delete_if, put_one

_TRIES = 5


def forget_facts(organization_id: str, site_id: str, customer_ids: Collection[str], first_day: str) -> None:
    """Takes what customers did before a UTC day out of the table; repeated, it changes nothing.

    Raises UpstreamError: a customer changes all the time; it is to be tried again.
    """
    site = (organization_id, site_id)
    for customer_id in sorted(customer_ids):
        if not any(_forgotten(site, customer_id, first_day) for _ in range(_TRIES)):
            raise UpstreamError("a customer was changed at the same time", retryable=True)


def forget_conversions(organization_id: str, site_id: str, conversion_ids: Iterable[str]) -> None:
    """Removes conversions from the table; repeated, it changes nothing."""
    _remove(keys.conversion(organization_id, site_id, each) for each in conversion_ids)


def _forgotten(site: tuple[str, str], customer_id: str, first_day: str) -> bool:
    """False where somebody changed the customer at the same time."""
    customer = read_customers(site, {customer_id: "anonymous_id"})[customer_id]
    first = slots_of(day_number(first_day), day_number(first_day))[0]
    old = {slot: sealed for slot, sealed in customer.sealed.items() if slot < first}
    recent = [fact for fact in customer.recent if slot_of(fact) >= first]
    if not customer.read_version or (not old and len(recent) == len(customer.recent)):
        return True
    pages = [key for slot, sealed in old.items() for key in keys_of_pages(site, customer_id, slot, sealed.pages)]
    if not recent and len(old) == len(customer.sealed):
        written = _delete(site, customer)
    else:
        customer.keep_from(first)
        customer.version = max(system_clock(), customer.version + 1)
        written = put_one(put_of(site, customer, customer.packed()))
    if written:
        _remove(pages)
    return written


def _delete(site: tuple[str, str], customer: Customer) -> bool:
    key = keys.customer(*site, customer.customer_id)
    return delete_if(CustomerRecord(*key), CustomerRecord.version == customer.read_version)


def _remove(gone: Iterable[Key]) -> None:
    with Record.batch_write() as batch:
        for key in gone:
            batch.delete(Record(*key))
