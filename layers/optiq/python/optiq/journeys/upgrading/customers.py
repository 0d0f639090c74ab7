"""Customers of 0.2.0: sealed facts had pages without numbers, and a customer did not know how many facts a day has."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.items import put_of
from optiq.journeys.customers.pages import Pages, pages_of
from optiq.journeys.customers.table import Customers
from optiq.journeys.days import Sealed
from optiq.journeys.history import Fact, unpack, unpack_page
from optiq.journeys.links import load_links
from optiq.journeys.records import HistoryRecord
from optiq.journeys.upgrading.conversions import move_all, new_id, old_id
from optiq.journeys.upgrading.records import OldCustomerRecord
from optiq.kernel.errors import UpstreamError
from optiq.kernel.table import Put, put_together, whole_or_none

_HISTORY = "HISTORY#"
_NUMBER_LENGTH = 5
"""Of a page's number at the end of its key; 0.2.0 had twelve random characters there."""
_PAGES_AT_ONCE = 90


def convert(record: OldCustomerRecord) -> None:
    """Writes a customer as it is kept today, and gives its conversions their new ids. A second time changes nothing."""
    organization_id, site_id, customer_id = _place_of(record.pk)
    pages = list(HistoryRecord.query(record.pk, HistoryRecord.sk.startswith(_HISTORY), consistent_read=True))
    old = [page for page in pages if len(page.sk.rpartition("#")[2]) != _NUMBER_LENGTH]
    facts = [fact for page in pages for fact in unpack_page(page.facts)]
    new_ids = _new_ids([*unpack(record.facts), *facts], site_id) if record.conversions else {}
    move_all(organization_id, site_id, new_ids)
    if record.sealed is None:
        sealed = _seal(
            organization_id, site_id, customer_id, [fact for page in old for fact in unpack_page(page.facts)]
        )
        customer = Customer(
            customer_id,
            record.kind,
            version=int(record.version),
            read_version=int(record.version),
            links={link.other: link for link in load_links(record.links)},
            sealed=sealed,
            conversions=tuple(sorted(new_ids.get(one, one) for one in record.conversions or ())),
            crowded="ALL" if record.crowded is True else record.crowded or "",
        )
        customer.begin(record.facts, None, whole_or_none(record.first_ms))
        if not put_together([put_of((organization_id, site_id), customer, record.facts)]):
            raise UpstreamError("a customer was changed while it was upgraded: stop what else writes", retryable=True)
    for page in old:
        page.delete()


def name(record: OldCustomerRecord) -> None:
    """Notes under which person's name a customer's visits and conversions are written."""
    organization_id, site_id, customer_id = _place_of(record.pk)
    customers = Customers(organization_id, site_id)
    customers.load({customer_id: record.kind})
    customer, person = customers.get(customer_id), customers.person_of(customer_id)
    if len(person.customers) > 1 and not customer.written_as:
        customers.note([(customer, person.writing()[customer_id])])


def _place_of(pk: str) -> tuple[str, str, str]:
    """Organization, site and customer of a partition."""
    _, organization_id, _, site_id, _, customer_id = pk.split("#", 5)
    return organization_id, site_id, customer_id


def _new_ids(facts: Sequence[Fact], site_id: str) -> dict[str, str]:
    """What the conversions of events would be called: old ids and new ones."""
    return {
        old_id(site_id, fact.event_id, fact.occurred_ms): new_id(
            site_id, fact.event_id, fact.occurred_ms, fact.delay_ms, fact.position
        )
        for fact in facts
    }


def _seal(organization_id: str, site_id: str, customer_id: str, facts: Sequence[Fact]) -> Mapping[int, Sealed]:
    """Writes facts into numbered pages; those that are there already have the same facts."""
    customer, pages = Customer(customer_id, "anonymous_id"), Pages(organization_id, site_id)
    known: dict[int, list[Fact]] = defaultdict(list)
    puts: list[Put] = []
    for slot, of_page in pages_of(sorted(facts, key=lambda fact: fact.order)):
        known[slot] += of_page
        puts.append(pages.put(customer, slot, of_page))
    for start in range(0, len(puts), _PAGES_AT_ONCE):
        put_together(puts[start : start + _PAGES_AT_ONCE])
    return customer.sealed
