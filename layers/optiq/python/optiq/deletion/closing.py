"""What is ended before anything is removed: what reaches beyond the table and the lake."""

from optiq.ads.connections import api as connections
from optiq.deletion import targets
from optiq.deletion.contracts import Deletion
from optiq.kernel.caller import Caller
from optiq.warehouse import api as warehouse


def close(deletion: Deletion) -> None:
    """Ends permissions at advertising platforms and removes copies on this machine; repeated, it changes nothing.

    Raises:
        UpstreamError, VersionError: it is tried again.
    """
    caller = Caller.system(deletion.organization_id)
    targets.mark_sites(deletion, deletion.due_ms)
    if deletion.kind == "ORGANIZATION":
        connections.disconnect_all(caller)
        warehouse.remove_folder(deletion.organization_id)
    for site_id in sorted(deletion.owners):
        connections.leave_site(caller, site_id)
