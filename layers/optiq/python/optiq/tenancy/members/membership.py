"""Members: each stands twice, by the organization and by the person, written in one transaction.

What a person may do is worked out when it is written, so that a request reads one item. An organization counts its
owners in the same transaction: of two who leave at once, the last does not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from operator import attrgetter

from optiq.audit import api as audit
from optiq.audit.contracts import Change, Fields
from optiq.identity.people import api as people
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.kernel.manifest import Role
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.permissions import Membership, outlasts
from optiq.kernel.table import Put, Update
from optiq.tenancy import keys
from optiq.tenancy.members.assignments import check, custom_roles, extras, given
from optiq.tenancy.members.contracts import CustomRole, Member
from optiq.tenancy.members.records import MemberRecord, RoleRecord
from optiq.tenancy.records import OrganizationRecord

_LIST = "members"
_PAGE = 100
_CHANGED = "the member was changed at the same time: read them and try again"
_LAST_OWNER = "an organization keeps an owner: make somebody else one first"
Write = Put | Update


def find(organization_id: str, user_id: str) -> MemberRecord | None:
    """Who is a member, or was one."""
    if not may_be_id(user_id):
        return None
    try:
        return MemberRecord.get(*keys.member(organization_id, user_id), consistent_read=True)
    except MemberRecord.DoesNotExist:
        return None


def get(organization_id: str, user_id: str) -> Member:
    """Raises NotFoundError."""
    record = find(organization_id, user_id)
    if record is None or record.left_ms is not None:
        raise NotFoundError("there is no such member")
    return record.contract()


def is_current(organization_id: str, user_id: str) -> bool:
    """Whether somebody is a member, though perhaps an expired one."""
    record = find(organization_id, user_id)
    return record is not None and record.left_ms is None


def page(organization_id: str, limit: int, cursor: str | None) -> Page[Member]:
    """Members by user id. Raises InvalidError for another list's cursor."""
    first = keys.member(organization_id, place_after(cursor, _LIST))
    found = (record.contract() for record in _records(organization_id, first.sk))
    size = min(limit, _PAGE)
    return page_of(_LIST, list(islice(found, size + 1)), size, attrgetter("user_id"))


def with_role(organization_id: str, role_id: str) -> list[Member]:
    """Who has a custom role."""
    members = (record.contract() for record in _records(organization_id, keys.member(organization_id, "").sk))
    return [member for member in members if any(assignment.what == role_id for assignment in member.roles)]


def joining(organization_id: str, user_id: str, role: Role, added_by: str, now_ms: int) -> list[Write]:
    """What makes somebody a member. Raises ConflictError for who is one."""
    record = find(organization_id, user_id)
    if record is not None and record.left_ms is None:
        raise ConflictError("they are a member already")
    revision = 1 if record is None else int(record.revision) + 1
    member = Member(user_id, role, None, (), (), added_by, now_ms, revision)
    return _writes(organization_id, None, member, {}, now_ms)


def staying(organization_id: str, user_id: str) -> Update:
    """Changes nothing, and holds only while somebody is a member."""
    left = MemberRecord.left_ms
    is_member = MemberRecord.pk.exists() & left.does_not_exist()
    return Update(MemberRecord(*keys.member(organization_id, user_id)), [left.remove()], is_member)


def change(actor: Caller, before: Member, after: Member, now_ms: int) -> Member:
    """Gives a member another role, custom roles, grants or end.

    Raises:
        InvalidError: an assignment that cannot be. NotFoundError: no such custom role.
        ForbiddenError: more than the actor may do is given or taken away.
        ConflictError: the last owner would be lost, or the member was changed at the same time.
    """
    roles = custom_roles(actor.organization_id, after.roles)
    check(after)
    old_roles = custom_roles(actor.organization_id, before.roles, archived=True)
    had, has = given(before, old_roles), given(after, roles)
    more = {name: end for name, end in has.items() if name not in had or outlasts(end, had[name])}
    require_at_least(actor, dict.fromkeys(had, now_ms) | more, now_ms)
    if replace(after, revision=before.revision) == before:
        return before
    after = replace(after, revision=before.revision + 1)
    said = Change(
        actor.organization_id,
        actor.actor,
        "member.changed",
        after.user_id,
        _said(before),
        _said(after),
        actor.origin,
    )
    if not audit.commit(_writes(actor.organization_id, before, after, roles, now_ms), [said]):
        raise _refused(actor.organization_id, before)
    return after


def refresh(organization_id: str, user_id: str, now_ms: int) -> None:
    """Works out anew what a member may do, after one of their custom roles was changed."""
    for _ in range(5):
        before = get(organization_id, user_id)
        roles = custom_roles(organization_id, before.roles, archived=True)
        after = replace(before, revision=before.revision + 1)
        if audit.commit(_writes(organization_id, before, after, roles, now_ms), []):
            return
    raise ConflictError(_CHANGED)


def remove(actor: Caller, member: Member, now_ms: int, *, leaves: bool) -> None:
    """Ends a membership. Raises ForbiddenError and ConflictError as change does; who leaves needs no permission."""
    if not leaves:
        had = given(member, custom_roles(actor.organization_id, member.roles, archived=True))
        require_at_least(actor, dict.fromkeys(had, now_ms), now_ms)
    said = Change(
        actor.organization_id,
        actor.actor,
        "member.left" if leaves else "member.removed",
        member.user_id,
        _said(member),
        {},
        actor.origin,
    )
    gone = replace(member, revision=member.revision + 1)
    if not audit.commit(_writes(actor.organization_id, member, gone, {}, now_ms, left=True), [said]):
        raise _refused(actor.organization_id, member)


def permissions_of(organization_id: str, user_id: str, now_ms: int) -> frozenset[str]:
    """What somebody may do now; nothing for who is no member."""
    return frozenset(_ends(organization_id, user_id, now_ms))


def require_at_least(actor: Caller, wanted: Mapping[str, int | None], now_ms: int) -> None:
    """Raises ForbiddenError unless the actor may do all of it, until each of it ends (None: never).

    A person is judged by what they are now: what the authorizer knows may be a minute old, and by it who was just
    demoted would take the role back.
    """
    own: dict[str, int | None] = dict.fromkeys(actor.permissions)
    if actor.actor.startswith("user_"):
        ends = _ends(actor.organization_id, actor.actor, now_ms)
        own = {name: end for name, end in ends.items() if name in own}
    lacking = sorted(name for name in wanted if name not in own)
    if lacking:
        raise ForbiddenError(f"nobody gives or takes what they may not do themselves: '{lacking[0]}'")
    lent = sorted(name for name, end in wanted.items() if outlasts(end, own[name]))
    if lent:
        raise ForbiddenError(f"'{lent[0]}' is yours for a while, and nobody gives for longer: ask somebody who stays")


def _ends(organization_id: str, user_id: str, now_ms: int) -> dict[str, int | None]:
    """What somebody may do now, and when each of it ends."""
    record = find(organization_id, user_id)
    if record is None or record.left_ms is not None:
        return {}
    member = record.contract()
    beside = extras(member, custom_roles(organization_id, member.roles, archived=True))
    return Membership(organization_id, member.role, member.expires_ms, beside).ends(now_ms)


def _records(organization_id: str, after: str) -> Iterator[MemberRecord]:
    return MemberRecord.query(
        keys.member(organization_id, "").pk,
        MemberRecord.sk.between(after + "!", keys.member(organization_id, "~").sk),
        MemberRecord.left_ms.does_not_exist(),
        consistent_read=True,
    )


def _writes(
    organization_id: str,
    before: Member | None,
    after: Member,
    roles: Mapping[str, CustomRole],
    now_ms: int,
    *,
    left: bool = False,
) -> list[Write]:
    """Both copies of a member, the count of owners, and that the custom roles are still what they were."""
    left_ms = now_ms if left else None
    follows = MemberRecord.revision == after.revision - 1
    record = MemberRecord.of(organization_id, after, left_ms)
    membership = Membership(organization_id, after.role, after.expires_ms, extras(after, roles))
    writes: list[Write] = [
        Put(record, follows if after.revision > 1 else MemberRecord.pk.does_not_exist()),
        people.membership_put(after.user_id, membership, after.revision, left_ms),
    ]
    change = int(after.role == "OWNER" and not left) - int(before is not None and before.role == "OWNER")
    if change:
        owners = OrganizationRecord.owners
        condition = OrganizationRecord.pk.exists() if change > 0 else owners > 1
        writes.append(Update(OrganizationRecord(*keys.organization(organization_id)), [owners.add(change)], condition))
    for role in roles.values():
        writes.append(
            Update(
                RoleRecord(*keys.role(organization_id, role.role_id)),
                [RoleRecord.assigned_ms.set(now_ms)],
                RoleRecord.version == role.version,
            )
        )
    return writes


def _refused(organization_id: str, before: Member) -> ConflictError:
    organization = OrganizationRecord.get(*keys.organization(organization_id), consistent_read=True)
    alone = before.role == "OWNER" and organization.owners <= 1
    return ConflictError(_LAST_OWNER if alone else _CHANGED)


def _said(member: Member) -> Fields:
    """What of a member stands in audit entries."""
    return {
        "role": member.role,
        "expires_ms": member.expires_ms,
        "roles": [f"{assignment.what} {assignment.expires_ms or ''}".strip() for assignment in member.roles],
        "grants": [f"{assignment.what} {assignment.expires_ms or ''}".strip() for assignment in member.grants],
    }
