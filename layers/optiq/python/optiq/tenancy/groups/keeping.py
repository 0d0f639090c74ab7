"""Groups are written whole: with the name that only one may have, and with the audit entry."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, VersionError
from optiq.kernel.keys import Key
from optiq.kernel.table import Put, Update
from optiq.tenancy.groups.contracts import Group, GroupMember, Team, Workspace
from optiq.tenancy.groups.membership import CHANGED
from optiq.tenancy.groups.records import GroupMemberRecord, NameRecord

G = TypeVar("G", Team, Workspace)


def create(caller: Caller, group: Group, put: Put, name: Key, now_ms: int) -> None:
    """Writes a new group; a person who makes one is its first manager. Raises ConflictError when its name is taken."""
    writes = [put, _claim(name, group)]
    if caller.user_id:
        manager = GroupMember(caller.user_id, "MANAGER", caller.actor, now_ms)
        record = GroupMemberRecord.of(caller.organization_id, group.group_id, manager)
        writes.append(Put(record, GroupMemberRecord.pk.does_not_exist()))
    _commit(caller, writes, group, "created", {}, _fields(group), name)


def change(caller: Caller, before: Group, after: Group, put: Put, names: tuple[Key, Key]) -> None:
    """Writes a changed group; `names` are what it was known by and what it will be. Raises ConflictError."""
    writes: list[Put | Update] = [put]
    if names[0] != names[1]:
        given_up = Update(NameRecord(*names[0]), [NameRecord.holder.set("")], NameRecord.holder == before.group_id)
        writes += [_claim(names[1], after), given_up]
    old, new = _fields(before), _fields(after)
    differing = [field for field in new if new[field] != old[field]]
    said_before, said_after = ({field: fields[field] for field in differing} for fields in (old, new))
    _commit(caller, writes, after, "changed", said_before, said_after, names[1])


def changed(group: G, changes: Mapping[str, object], now_ms: int) -> G:
    """The group with changes made, not yet checked. Raises ConflictError for an archived one that stays so."""
    fields: dict[str, Any] = dict(changes)
    archived = fields.pop("archived", group.archived_ms is not None)
    if group.archived_ms is not None and archived:
        if not fields:
            return group
        raise ConflictError("it is archived: restore it first")
    return replace(group, archived_ms=now_ms if archived else None, **fields)


def _claim(name: Key, group: Group) -> Put:
    free = NameRecord.pk.does_not_exist() | (NameRecord.holder == "")
    return Put(NameRecord(*name, holder=group.group_id), free)


def _commit(
    caller: Caller,
    writes: Sequence[Put | Update],
    group: Group,
    what: str,
    before: dict[str, Any],
    after: dict[str, Any],
    name: Key,
) -> None:
    action = f"{'team' if isinstance(group, Team) else 'workspace'}.{what}"
    entry = Change(caller.organization_id, caller.actor, action, group.group_id, before, after, caller.origin)
    if not audit.commit(writes, [entry]):
        if _holder(name) not in ("", group.group_id):
            raise ConflictError(f"the {'name' if isinstance(group, Team) else 'slug'} is taken")
        raise VersionError(CHANGED)


def _holder(name: Key) -> str:
    try:
        return str(NameRecord.get(*name, consistent_read=True).holder)
    except NameRecord.DoesNotExist:
        return ""


def _fields(group: Group) -> dict[str, Any]:
    """What of a group stands in audit entries."""
    kept_out = ("team_id" if isinstance(group, Team) else "workspace_id", "version", "created_ms")
    return {field: value for field, value in asdict(group).items() if field not in kept_out}
