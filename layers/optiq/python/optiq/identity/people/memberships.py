"""As what a person is in which organization: the copy that stands by the person, which a sign-in is judged by.

Tenancy says what is in it, and writes it together with its own.
"""

from optiq.identity import keys
from optiq.identity.people.contracts import Person
from optiq.identity.people.records import MembershipRecord
from optiq.identity.people.sessions import last_organization
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.kernel.permissions import Membership
from optiq.kernel.table import Put


def membership_put(user_id: str, membership: Membership, revision: int, left_ms: int | None = None) -> Put:
    """What to write by the person; `revision` counts from 1, and each follows the one before."""
    record = MembershipRecord.of(user_id, membership, revision, left_ms)
    follows = MembershipRecord.revision == revision - 1
    return Put(record, follows if revision > 1 else MembershipRecord.pk.does_not_exist())


def memberships_of(person: Person, clock: Clock = system_clock) -> list[Membership]:
    """A person's organizations, the oldest first."""
    return _alive(person.user_id, clock())


def organization_to_enter(user_id: str, now_ms: int) -> str:
    """Where a sign-in leads: to the only organization a person is in, or of several to the one used last.

    Returns:
        Its id; "" for who is in none, or used none of several in as long as sessions are kept.
    """
    found = [membership.organization_id for membership in _alive(user_id, now_ms)]
    if len(found) > 1:
        return last_organization(user_id, found)
    return found[0] if found else ""


def require_membership(user_id: str, organization_id: str, now_ms: int) -> None:
    """Raises NotFoundError."""
    refusal = NotFoundError("there is no such organization")
    if not may_be_id(organization_id):
        raise refusal
    try:
        record = MembershipRecord.get(*keys.membership(user_id, organization_id), consistent_read=True)
    except MembershipRecord.DoesNotExist as error:
        raise refusal from error
    if record.left_ms is not None or not record.contract().is_alive(now_ms):
        raise refusal


def _alive(user_id: str, now_ms: int) -> list[Membership]:
    first = keys.membership(user_id, "")
    found = MembershipRecord.query(
        first.pk,
        MembershipRecord.sk.startswith(first.sk),
        MembershipRecord.left_ms.does_not_exist(),
        consistent_read=True,
    )
    return [membership for membership in (record.contract() for record in found) if membership.is_alive(now_ms)]
