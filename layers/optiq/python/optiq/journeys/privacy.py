"""What journeys knows of a person, given out and erased (kernel/person.py)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.table import Customers
from optiq.journeys.erasing import customers as erasing
from optiq.journeys.erasing import in_lake
from optiq.journeys.erasing.in_lake import TABLES, TIMES
from optiq.journeys.erasing.returning import current
from optiq.journeys.lake import CONVERSIONS, EVENTS, SESSIONS
from optiq.journeys.links import DEVICE_TYPES, PERSONAL_TYPES
from optiq.kernel.ids import new_id
from optiq.kernel.person import Mode, Person, Row, Traces
from optiq.ports.lake_person import count_in, read_from
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

_EXPORTED = (EVENTS, SESSIONS, CONVERSIONS)
"""The others follow from these."""


def traces_of(organization_id: str, hashes: tuple[str, ...], now_ms: int) -> tuple[Traces, ...]:
    """The customers that identifiers lead to on each site, and everybody they are one person with."""
    found = (_traces_on(site, hashes, now_ms) for site in tenancy.sites_of(organization_id))
    return tuple(traces for traces in found if traces)


def _traces_on(site: Site, hashes: tuple[str, ...], now_ms: int) -> Traces | None:
    customers = Customers(site.organization_id, site.site_id)
    everybody: dict[str, Customer] = {}
    for name in (f"cus_{hashed}" for hashed in hashes):
        one = current(customers, name)
        if one.version:
            everybody |= {other.customer_id: other for other in customers.person_of(one.customer_id).customers}
    shared = {
        name
        for name, one in everybody.items()
        if one.identity_type in DEVICE_TYPES
        and any(
            link.other not in everybody and link.other_type in PERSONAL_TYPES and not link.cut
            for link in one.links.values()
        )
    }
    if not everybody:
        return None
    remains = new_id("cus", now_ms)
    own, of_all = frozenset(everybody.keys() - shared), frozenset(one.hash for one in everybody.values())
    return Traces(site.site_id, own, frozenset(shared), remains, of_all)


def find(person: Person) -> Mapping[str, int]:
    found = {table.name: count_in(table, person, TIMES[table.name]) for table in TABLES}
    return found | {"customers": sum(1 for _ in _customers_of(person))}


def export(person: Person) -> Iterator[tuple[str, Row]]:
    for table in _EXPORTED:
        for row in read_from(table, person, TIMES[table.name]):
            yield table.name, row
    for row in _customers_of(person):
        yield "customers", row


def erase(person: Person, mode: Mode) -> None:
    for traces in person.traces:
        site = tenancy.get_site(person.organization_id, traces.site_id)
        own = replace(person, traces=(traces,))
        converted = {str(row["conversion_id"]) for row in read_from(CONVERSIONS, own, TIMES[CONVERSIONS.name])}
        salt = "".join((traces.remains, *person.hashes))
        erasing.erase(site, traces, mode, person.erased_ms, salt, converted)
        kept = erasing.touches_of(site, traces.remains)
        in_lake.erase(site, own, mode, salt, kept)


def _customers_of(person: Person) -> Iterator[Row]:
    """The person's identifiers, by their keyed hashes: of a kind, and what links them."""
    for traces in person.traces:
        customers = Customers(person.organization_id, traces.site_id)
        customers.load(dict.fromkeys(traces.customers | traces.shared, "anonymous_id"))
        for one in erasing.of_traces(customers, traces):
            yield {
                "site_id": traces.site_id,
                "customer_id": one.customer_id,
                "type": one.identity_type,
                "links": [{"customer_id": link.other, "type": link.other_type} for link in one.links.values()],
            }
