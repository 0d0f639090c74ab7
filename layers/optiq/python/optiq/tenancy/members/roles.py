"""Custom roles: permissions under a name that no other has, upper and lower case alike, built-in roles included.

A change of one reaches who has it at once, member by member. An archived one gives its name up, and stays archived.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.ids import may_be_id, new_id
from optiq.kernel.permissions import GRANTABLE, PERMISSIONS, ROLES
from optiq.kernel.table import Put, Update
from optiq.tenancy import keys
from optiq.tenancy.members import membership
from optiq.tenancy.members.contracts import CustomRole
from optiq.tenancy.members.records import RoleNameRecord, RoleRecord
from optiq.tenancy.site_settings import checked_name

MOST_ROLES = 50
_LONGEST_DESCRIPTION = 500
_LONGEST_NAME = 100
_NONE = "there is no such role"


def roles_of(organization_id: str) -> list[CustomRole]:
    """An organization's custom roles that are not archived, oldest first."""
    first = keys.role(organization_id, "")
    found = RoleRecord.query(
        first.pk, RoleRecord.sk.startswith(first.sk), RoleRecord.archived_ms.does_not_exist(), consistent_read=True
    )
    return [record.contract() for record in found]


def create(actor: Caller, name: str, description: str, permissions: Sequence[str], now_ms: int) -> CustomRole:
    """Raises InvalidError; ForbiddenError for what the actor lacks; ConflictError for one too many or a name taken."""
    role = _checked(CustomRole(new_id("role", now_ms), name, description, tuple(permissions), None, 1))
    membership.require_at_least(actor, dict.fromkeys(role.permissions), now_ms)
    if len(roles_of(actor.organization_id)) >= MOST_ROLES:
        raise ConflictError(f"there are {MOST_ROLES} custom roles already")
    put = Put(RoleRecord.of(actor.organization_id, role), RoleRecord.pk.does_not_exist())
    claim = _claim(actor.organization_id, role)
    if not audit.commit([put, claim], [_change(actor, "role.created", role, {}, _said(role))]):
        raise _taken(role)
    return role


def change(
    actor: Caller,
    role_id: str,
    *,
    now_ms: int,
    name: str | None = None,
    description: str | None = None,
    permissions: Sequence[str] | None = None,
    archived: bool = False,
) -> CustomRole:
    """Changes or archives a role, and what its members may do. The same again goes on where it was interrupted.

    Raises:
        NotFoundError, InvalidError: as they say. ForbiddenError: permissions are given or taken that the actor lacks.
        ConflictError: the name is taken, or the role was changed at the same time.
    """
    before = _read(actor.organization_id, role_id)
    if before.archived_ms is not None and not archived:
        raise NotFoundError(_NONE)
    after = _checked(
        replace(
            before,
            name=before.name if name is None else name,
            description=before.description if description is None else description,
            permissions=before.permissions if permissions is None else tuple(permissions),
            archived_ms=now_ms if archived and before.archived_ms is None else before.archived_ms,
        )
    )
    membership.require_at_least(actor, dict.fromkeys((*before.permissions, *after.permissions)), now_ms)
    if after != before:
        after = replace(after, version=before.version + 1)
        put = Put(RoleRecord.of(actor.organization_id, after), RoleRecord.version == before.version)
        names = _name_writes(actor.organization_id, before, after)
        action = "role.archived" if archived else "role.changed"
        if not audit.commit([put, *names], [_change(actor, action, after, _said(before), _said(after))]):
            if _holder(actor.organization_id, after.name) not in ("", role_id):
                raise _taken(after)
            raise ConflictError("the role was changed at the same time: read it and try again")
    for member in membership.with_role(actor.organization_id, role_id):
        with suppress(NotFoundError):  # who left meanwhile
            membership.refresh(actor.organization_id, member.user_id, now_ms)
    return after


def _read(organization_id: str, role_id: str) -> CustomRole:
    """Raises NotFoundError."""
    if not may_be_id(role_id):
        raise NotFoundError(_NONE)
    try:
        return RoleRecord.get(*keys.role(organization_id, role_id), consistent_read=True).contract()
    except RoleRecord.DoesNotExist as error:
        raise NotFoundError(_NONE) from error


def _claim(organization_id: str, role: CustomRole) -> Put:
    """Has the role hold its name, if nobody does. Raises ConflictError for a built-in role's."""
    if role.name.upper() in ROLES:
        raise _taken(role)
    free = RoleNameRecord.pk.does_not_exist() | (RoleNameRecord.role_id == "")
    return Put(RoleNameRecord(*keys.role_name(organization_id, role.name), role_id=role.role_id), free)


def _name_writes(organization_id: str, before: CustomRole, after: CustomRole) -> list[Put | Update]:
    """What has the role hold its new name and give up the old; an archived one holds none."""
    old, writes = keys.role_name(organization_id, before.name), list[Put | Update]()
    stays = old == keys.role_name(organization_id, after.name)
    if not stays and after.archived_ms is None:
        writes.append(_claim(organization_id, after))
    if before.archived_ms is None and (not stays or after.archived_ms is not None):
        held = RoleNameRecord.role_id == before.role_id
        writes.append(Update(RoleNameRecord(*old), [RoleNameRecord.role_id.set("")], held))
    return writes


def _holder(organization_id: str, name: str) -> str:
    try:
        return str(RoleNameRecord.get(*keys.role_name(organization_id, name), consistent_read=True).role_id)
    except RoleNameRecord.DoesNotExist:
        return ""


def _taken(role: CustomRole) -> ConflictError:
    return ConflictError(f"name: there is a role '{role.name}' already")


def _checked(role: CustomRole) -> CustomRole:
    """Raises InvalidError."""
    unknown = [permission for permission in role.permissions if permission not in GRANTABLE]
    if unknown or not role.permissions:
        raise InvalidError("permissions: some of those that can be given; see docs/permissions.md")
    if len(role.description) > _LONGEST_DESCRIPTION or not role.description.isprintable():
        raise InvalidError(f"description: at most {_LONGEST_DESCRIPTION} printable characters")
    name = checked_name(role.name)
    if len(name) > _LONGEST_NAME:
        # It is part of a key, which must fit whatever letters it is written in.
        raise InvalidError(f"name: must have at most {_LONGEST_NAME} characters")
    ordered = tuple(permission for permission in PERMISSIONS if permission in role.permissions)
    return replace(role, name=name, permissions=ordered)


def _change(
    actor: Caller, action: str, role: CustomRole, before: dict[str, str | list[str]], after: dict[str, str | list[str]]
) -> Change:
    return Change(actor.organization_id, actor.actor, action, role.role_id, dict(before), dict(after), actor.origin)


def _said(role: CustomRole) -> dict[str, str | list[str]]:
    return {"name": role.name, "description": role.description, "permissions": list(role.permissions)}
