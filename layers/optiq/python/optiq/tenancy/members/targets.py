"""Where an invitation leads beside the organization: a team or a workspace of it."""

from optiq.audit.contracts import Change
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from optiq.kernel.manifest import Role
from optiq.kernel.permissions import ROLES
from optiq.kernel.table import Put
from optiq.tenancy.groups import api as groups
from optiq.tenancy.groups.contracts import Group, GroupMember
from optiq.tenancy.members import membership
from optiq.tenancy.members.contracts import Target


def require_right(actor: Caller, role: Role, target: Target | None, now_ms: int) -> Group | None:
    """The team or workspace, if there is one; the actor may give the role, and put people in there.

    Raises:
        ForbiddenError: they may not give the role, or not change the target. ConflictError: it is archived.
        NotFoundError: there is none, as far as they may know.
    """
    membership.require_at_least(actor, dict.fromkeys(ROLES[role]), now_ms)
    if target is None:
        return None
    needed = f"{target.kind}s:write"
    if needed not in actor.permissions:
        raise ForbiddenError(f"this needs the permission '{needed}' in the organization chosen")
    group = _group(actor, target)
    groups.require_manager(actor, group)
    if group.archived_ms is not None:
        raise ConflictError(f"the {target.kind} is archived")
    return group


def is_seen(actor: Caller, target: Target) -> bool:
    """Whether the actor may know that there is such a team or workspace."""
    if f"{target.kind}s:read" not in actor.permissions:
        return False
    try:
        _group(actor, target)
    except NotFoundError:
        return False
    return True


def is_in(organization_id: str, target: Target, user_id: str) -> bool:
    return groups.role_in(organization_id, target.group_id, user_id) is not None


def joining(actor: Caller, group: Group, target: Target, added_by: str, now_ms: int) -> tuple[Put, Change]:
    """What puts the actor into the team or workspace. Raises ConflictError for who is in it."""
    member = GroupMember(actor.actor, target.role, added_by, now_ms)
    return groups.joining(actor, group, member)


def _group(actor: Caller, target: Target) -> Group:
    """Raises NotFoundError."""
    find = groups.get_team if target.kind == "team" else groups.get_workspace
    return find(actor, target.group_id)
