"""As what a person is in which organization: the copy that stands by the person, which a sign-in is judged by.

Tenancy says what is in it, and writes it together with its own.
"""

from typing import cast

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity.people.admission import forget_known
from optiq.identity.people.changing import CHANGED, in_session
from optiq.identity.people.contracts import Client, Person, SignedIn, SignInMethod, User
from optiq.identity.people.origins import new_device_token, origin_of
from optiq.identity.people.records import MembershipRecord, UserRecord
from optiq.identity.people.sessions import end_of, new_session
from optiq.identity.people.users import find_user
from optiq.kernel import keys
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.kernel.permissions import Membership
from optiq.kernel.table import Put
from optiq.notifications import api as notifications


def membership_put(user_id: str, membership: Membership, revision: int, left_ms: int | None = None) -> Put:
    """What to write by the person; `revision` counts from 1, and each follows the one before."""
    record = MembershipRecord.of(user_id, membership, revision, left_ms)
    follows = MembershipRecord.revision == revision - 1
    return Put(record, follows if revision > 1 else MembershipRecord.pk.does_not_exist())


def memberships_of(person: Person, clock: Clock = system_clock) -> list[Membership]:
    """A person's organizations, the oldest first."""
    first = keys.membership(person.user_id, "")
    found = MembershipRecord.query(
        first.pk,
        MembershipRecord.sk.startswith(first.sk),
        MembershipRecord.left_ms.does_not_exist(),
        consistent_read=True,
    )
    now_ms = clock()
    return [membership for membership in (record.contract() for record in found) if membership.is_alive(now_ms)]


def switch_organization(person: Person, organization_id: str, client: Client, clock: Clock = system_clock) -> SignedIn:
    """Goes on in another organization, in a session with a new secret; the one that asks ends.

    Raises:
        NotFoundError: the person is in no such organization. ForbiddenError: an API key asks.
        UnauthenticatedError, ConflictError: the session has ended, or ends at the same time.
    """
    now_ms = clock()
    user, old = in_session(person, now_ms)
    _require_membership(person.user_id, organization_id, now_ms)
    session = new_session(
        person.user_id,
        int(user.epoch),
        cast(SignInMethod, old.method),
        client,
        now_ms,
        organization_id=organization_id,
        signed_in_ms=int(old.signed_in_ms),
    )
    end = end_of(person.user_id, person.digest, now_ms)
    origin = origin_of(client)
    change = Change(
        person.user_id,
        person.user_id,
        "organization.switched",
        organization_id,
        {"organization_id": old.organization_id},
        {"organization_id": organization_id},
        origin,
    )
    if not audit.commit([end, session.put], [change, session.change]):
        raise ConflictError(CHANGED)
    forget_known()
    device_token = client.device_token or new_device_token(notifications.address_hash(user.email))
    return SignedIn(user.contract(), session.secret, session.expires_ms, device_token)


def find_by_address(email: str) -> User | None:
    """Whose an address is. Never for who may not know whether it has an account."""
    user = find_user(notifications.address_hash(email))
    return None if user is None else user.contract()


def people_of(user_ids: list[str]) -> dict[str, User]:
    """People by id."""
    found = UserRecord.batch_get([keys.user(user_id) for user_id in user_ids])
    return {str(record.user_id): record.contract() for record in found}


def _require_membership(user_id: str, organization_id: str, now_ms: int) -> None:
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
