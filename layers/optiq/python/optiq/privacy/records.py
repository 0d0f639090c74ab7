"""What a request works with while it is open: the identifiers as they were given, sealed."""

from pynamodb.attributes import BinaryAttribute

from optiq.kernel.sealing import seal, unseal
from optiq.kernel.table import Put, put_one
from optiq.kernel.table_ending import Temporary
from optiq.privacy import keys

_PURPOSE = "privacy request"


class JobRecord(Temporary):
    """The sealed work of a request; empty once that is over."""

    sealed = BinaryAttribute(legacy_encoding=False, null=True)


def job_put(organization_id: str, request_id: str, content: bytes, ends_ms: int) -> Put:
    """What seals the work, until an instant."""
    key = keys.job(organization_id, request_id)
    sealed = seal(content, "/".join(key), _PURPOSE, organization_id)
    return Put(JobRecord(*key, sealed=sealed, forget_at=ends_ms // 1000), None)


def emptied_job(organization_id: str, request_id: str, now_ms: int) -> Put:
    return Put(JobRecord(*keys.job(organization_id, request_id), forget_at=now_ms // 1000), None)


def save_job(organization_id: str, request_id: str, content: bytes, ends_ms: int) -> None:
    put_one(job_put(organization_id, request_id, content, ends_ms))


def job_of(organization_id: str, request_id: str, now_ms: int) -> bytes | None:
    """None once it is over."""
    key = keys.job(organization_id, request_id)
    try:
        record = JobRecord.get(*key, consistent_read=True)
    except JobRecord.DoesNotExist:
        return None
    if record.sealed is None or record.has_ended(now_ms):
        return None
    return unseal(record.sealed, "/".join(key), _PURPOSE, organization_id)
