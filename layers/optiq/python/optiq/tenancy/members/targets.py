"""Where an invitation leads beside the organization: a team or a workspace of it."""

from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from optiq.kernel.manifest import Role
from optiq.kernel.permissions import ROLES
from optiq.tenancy.contracts import Group, Target
from optiq.tenancy.groups import api as groups
from optiq.tenancy.members.grants import require_may_grant


def require_may_invite(caller: Caller, role: Role, target: Target | None, now_ms: int) -> Group | None:
    """The team or workspace, if there is one; the caller may grant the role, and put people in there.

    Raises:
        ForbiddenError: they may not grant the role, or not change the target. ConflictError: it is archived.
        NotFoundError: there is none, as far as they may know.
    """
    require_may_grant(caller, dict.fromkeys(ROLES[role]), now_ms)
    if target is None:
        return None
    needed = f"{target.kind}s:write"
    if not caller.may(needed):
        raise ForbiddenError(f"this needs the permission '{needed}' in the organization chosen")
    group = group_of(caller, target)
    groups.require_manager(caller, group)
    if group.archived_ms is not None:
        raise ConflictError(f"the {target.kind} is archived")
    return group


def is_seen(caller: Caller, target: Target) -> bool:
    """Whether the caller may know that there is such a team or workspace."""
    if not caller.may(f"{target.kind}s:read"):
        return False
    try:
        group_of(caller, target)
    except NotFoundError:
        return False
    return True


def group_of(caller: Caller, target: Target) -> Group:
    """Raises NotFoundError."""
    find = groups.get_team if target.kind == "team" else groups.get_workspace
    return find(caller, target.group_id)
