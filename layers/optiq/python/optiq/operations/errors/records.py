"""Claims of occurrences in the table."""

from collections.abc import Iterable

from optiq.kernel.clock import DAY_MS, SECOND_MS
from optiq.kernel.keys import Key
from optiq.kernel.table import Put
from optiq.kernel.table_ending import Temporary
from optiq.operations.errors.contracts import KEPT_DAYS


class ErrorClaimRecord(Temporary):
    """An occurrence that is counted."""


def _key(organization_id: str, error_id: str) -> Key:
    return Key(f"ORG#{organization_id}#ERROR#{error_id}", "COUNTED")


def claim_of(organization_id: str, error_id: str, now_ms: int) -> Put:
    """Says that an occurrence is counted, unless something says so."""
    free = ErrorClaimRecord.pk.does_not_exist() | (ErrorClaimRecord.forget_at <= now_ms // SECOND_MS)
    record = ErrorClaimRecord(
        *_key(organization_id, error_id), forget_at=(now_ms + (KEPT_DAYS + 1) * DAY_MS) // SECOND_MS
    )
    return Put(record, free)


def claimed(organization_id: str, error_ids: Iterable[str], now_ms: int) -> set[str]:
    """Those of them that are counted."""
    by_key = {_key(organization_id, one): one for one in error_ids}
    found = ErrorClaimRecord.batch_get([tuple(key) for key in by_key], consistent_read=True)
    return {by_key[Key(one.pk, one.sk)] for one in found if not one.has_ended(now_ms)}
