"""What a member may do, by role, custom roles and single grants, and what they may grant to others."""

from collections.abc import Mapping, Sequence

from optiq.kernel.caller import Caller
from optiq.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from optiq.kernel.permissions import GRANTABLE, Membership, outlasts, sooner
from optiq.kernel.permissions import ROLES as BUILT_IN_ROLES
from optiq.tenancy.contracts import Assignment, CustomRole, Member
from optiq.tenancy.membership import find_member
from optiq.tenancy.stores import ROLES

MOST_ASSIGNMENTS = 20


def extras(member: Member, roles: Mapping[str, CustomRole]) -> dict[str, int | None]:
    """The permissions beside the role, each with its latest end."""
    ends = [(grant.what, grant.expires_ms) for grant in member.grants]
    for assignment in member.roles:
        role = roles.get(assignment.what)
        if role is not None and role.archived_ms is None:
            ends += [(permission, assignment.expires_ms) for permission in role.permissions]
    latest: dict[str, int | None] = {}
    for permission, until in ends:
        known = latest.get(permission, 0)
        latest[permission] = None if known is None or until is None else max(known, until)
    return latest


def given(member: Member, roles: Mapping[str, CustomRole]) -> dict[str, int | None]:
    """All that a member was given, expired or not, and when each of it ends: no later than their membership."""
    ends = extras(member, roles) | dict.fromkeys(BUILT_IN_ROLES[member.role])
    return {name: sooner(end, member.expires_ms) for name, end in ends.items()}


def custom_roles(
    organization_id: str, assignments: Sequence[Assignment], *, archived: bool = False
) -> dict[str, CustomRole]:
    """The roles assigned, by id. Raises NotFoundError for one that is unknown, or archived unless that is allowed."""
    found: dict[str, CustomRole] = {}
    for assignment in assignments:
        role = ROLES.find(organization_id, assignment.what)
        if role is None:
            raise NotFoundError(f"roles: there is no role '{assignment.what[:60]}'")
        if role.archived_ms is not None and not archived:
            raise NotFoundError(f"roles: the role '{assignment.what}' is archived")
        found[assignment.what] = role
    return found


def check(member: Member) -> None:
    """Raises InvalidError for what a member cannot be."""
    if member.role == "OWNER" and member.expires_ms is not None:
        raise InvalidError("expires_at: an owner does not expire")
    assignments = (*member.roles, *member.grants)
    if len(assignments) > MOST_ASSIGNMENTS or len({each.what for each in assignments}) < len(assignments):
        raise InvalidError(f"roles, grants: at most {MOST_ASSIGNMENTS} custom roles and grants, each once")
    for grant in member.grants:
        if grant.what not in GRANTABLE:
            raise InvalidError(f"grants: '{grant.what[:60]}' is no permission that can be granted")


def permissions_of(organization_id: str, user_id: str, now_ms: int) -> frozenset[str]:
    """What somebody may do now; nothing for somebody who is no member."""
    return frozenset(_ends(organization_id, user_id, now_ms))


def require_may_grant(caller: Caller, wanted: Mapping[str, int | None], now_ms: int) -> None:
    """Raises ForbiddenError unless the caller has all of it, until each of it ends (None: never).

    A person is judged by what they are now: what the authorizer knows may be a minute old, and by it somebody who was
    just demoted would take the role back.
    """
    own: dict[str, int | None] = dict.fromkeys(caller.permissions)
    if caller.user_id:
        ends = _ends(caller.organization_id, caller.user_id, now_ms)
        own = {name: end for name, end in ends.items() if name in own}
    lacking = sorted(name for name in wanted if name not in own)
    if lacking:
        raise ForbiddenError(f"you can't grant or remove a permission you don't have: '{lacking[0]}'")
    longer = sorted(name for name, end in wanted.items() if outlasts(end, own[name]))
    if longer:
        raise ForbiddenError(f"you have '{longer[0]}' for a limited time and can't grant it for longer")


def _ends(organization_id: str, user_id: str, now_ms: int) -> dict[str, int | None]:
    """What somebody may do now, and when each of it ends."""
    member = find_member(organization_id, user_id)
    if member is None:
        return {}
    beside = extras(member, custom_roles(organization_id, member.roles, archived=True))
    return Membership(organization_id, member.role, member.expires_ms, beside).ends(now_ms)
