"""Vouchers in the table. Uses are counted on condition, in the transaction that grants what a voucher gives."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from optiq.billing import keys
from optiq.billing.vouchers.contracts import Redemption, Voucher
from optiq.kernel.ids import may_be_id
from optiq.kernel.records import entity_in, record_of, values_of
from optiq.kernel.table import Put, Update

VoucherRecord: Any = record_of(Voucher)
RedemptionRecord: Any = record_of(Redemption)


def find(voucher_id: str) -> Voucher | None:
    if not may_be_id(voucher_id):
        return None
    try:
        found: Voucher = entity_in(Voucher, VoucherRecord.get(*keys.voucher(voucher_id), consistent_read=True))
    except VoucherRecord.DoesNotExist:
        return None
    return found


def position(voucher: Voucher) -> str:
    """In the list of vouchers."""
    return f"{voucher.created_ms:015d}#{voucher.voucher_id}"


def creation(voucher: Voucher) -> Put:
    record = VoucherRecord(
        *keys.voucher(voucher.voucher_id), gsi1pk=keys.VOUCHERS, gsi1sk=position(voucher), **values_of(voucher)
    )
    return Put(record, VoucherRecord.pk.does_not_exist())


def switch(voucher_id: str, active: bool) -> Update:
    record = VoucherRecord(*keys.voucher(voucher_id))
    return Update(record, [VoucherRecord.active.set(active)], VoucherRecord.pk.exists())


def use(voucher: Voucher, now_ms: int) -> Update:
    """Counts one more use; refused when the voucher is used up, turned off or expired by then."""
    record = VoucherRecord
    usable = record.active == True  # noqa: E712 - a condition of the table
    if voucher.max_uses is not None:
        usable &= record.uses < voucher.max_uses
    if voucher.expires_ms is not None:
        usable &= record.expires_ms > now_ms
    return Update(record(*keys.voucher(voucher.voucher_id)), [record.uses.add(1)], usable)


def page(after: str, most: int) -> list[Voucher]:
    """Vouchers, newest first."""
    below = VoucherRecord.gsi1sk < after if after else None
    found = VoucherRecord.by_second_key.query(keys.VOUCHERS, below, scan_index_forward=False, limit=most)
    return [entity_in(Voucher, record) for record in islice(found, most)]


def redemption_put(organization_id: str, redemption: Redemption) -> Put:
    """Refused when the organization has redeemed the voucher."""
    record = RedemptionRecord(
        *keys.redeemed_voucher(organization_id, redemption.voucher_id),
        gsi1pk=keys.redemptions_of(redemption.voucher_id),
        gsi1sk=organization_id,
        **values_of(redemption),
    )
    return Put(record, RedemptionRecord.pk.does_not_exist())


def has_redeemed(organization_id: str, voucher_id: str) -> bool:
    try:
        RedemptionRecord.get(*keys.redeemed_voucher(organization_id, voucher_id), consistent_read=True)
    except RedemptionRecord.DoesNotExist:
        return False
    return True


def redeemed_by(voucher_id: str) -> Iterator[str]:
    """The organizations that redeemed a voucher."""
    for record in RedemptionRecord.by_second_key.query(keys.redemptions_of(voucher_id)):
        yield str(record.gsi1sk)
