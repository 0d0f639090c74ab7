"""Orders in the table, an item for each number, loaded and committed many at a time."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from operator import attrgetter
from typing import Literal, cast

from optiq.journeys import keys
from optiq.journeys.orders.places import placed
from optiq.journeys.orders.purchases import may_wait
from optiq.journeys.orders.reports import Report
from optiq.journeys.records import OrderRecord
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.events import IdentityType, Product
from optiq.kernel.keys import Key
from optiq.kernel.table import Put, put_each

LATER_THAN_ANY = 4 * 10**12
"""Later than the revision of any person, which is an instant of this century in milliseconds."""
MAX_REPORTERS = 10
"""Where more identifiers report or correct a number, by servers or by pages, several buyers share it (`shared`)."""

Sharing = Literal["", "PAGES", "ALL"]


@dataclass(slots=True)
class Order:
    """The events that name one order number, as loaded.

    Attributes:
        version: grows with every change, as a customer's does; 0 for a number that is new.
        crowded: more events named the number than have a place.
        displaced: reports that lost their place to earlier ones, until it is published what they are now.
        shared: PAGES when so many visitors of pages report the number that each is looked at by itself, beside what
            servers report; ALL when so many report it by servers that each is. It stays so.
        parting: until it is published what that changed.
    """

    number: str
    version: int = 0
    read_version: int = 0
    reports: tuple[Report, ...] = ()
    crowded: bool = False
    displaced: tuple[Report, ...] = ()
    shared: Sharing = ""
    parting: bool = False
    changed: bool = False

    def has(self, event_id: str) -> bool:
        """Whether an event is among the reports; those without a place are not."""
        return any(report.event_id == event_id for report in self.reports)

    def customer_ids(self) -> set[str]:
        """Everybody who reports or corrects it."""
        return {report.customer_id for report in self.reports}

    def add_all(self, reports: Sequence[Report]) -> None:
        """Adds events to those that have a place, as far as they find one."""
        before, were = self.reports, self.customer_ids()
        self.reports = placed((*self.reports, *reports))
        # The revision of its conversions counts those of its customers, and must not fall where one is lost.
        self.version += len(were - self.customer_ids()) * LATER_THAN_ANY
        placed_ids = {report.event_id for report in self.reports}
        lost = [report for report in before if report.event_id not in placed_ids]
        crowded = self.crowded or bool(lost) or any(report.event_id not in placed_ids for report in reports)
        self.changed = self.changed or (before, self.crowded) != (self.reports, crowded)
        self.crowded = crowded
        self.displaced += tuple(report for report in lost if not report.correction)
        self.share_if_many()

    def share_if_many(self) -> None:
        """Marks the number as shared where so many identifiers report it."""
        if len(self.reporters(from_server=True)) > MAX_REPORTERS:
            self.share("ALL")
        elif len(self.reporters(from_server=False)) > MAX_REPORTERS:
            self.share("PAGES")

    def share(self, sharing: Sharing) -> None:
        """Marks the number as shared, for good."""
        if self.shared not in ("ALL", sharing):
            # The revision of its conversions no longer counts those of all its customers, and must not fall.
            self.version += (len(self.customer_ids()) + 1) * LATER_THAN_ANY
            self.shared, self.parting, self.changed = sharing, True, True

    def reporters(self, *, from_server: bool) -> dict[str, IdentityType]:
        """Who reports or corrects it, or did, by servers or by pages."""
        reports = (one for one in (*self.reports, *self.displaced) if one.from_server == from_server)
        return {report.customer_id: report.identity_type for report in reports}


_NAMES = [field.name for field in fields(Report) if field.name != "products"]
_fields = attrgetter(*_NAMES)


class Orders:
    """The orders of one site that a piece of work needs."""

    def __init__(self, organization_id: str, site_id: str) -> None:
        self._organization_id = organization_id
        self._site_id = site_id
        self._loaded: dict[str, Order] = {}

    def load(self, numbers: Iterable[str]) -> None:
        """Reads orders, again where they are loaded already; unknown ones come as new."""
        by_key = {self._key(number): number for number in numbers}
        self._loaded.update({number: Order(number) for number in by_key.values()})
        self.take(OrderRecord.batch_get([tuple(key) for key in by_key], consistent_read=True))

    def take(self, records: Iterable[OrderRecord]) -> None:
        """Takes over orders as they were read."""
        for record in records:
            number, version = str(record.number), int(record.version)
            self._loaded[number] = Order(
                number,
                version,
                version,
                _unpacked(record.reports),
                crowded=bool(record.crowded),
                displaced=_unpacked(record.displaced) if record.displaced else (),
                shared=cast(Sharing, record.shared or ""),
                parting=bool(record.parting),
            )

    def get(self, number: str) -> Order:
        return self._loaded[number]

    def __contains__(self, number: str) -> bool:
        return number in self._loaded

    def puts(self) -> list[Put]:
        """What writes every changed order whose stored version is still the one loaded."""
        changed = [order for order in self._loaded.values() if order.changed]
        for order in changed:
            order.version = max(system_clock(), order.version + 1)
        return [self._put(order, order.read_version) for order in changed]

    def keep_shared(self, numbers: Iterable[str]) -> None:
        """Writes those orders that were found to be shared when they were loaded.

        Raises:
            UpstreamError: somebody else changed one meanwhile; load them again.
        """
        found = [order for order in map(self.get, numbers) if order.changed]
        for order in found:
            order.version = max(system_clock(), order.version + 1)
        if put_each([self._put(order, order.read_version) for order in found]):
            raise UpstreamError("orders kept changing while they were told", retryable=True)
        for order in found:
            order.read_version, order.changed = order.version, False

    def settle(self) -> None:
        """Forgets displaced reports, and that others part, which is published now. A change by others meanwhile keeps
        them: no matter."""
        settled = [order for order in self._loaded.values() if order.displaced or order.parting]
        for order in settled:
            order.displaced, order.parting = (), False
        put_each([self._put(order, order.version) for order in settled])

    def _put(self, order: Order, read: int) -> Put:
        key = self._key(order.number)
        record = OrderRecord(
            key.pk,
            key.sk,
            number=order.number,
            version=order.version,
            reports=_packed(order.reports),
            crowded=order.crowded or None,
            shared=order.shared or None,
            parting=order.parting or None,
            displaced=_packed(order.displaced) if order.displaced else None,
        )
        if waiting := may_wait(order.reports):
            record.gsi1pk = keys.waiting_corrections(self._organization_id, self._site_id)
            record.gsi1sk = f"{waiting[0].occurred_ms:015d}#{key.pk.rpartition('#')[2]}"
        return Put(record, OrderRecord.version == read if read else OrderRecord.pk.does_not_exist())

    def _key(self, number: str) -> Key:
        digest = blake2b(number.encode(), digest_size=12).hexdigest()
        return keys.order(self._organization_id, self._site_id, digest)


def _packed(reports: Sequence[Report]) -> bytes:
    rows = [(*_fields(report), _products(report)) for report in reports]
    return zlib.compress(json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode(), 6)


def _products(report: Report) -> list[tuple[str, int | None, int]]:
    return [(product.product_id, product.price_micros, product.quantity) for product in report.products]


def _unpacked(packed: bytes) -> tuple[Report, ...]:
    return tuple(
        Report(
            # Rows from before a field was added lack the last.
            **dict(zip(_NAMES, values, strict=False)),
            products=tuple(Product(product_id=i, price_micros=p, quantity=q) for i, p, q in products),
        )
        for *values, products in json.loads(zlib.decompress(packed))
    )
