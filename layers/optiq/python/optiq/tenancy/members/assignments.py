"""What a member has beside their role: custom roles and single permissions, each until an instant or for good."""

from collections.abc import Mapping, Sequence

from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.kernel.permissions import GRANTABLE, ROLES, sooner
from optiq.tenancy import keys
from optiq.tenancy.members.contracts import Assignment, CustomRole, Member
from optiq.tenancy.members.records import RoleRecord

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
    ends = extras(member, roles) | dict.fromkeys(ROLES[member.role])
    return {name: sooner(end, member.expires_ms) for name, end in ends.items()}


def custom_roles(
    organization_id: str, assignments: Sequence[Assignment], *, archived: bool = False
) -> dict[str, CustomRole]:
    """The roles assigned, by id. Raises NotFoundError for one that is not there, or may not be assigned any more."""
    found: dict[str, CustomRole] = {}
    for assignment in assignments:
        if not may_be_id(assignment.what):
            raise NotFoundError("roles: there is no such role")
        try:
            record = RoleRecord.get(*keys.role(organization_id, assignment.what), consistent_read=True)
        except RoleRecord.DoesNotExist as error:
            raise NotFoundError(f"there is no role '{assignment.what[:60]}'") from error
        if record.archived_ms is not None and not archived:
            raise NotFoundError(f"the role '{assignment.what}' is archived")
        found[assignment.what] = record.contract()
    return found


def check(member: Member) -> None:
    """Raises InvalidError for what a member cannot be."""
    if member.role == "OWNER" and member.expires_ms is not None:
        raise InvalidError("expires_at: an owner does not expire")
    assignments = (*member.roles, *member.grants)
    if len(assignments) > MOST_ASSIGNMENTS or len({each.what for each in assignments}) < len(assignments):
        raise InvalidError(f"at most {MOST_ASSIGNMENTS} custom roles and grants, each once")
    for grant in member.grants:
        if grant.what not in GRANTABLE:
            raise InvalidError(f"grants: '{grant.what[:60]}' is no permission that can be granted")
