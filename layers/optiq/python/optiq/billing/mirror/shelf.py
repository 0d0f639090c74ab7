"""The mirror in the table."""

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from optiq.billing import keys
from optiq.billing.accounts.stored import account_of, change_account, organization_of
from optiq.billing.mirror.contracts import Customer, Invoice, MirrorFault, Payment, PaymentMethod, Subscription
from optiq.billing.mirror.mirroring import counting_of
from optiq.billing.mirror.port import Mirrored
from optiq.billing.mirror.records import ParkedRecord, SeenEventRecord
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, NotFoundError
from optiq.kernel.keys import Key
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.records import entity_in, record_of, values_of
from optiq.kernel.secrets import derive, platform_secret
from optiq.kernel.table import Put, Record, Update, put_one, table_outages, update_if
from optiq.store.records import ClaimRecord
from optiq.tenancy import api as tenancy

E = TypeVar("E", Subscription, Invoice, Payment, PaymentMethod, Customer)
L = TypeVar("L", Invoice, Payment)
_KINDS: dict[type, tuple[Callable[[str, str], Key], str]] = {
    Subscription: (keys.subscription, "subscription_id"),
    Invoice: (keys.invoice, "invoice_id"),
    Payment: (keys.payment, "payment_id"),
    PaymentMethod: (keys.method, "method_id"),
    Customer: (keys.customer, "customer_id"),
}
_FAULT: Any = record_of(MirrorFault)
_KEPT_MS, _PARKED_MS = 60 * DAY_MS, 30 * DAY_MS


class TableShelf:
    """The port `Shelf` (port.py)."""

    def __init__(self, clock: Clock = system_clock) -> None:
        self._clock = clock

    def owner_of(self, object_id: str) -> str:
        with table_outages():
            return organization_of(object_id)

    def own(self, organization_id: str, object_id: str) -> None:
        record = ClaimRecord(*keys.stripe_object(object_id), holder=organization_id)
        with table_outages():
            put_one(Put(record, ClaimRecord.pk.does_not_exist()))

    def link_customer(self, organization_id: str, customer_id: str) -> bool:
        try:
            tenancy.get_organization(organization_id)
        except NotFoundError:
            return False
        before = account_of(organization_id, self._clock())
        if before.customer_id not in ("", customer_id):
            return False
        try:
            change_account(
                Caller.system(organization_id), before, replace(before, customer_id=customer_id), self._clock
            )
        except ConflictError:
            return organization_of(customer_id) == organization_id
        return True

    def read(self, kind: type[E], organization_id: str, object_id: str) -> E | None:
        record = _record(kind)
        try:
            with table_outages():
                found = record.get(*_KINDS[kind][0](organization_id, object_id), consistent_read=True)
        except record.DoesNotExist:
            return None
        return entity_in(kind, found)

    def write(self, entity: Mirrored, expected_version: int) -> bool:
        record, (key_of, id_field) = _record(type(entity)), _KINDS[type(entity)]
        object_id = getattr(entity, id_field)
        key = key_of(entity.organization_id, object_id)
        values: dict[str, Any] = {"pk": key.pk, "sk": key.sk, **values_of(entity)}
        if isinstance(entity, Invoice | Payment):
            values |= {
                "gsi1pk": _list_of(type(entity), entity.organization_id),
                "gsi1sk": f"{entity.created_ms:015d}#{object_id}",
            }
        version = record.version  # type: ignore[attr-defined]
        unchanged = version == expected_version if expected_version else record.pk.does_not_exist()
        with table_outages():
            return put_one(Put(record(**values), unchanged))

    def subscriptions_of(self, organization_id: str) -> Sequence[Subscription]:
        return _all_of(Subscription, organization_id)

    def park(self, customer_id: str, kind: str, object_id: str) -> None:
        forget_at = (self._clock() + _PARKED_MS) // 1000
        with table_outages():
            ParkedRecord(*keys.parked(customer_id, kind, object_id), forget_at=forget_at).save()

    def take_parked(self, customer_id: str) -> Sequence[tuple[str, str]]:
        """They stay until they end by themselves: to mirror again what is mirrored changes nothing."""
        with table_outages():
            found = list(ParkedRecord.query(keys.parked(customer_id).pk, consistent_read=True))
        return [(kind, object_id) for one in found for kind, _, object_id in [str(one.sk).partition("#")]]

    def fingerprint(self, plain: str) -> str:
        return card_hash(plain)

    def note_fault(self, kind: str, object_id: str, organization_id: str, reason: str) -> None:
        now_ms = self._clock()
        fault = MirrorFault(kind, object_id, organization_id, reason, now_ms, (now_ms + _KEPT_MS) // 1000)
        with table_outages():
            put_one(Put(_FAULT(*keys.mirror_fault(kind, object_id), **values_of(fault)), None))

    def clear_fault(self, kind: str, object_id: str) -> None:
        fault = _FAULT(*keys.mirror_fault(kind, object_id))
        with table_outages():
            update_if(Update(fault, [_FAULT.forget_at.set(self._clock() // 1000)], _FAULT.pk.exists()))

    def was_seen(self, event_id: str) -> bool:
        try:
            with table_outages():
                found = SeenEventRecord.get(*keys.stripe_event(event_id), consistent_read=True)
        except SeenEventRecord.DoesNotExist:
            return False
        return not found.has_ended(self._clock())

    def mark_seen(self, event_id: str) -> None:
        forget_at = (self._clock() + _KEPT_MS) // 1000
        with table_outages():
            SeenEventRecord(*keys.stripe_event(event_id), forget_at=forget_at).save()


def faults(now_ms: int) -> list[MirrorFault]:
    """Objects at Stripe that cannot be followed until staff mend them."""
    with table_outages():
        found = [entity_in(MirrorFault, one) for one in _FAULT.query(keys.MIRROR_FAULTS, consistent_read=True)]
    return [one for one in found if one.forget_at * 1000 > now_ms]


def subscription_of(organization_id: str) -> Subscription | None:
    """The subscription that counts."""
    return counting_of(_all_of(Subscription, organization_id))


def methods_of(organization_id: str) -> list[PaymentMethod]:
    """Methods that can pay."""
    return [one for one in _all_of(PaymentMethod, organization_id) if not one.ended]


def customer_of(organization_id: str) -> Customer | None:
    return next(iter(_all_of(Customer, organization_id)), None)


def page_of_kind(kind: type[L], organization_id: str, limit: int, cursor: str | None) -> Page[L]:
    """Invoices or payments, newest first. Raises InvalidError for another list's cursor."""
    record, (_, id_field) = _record(kind), _KINDS[kind]
    partition = _list_of(kind, organization_id)
    after = place_after(cursor, partition)
    below = record.gsi1sk < after if after else None
    index = record.by_second_key  # type: ignore[attr-defined]
    with table_outages():
        found = list(index.query(partition, below, scan_index_forward=False, limit=limit + 1))
    entities = [entity_in(kind, one) for one in found]
    return page_of(partition, entities, limit, lambda one: f"{one.created_ms:015d}#{getattr(one, id_field)}")


def newest_of(kind: type[L], organization_id: str, since_ms: int) -> Iterator[L]:
    """All invoices or payments since an instant, newest first."""
    record = _record(kind)
    index = record.by_second_key  # type: ignore[attr-defined]
    since = record.gsi1sk >= f"{since_ms:015d}"
    with table_outages():
        for one in index.query(_list_of(kind, organization_id), since, scan_index_forward=False):
            yield entity_in(kind, one)


def card_hash(plain: str) -> str:
    """The same for the same card, in every organization."""
    return hmac.digest(derive(platform_secret(), "card"), plain.encode(), "sha256").hex()[:32]


def _all_of(kind: type[E], organization_id: str) -> list[E]:
    record = _record(kind)
    prefix = _KINDS[kind][0](organization_id, "")
    with table_outages():
        found = list(record.query(prefix.pk, record.sk.startswith(prefix.sk), consistent_read=True))
    return [entity_in(kind, one) for one in found]


def _record(kind: type) -> type[Record]:
    return record_of(kind)


def _list_of(kind: type, organization_id: str) -> str:
    return f"{keys.billing_partition(organization_id)}#{kind.__name__.upper()}S"
