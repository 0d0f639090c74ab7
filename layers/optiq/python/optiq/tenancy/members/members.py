"""Members: each is stored twice, by the organization and by the person, in one transaction.

What a person may do is worked out when it is written, so that a request reads one item. An organization counts its
owners in the same transaction: of two who leave at once, the last does not.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from optiq.audit.contracts import Change
from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client, Person
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError
from optiq.kernel.manifest import Role
from optiq.kernel.paging import Page
from optiq.kernel.permissions import Membership, outlasts
from optiq.kernel.table import Put, Update
from optiq.store.api import CHANGED, Transaction
from optiq.tenancy import keys
from optiq.tenancy.contracts import CustomRole, Member, MemberChange, Organization
from optiq.tenancy.groups import api as groups
from optiq.tenancy.members.grants import check, custom_roles, extras, given, require_may_grant
from optiq.tenancy.membership import find_member
from optiq.tenancy.records import OwnersRecord
from optiq.tenancy.stores import MEMBERS, ORGANIZATIONS, ROLES

_ATTEMPTS = 5
_LAST_OWNER = "an organization keeps an owner: make somebody else one first"


def get_member(caller: Caller, user_id: str) -> Member:
    """Raises NotFoundError."""
    member = MEMBERS.get(caller, user_id)
    if member.left_ms is not None:
        raise MEMBERS.unknown()
    return member


def list_members(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[Member]:
    """Members by user id. Raises InvalidError for another list's cursor."""
    return MEMBERS.page_by_id(
        caller.organization_id, limit=limit, cursor=cursor, where=lambda member: member.left_ms is None
    )


def owners(organization_id: str) -> list[str]:
    """The user ids of an organization's owners, for what nobody else is named for."""
    found = MEMBERS.all_of(organization_id)
    return [each.user_id for each in found if each.left_ms is None and each.role == "OWNER"]


def add_owner(caller: Caller, user_id: str, *, clock: Clock = system_clock) -> None:
    """Gives the organization an owner. Raises NotFoundError; ConflictError for a member."""
    ORGANIZATIONS.get(caller)
    joining(caller, user_id, "OWNER", caller.actor, clock()).commit("they became a member at the same time")


def change_member(caller: Caller, user_id: str, changes: MemberChange, *, clock: Clock = system_clock) -> Member:
    """Gives a member another role, custom roles, grants or end.

    Raises:
        NotFoundError: no such member or custom role. InvalidError: an assignment that cannot be.
        ForbiddenError: a permission would be given or taken away that the caller does not have.
        ConflictError: the last owner would be lost, or the member was changed at the same time.
    """
    before, now_ms = get_member(caller, user_id), clock()
    after = replace(before, **changes)
    roles = custom_roles(caller.organization_id, after.roles)
    check(after)
    old_roles = custom_roles(caller.organization_id, before.roles, archived=True)
    had, has = given(before, old_roles), given(after, roles)
    more = {name: end for name, end in has.items() if name not in had or outlasts(end, had[name])}
    require_may_grant(caller, dict.fromkeys(had, now_ms) | more, now_ms)
    if after == before:
        return before
    after, transaction = _changing(caller, before, after, roles)
    _commit(transaction, before)
    return after


def remove_member(caller: Caller, user_id: str, *, clock: Clock = system_clock) -> None:
    """Raises NotFoundError, ForbiddenError, ConflictError as change_member."""
    member, now_ms = get_member(caller, user_id), clock()
    had = given(member, custom_roles(caller.organization_id, member.roles, archived=True))
    require_may_grant(caller, dict.fromkeys(had, now_ms), now_ms)
    _end(caller, member, "member.removed", now_ms)


def leave(person: Person, organization_id: str, client: Client, *, clock: Clock = system_clock) -> None:
    """A person leaves. Raises NotFoundError; ForbiddenError for a key; ConflictError for the last owner."""
    people.require_session(person)
    member = find_member(organization_id, person.user_id)
    if member is None:
        raise ORGANIZATIONS.unknown()
    _end(caller_in(organization_id, person, client), member, "member.left", clock())


def owned_alone(person: Person) -> list[Organization]:
    """The organizations that would have no owner without a person."""
    owned = [each.organization_id for each in people.memberships_of(person) if each.role == "OWNER"]
    return ORGANIZATIONS.find_each(one for one in owned if owners(one) == [person.user_id])


def with_role(organization_id: str, role_id: str) -> list[Member]:
    """The members who have a custom role."""
    found = MEMBERS.all_of(organization_id)
    return [each for each in found if each.left_ms is None and any(one.what == role_id for one in each.roles)]


def refresh(caller: Caller, user_id: str) -> None:
    """Works out anew what a member may do, after one of their custom roles was changed. Raises NotFoundError."""
    for _ in range(_ATTEMPTS):
        before = get_member(caller, user_id)
        roles = custom_roles(caller.organization_id, before.roles, archived=True)
        try:
            return _changing(caller, before, before, roles)[1].unaudited().commit()
        except ConflictError:
            continue
    raise ConflictError(CHANGED)


def joining(caller: Caller, user_id: str, role: Role, added_by: str, now_ms: int) -> Transaction:
    """What makes somebody a member, to be committed with why. Raises ConflictError for a member."""
    organization_id, old = caller.organization_id, MEMBERS.find(caller.organization_id, user_id)
    if old is not None and old.left_ms is None:
        raise ConflictError("they are a member already")
    entry = Change(organization_id, caller.actor, "member.joined", user_id, {}, {"role": role}, caller.origin)
    member = Member(organization_id, user_id, role, added_by, now_ms, version=1 if old is None else old.version)
    if old is None:
        transaction = MEMBERS.adding(caller, member, entry=entry)
    else:
        member, transaction = MEMBERS.changing(caller, old, member, entry=entry)
    return transaction + _by_person(member, {}) + _owners(organization_id, int(role == "OWNER"))


def first_owner(caller: Caller, now_ms: int) -> Transaction:
    """What makes the caller the owner of the organization, which is created with it and says so in the audit log."""
    member = Member(caller.organization_id, caller.user_id, "OWNER", caller.actor, now_ms)
    return MEMBERS.adding(caller, member).unaudited() + _by_person(member, {})


def count_owners(organization_id: str, owners: int) -> Transaction:
    """What says how many owners a new organization has."""
    record = OwnersRecord(*keys.owners(organization_id), owners=owners)
    return Transaction((Put(record, OwnersRecord.pk.does_not_exist()),))


def caller_in(organization_id: str, person: Person, client: Client) -> Caller:
    """A person as the caller in an organization, for what they do by themselves, without a permission."""
    return Caller(organization_id, person.user_id, person.user_id, locate=partial(people.origin_of, client))


def _end(caller: Caller, member: Member, action: str, now_ms: int) -> None:
    """A person who is no member is in no team or workspace either."""
    fields = {"role": member.role}
    entry = Change(caller.organization_id, caller.actor, action, member.user_id, fields, {}, caller.origin)
    _commit(_changing(caller, member, replace(member, left_ms=now_ms), {}, entry)[1], member)
    groups.leave_all(caller, member.user_id, clock=lambda: now_ms)


def _changing(
    caller: Caller, before: Member, after: Member, roles: Mapping[str, CustomRole], entry: Change | None = None
) -> tuple[Member, Transaction]:
    """Both copies of a member, the count of owners, and that the custom roles are still what they were."""
    after, transaction = MEMBERS.changing(caller, before, after, entry=entry)
    transaction += _by_person(after, roles)
    is_owner = after.role == "OWNER" and after.left_ms is None
    transaction += _owners(caller.organization_id, int(is_owner) - int(before.role == "OWNER"))
    for role in roles.values():
        transaction += ROLES.unchanged(role)
    return after, transaction


def _by_person(member: Member, roles: Mapping[str, CustomRole]) -> Transaction:
    membership = Membership(member.organization_id, member.role, member.expires_ms, extras(member, roles))
    return Transaction((people.membership_put(member.user_id, membership, member.version, member.left_ms),))


def _owners(organization_id: str, change: int) -> Transaction:
    if not change:
        return Transaction()
    owners = OwnersRecord.owners
    allowed = OwnersRecord.pk.exists() if change > 0 else owners > 1
    return Transaction((Update(OwnersRecord(*keys.owners(organization_id)), [owners.add(change)], allowed),))


def _commit(transaction: Transaction, before: Member) -> None:
    """Raises ConflictError, which says so when the last owner would be lost."""
    try:
        transaction.commit()
    except ConflictError as error:
        key = keys.owners(before.organization_id)
        if before.role == "OWNER" and OwnersRecord.get(*key, consistent_read=True).owners <= 1:
            raise ConflictError(_LAST_OWNER) from error
        raise
