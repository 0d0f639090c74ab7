"""Going on in another organization."""

from typing import cast

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity.people.admission import forget_known
from optiq.identity.people.changing import CHANGED, in_session
from optiq.identity.people.contracts import Client, Person, SignedIn, SignInMethod
from optiq.identity.people.memberships import require_membership
from optiq.identity.people.origins import new_device_token, origin_of
from optiq.identity.people.sessions import end_of, new_session
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError
from optiq.mail import api as mails


def switch_organization(person: Person, organization_id: str, client: Client, clock: Clock = system_clock) -> SignedIn:
    """Goes on in another organization, in a session with a new secret; the one that asks ends.

    Raises:
        NotFoundError: the person is in no such organization. ForbiddenError: an API key asks.
        UnauthenticatedError, ConflictError: the session has ended, or ends at the same time.
    """
    now_ms = clock()
    user, old = in_session(person, now_ms)
    require_membership(person.user_id, organization_id, now_ms)
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
        "session.switched",
        organization_id,
        {"organization_id": old.organization_id},
        {"organization_id": organization_id},
        origin,
    )
    if not audit.commit([end, session.put], [change, session.change]):
        raise ConflictError(CHANGED)
    forget_known()
    device_token = client.device_token or new_device_token(mails.address_hash(user.email))
    return SignedIn(user.contract(), session.secret, session.expires_ms, device_token, organization_id)
