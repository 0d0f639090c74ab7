"""Deletions in the table. A deletion outlives what it deletes: it is the proof."""

from collections.abc import Mapping

from optiq.audit.contracts import Json
from optiq.deletion import keys
from optiq.deletion.contracts import Deletion
from optiq.kernel.caller import Caller
from optiq.kernel.clock import to_rfc3339
from optiq.store.api import Store

OPEN = ("WAITING", "RUNNING")
_AUDITED = ("kind", "target_id", "name", "due_ms", "status", "remaining")


def _listed(deletion: Deletion) -> tuple[str, str]:
    if deletion.status in OPEN:
        return keys.DUE, f"{to_rfc3339(deletion.due_ms)}#{deletion.deletion_id}"
    return keys.ended(deletion.asked_by), f"{to_rfc3339(deletion.ended_ms or 0)}#{deletion.deletion_id}"


def _audited(deletion: Deletion) -> Mapping[str, Json]:
    return {name: getattr(deletion, name) for name in _AUDITED}


DELETIONS = Store(Deletion, "deletion", keys.deletion, _listed, audited=_audited)


def open_deletion(organization_id: str, target_id: str) -> Deletion | None:
    """The deletion of a thing that waits or runs."""
    found = DELETIONS.all_of(organization_id)
    return next((one for one in found if one.target_id == target_id and one.status in OPEN), None)


def progress(before: Deletion, after: Deletion) -> Deletion:
    """Writes how far a deletion is, without an entry in the audit log. Raises VersionError: another run went on."""
    changed, transaction = DELETIONS.changing(Caller.system(before.organization_id), before, after)
    transaction.unaudited().commit()
    return changed
