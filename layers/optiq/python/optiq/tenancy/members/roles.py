"""Custom roles: permissions under a name that no other has, upper and lower case alike, built-in roles included.

A change of one reaches its members at once, one by one. An archived one gives its name up, and stays archived.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.permissions import GRANTABLE, PERMISSIONS
from optiq.kernel.permissions import ROLES as BUILT_IN_ROLES
from optiq.tenancy.contracts import CustomRole
from optiq.tenancy.members.grants import require_may_grant
from optiq.tenancy.members.members import refresh, with_role
from optiq.tenancy.site_settings import checked_name
from optiq.tenancy.stores import ROLES

MOST_ROLES = 50
_LONGEST_DESCRIPTION = 500
_LONGEST_NAME = 100


def list_roles(caller: Caller) -> list[CustomRole]:
    """The organization's custom roles that are not archived, MOST_ROLES at most, oldest first."""
    return [role for role in ROLES.all_of(caller.organization_id) if role.archived_ms is None]


def create_role(
    caller: Caller,
    *,
    name: str,
    permissions: Sequence[str],
    description: str = "",
    clock: Clock = system_clock,
) -> CustomRole:
    """Raises InvalidError; ForbiddenError for a permission that the caller lacks; ConflictError for one role too many,
    or a name that is taken.
    """
    now_ms = clock()
    role_id = new_id("role", now_ms)
    role = _checked(CustomRole(caller.organization_id, role_id, name, description, tuple(permissions), now_ms))
    require_may_grant(caller, dict.fromkeys(role.permissions), now_ms)
    if len(list_roles(caller)) >= MOST_ROLES:
        raise ConflictError(f"there are {MOST_ROLES} custom roles already")
    return ROLES.add(caller, role)


def change_role(
    caller: Caller,
    role_id: str,
    *,
    name: str | None = None,
    description: str | None = None,
    permissions: Sequence[str] | None = None,
    clock: Clock = system_clock,
) -> CustomRole:
    """Changes a role, and what its members may do. The same again continues where it was interrupted.

    Raises:
        NotFoundError, InvalidError: as they say. ForbiddenError: permissions change that the caller lacks.
        ConflictError: the name is taken, or the role was changed at the same time.
    """
    before = ROLES.get(caller, role_id)
    if before.archived_ms is not None:
        raise ROLES.unknown()
    wanted = replace(
        before,
        name=before.name if name is None else name,
        description=before.description if description is None else description,
        permissions=before.permissions if permissions is None else tuple(permissions),
    )
    return _change(caller, before, _checked(wanted), clock())


def archive_role(caller: Caller, role_id: str, *, clock: Clock = system_clock) -> None:
    """Has a role give nothing any more. The same again continues where it was interrupted. Raises as change_role."""
    before, now_ms = ROLES.get(caller, role_id), clock()
    _change(caller, before, replace(before, archived_ms=before.archived_ms or now_ms), now_ms, "role.archived")


def _change(caller: Caller, before: CustomRole, after: CustomRole, now_ms: int, action: str = "") -> CustomRole:
    require_may_grant(caller, dict.fromkeys((*before.permissions, *after.permissions)), now_ms)
    if after != before:
        after, transaction = ROLES.changing(caller, before, after, action=action)
        transaction.commit()
    for member in with_role(caller.organization_id, after.role_id):
        with suppress(NotFoundError):  # somebody who left meanwhile
            refresh(caller, member.user_id)
    return after


def _checked(role: CustomRole) -> CustomRole:
    """Raises InvalidError; ConflictError for the name of a built-in role."""
    unknown = [permission for permission in role.permissions if permission not in GRANTABLE]
    if unknown or not role.permissions:
        raise InvalidError("permissions: must be some of those that can be granted; see docs/permissions.md")
    if len(role.description) > _LONGEST_DESCRIPTION or not role.description.isprintable():
        raise InvalidError(f"description: must have at most {_LONGEST_DESCRIPTION} printable characters")
    name = checked_name(role.name)
    if len(name) > _LONGEST_NAME:
        # It is part of a key, which must fit whatever letters it is written in.
        raise InvalidError(f"name: must have at most {_LONGEST_NAME} characters")
    if name.upper() in BUILT_IN_ROLES:
        raise ConflictError(f"name: there is a role '{name}' already")
    ordered = tuple(permission for permission in PERMISSIONS if permission in role.permissions)
    return replace(role, name=name, permissions=ordered)
