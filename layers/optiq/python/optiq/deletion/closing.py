"""What is ended before anything is removed: what reaches beyond the table and the lake."""

from optiq.ads.connections import api as connections
from optiq.deletion import targets
from optiq.deletion.contracts import Deletion
from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client, Person
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock
from optiq.kernel.errors import ConflictError
from optiq.notifications import api as notifications
from optiq.tenancy.members import api as members
from optiq.warehouse import api as warehouse


def close(deletion: Deletion, clock: Clock) -> bool:
    """Ends memberships of an account, permissions at advertising platforms and copies on this machine.

    Repeated, it changes nothing.

    Returns:
        False for an account that has become the only owner of an organization: it has to wait.

    Raises:
        UpstreamError, VersionError: it is tried again.
    """
    if deletion.kind == "ACCOUNT":
        return _left_all(deletion.target_id, clock)
    caller = Caller.system(deletion.organization_id)
    targets.mark_sites(deletion, deletion.due_ms)
    if deletion.kind == "ORGANIZATION":
        connections.disconnect_all(caller)
        warehouse.remove_folder(deletion.organization_id)
    for site_id in sorted(deletion.owners):
        connections.leave_site(caller, site_id)
    return True


def _left_all(user_id: str, clock: Clock) -> bool:
    """Whether the user is in no organization any more; they may have joined some during the wait. Mails to them go."""
    person = Person(user_id, "", "", "", scopes=None, signed_in_ms=0)
    try:
        for membership in people.memberships_of(person, clock):
            members.leave(person, membership.organization_id, Client(""), clock=clock)
    except ConflictError:
        return False
    for user in people.people_of([user_id]).values():
        notifications.erase_mails_to(user.email)
    return True
