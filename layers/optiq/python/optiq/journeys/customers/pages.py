"""Sealed facts of customers, in pages of a slot of a UTC day each (days.py)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from optiq.journeys import keys
from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.items import put_of
from optiq.journeys.days import day_of_slot, is_of_servers, slot_of
from optiq.journeys.history import Fact, pack, unpack_page
from optiq.journeys.records import HistoryRecord
from optiq.kernel.clock import iso_day
from optiq.kernel.keys import Key
from optiq.kernel.table import Put, put_together

_PAGE_BYTES = 100_000
"""An item may have 400 KB and a transaction 4 MB; this counts the longest texts of the facts, uncompressed."""
_SEALED_AT_ONCE = 20


class Pages:
    """The pages of one site's customers."""

    def __init__(self, organization_id: str, site_id: str) -> None:
        self._organization_id = organization_id
        self._site_id = site_id

    def put(self, customer: Customer, slot: int, facts: Sequence[Fact]) -> Put:
        # Whoever else seals a page of this number changes the customer too, so one of both is refused.
        key = _key_of_page(
            (self._organization_id, self._site_id), customer.customer_id, slot, customer.seal(slot, facts)
        )
        return Put(HistoryRecord(key.pk, key.sk, facts=pack(facts)), None)

    def seal(self, customer: Customer) -> bool:
        """Moves the recent facts into pages, a slot each, together with the customer's own item; whether it was."""
        pages = list(pages_of(customer.recent))
        for start in range(0, len(pages), _SEALED_AT_ONCE):
            customer.version += bool(start)
            sealed = [self.put(customer, *page) for page in pages[start : start + _SEALED_AT_ONCE]]
            own = put_of((self._organization_id, self._site_id), customer, customer.packed())
            if not put_together([*sealed, own]):
                return False
            customer.read_version = customer.version
        return True

    def read(self, wanted: Iterable[tuple[Customer, int]]) -> None:
        """Reads all that was sealed of slots of customers."""
        pages: dict[Key, tuple[Customer, int]] = {}
        for customer, slot in wanted:
            customer.loaded_days.add(slot)
            site = (self._organization_id, self._site_id)
            for key in keys_of_pages(site, customer.customer_id, slot, customer.sealed[slot].pages):
                pages[key] = (customer, slot)
        for record in HistoryRecord.batch_get([tuple(key) for key in pages], consistent_read=True) if pages else ():
            customer, slot = pages[Key(record.pk, record.sk)]
            customer.add_page(slot, unpack_page(record.facts))


def keys_of_pages(site: tuple[str, str], customer_id: str, slot: int, pages: int) -> list[Key]:
    """The keys of all pages of a slot."""
    return [_key_of_page(site, customer_id, slot, page) for page in range(pages)]


def _key_of_page(site: tuple[str, str], customer_id: str, slot: int, page: int) -> Key:
    day = f"{iso_day(day_of_slot(slot))}{'#SERVER' if is_of_servers(slot) else ''}"
    return keys.customer_history(*site, customer_id, day, page)


def pages_of(facts: Iterable[Fact]) -> Iterator[tuple[int, list[Fact]]]:
    """Facts by slot, in pages that an item can hold."""
    by_slot: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_slot[slot_of(fact)].append(fact)
    for slot, of_slot in by_slot.items():
        page: list[Fact] = []
        size = 0
        for fact in of_slot:
            of_fact = len(fact.url) + len(fact.referrer) + 200
            if page and size + of_fact > _PAGE_BYTES:
                yield slot, page
                page, size = [], 0
            page.append(fact)
            size += of_fact
        yield slot, page
