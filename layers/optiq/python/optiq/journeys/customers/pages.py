"""Sealed facts of customers, in pages of a UTC day each."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from optiq.journeys import keys
from optiq.journeys.customers.customer import Customer
from optiq.journeys.history import Fact, pack, unpack_page
from optiq.journeys.records import HistoryRecord
from optiq.kernel.clock import DAY_MS, day_number, iso_day
from optiq.kernel.table import Put

_PAGES_AT_ONCE = 20
_PAGE_BYTES = 100_000
"""An item may have 400 KB and a transaction 4 MB; this counts the longest texts of the facts, uncompressed."""


class Pages:
    """The pages of one site's customers."""

    def __init__(self, organization_id: str, site_id: str) -> None:
        self._organization_id = organization_id
        self._site_id = site_id

    def put(self, customer: Customer, day: int, facts: Sequence[Fact]) -> Put:
        # A name of its own, for other pages of this day may be sealed already.
        name = secrets.token_hex(6)
        key = keys.customer_history(self._organization_id, self._site_id, customer.customer_id, iso_day(day), name)
        return Put(HistoryRecord(key.pk, key.sk, facts=pack(facts)), None)

    def read(self, customer: Customer, first_day: int, last_day: int) -> None:
        found: dict[int, list[Fact]] = defaultdict(list)
        for day, facts in self.between(customer, first_day, last_day, newest_first=False):
            found[day] += facts
        _loaded(customer, range(first_day, last_day + 1), found)

    def read_back(self, customer: Customer, first_day: int, last_day: int, facts: int) -> int:
        """Reads facts back from a day until so many are known; returns the first day of which all are known."""
        found: dict[int, list[Fact]] = defaultdict(list)
        known = 0
        for day, of_page in self.between(customer, first_day, last_day, newest_first=True):
            if known >= facts and day not in found:
                first_day = min(found)
                break
            found[day] += of_page
            known += len(of_page)
        _loaded(customer, range(first_day, last_day + 1), found)
        return first_day

    def between(
        self, customer: Customer, first_day: int, last_day: int, *, newest_first: bool
    ) -> Iterator[tuple[int, tuple[Fact, ...]]]:
        where = (self._organization_id, self._site_id, customer.customer_id)
        first = keys.customer_history(*where, iso_day(first_day), "")
        last = keys.customer_history(*where, iso_day(last_day), "~")
        for record in HistoryRecord.query(
            first.pk,
            HistoryRecord.sk.between(first.sk, last.sk),
            scan_index_forward=not newest_first,
            consistent_read=True,
            page_size=_PAGES_AT_ONCE,
        ):
            yield day_number(record.sk.split("#")[1]), unpack_page(record.facts)


def pages_of(facts: Iterable[Fact]) -> Iterator[tuple[int, list[Fact]]]:
    """Facts by UTC day, in pages that an item can hold."""
    by_day: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_day[fact.occurred_ms // DAY_MS].append(fact)
    for day, of_day in by_day.items():
        page: list[Fact] = []
        size = 0
        for fact in of_day:
            of_fact = len(fact.url) + len(fact.referrer) + 200
            if page and size + of_fact > _PAGE_BYTES:
                yield day, page
                page, size = [], 0
            page.append(fact)
            size += of_fact
        yield day, page


def _loaded(customer: Customer, days: range, found: Mapping[int, Sequence[Fact]]) -> None:
    for day in days:
        customer.pages.pop(day, None)
    customer.loaded_days.update(days)
    for day, of_day in found.items():
        customer.add_page(day, of_day)
