"""What a change of how a person signs in needs, and what follows from it.

It needs a session that is alive now, whatever was known of it a minute ago, and the password again (without one, a
session begun a few minutes ago). It moves the epoch on, which ends all sessions, gives the one that asks a new secret,
and sends the person a mail.
"""

from collections.abc import Sequence
from typing import Any, cast

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity import keys
from optiq.identity.people import passwords, throttle
from optiq.identity.people.admission import forget_known
from optiq.identity.people.contracts import Client, Person, SignedIn, SignInMethod
from optiq.identity.people.origins import new_device_token, origin_of
from optiq.identity.people.records import SessionRecord, UserRecord
from optiq.identity.people.sessions import is_alive, new_session, require_session
from optiq.identity.people.signing_in import security_notice
from optiq.identity.people.users import get_user
from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.errors import ConflictError, ForbiddenError, UnauthenticatedError
from optiq.kernel.table import Put, Update
from optiq.mail import api as mails

FRESH_MS = 15 * MINUTE_MS
KEPT = "API keys and linked accounts at Google or GitHub still work. Revoke or unlink those that are not yours."
"""Part of the notice about a new password, which ends only sessions and links."""
CHANGED = "the account was changed at the same time; try again"


def in_session(person: Person, now_ms: int) -> tuple[UserRecord, SessionRecord]:
    """The current person and session, read again.

    Raises:
        ForbiddenError: they came with an API key. UnauthenticatedError: the session has ended.
    """
    require_session(person)
    user = get_user(person.user_id)
    try:
        session = SessionRecord.get(*keys.session(person.user_id, person.digest), consistent_read=True)
    except SessionRecord.DoesNotExist as error:
        raise UnauthenticatedError("the session has ended") from error
    if user.status != "ACTIVE" or not is_alive(session, int(user.epoch), now_ms):
        raise UnauthenticatedError("the session has ended")
    return user, session


def prove(person: Person, password: str, now_ms: int) -> UserRecord:
    """The person, who is at the keyboard: a session may have been left open.

    Raises:
        ForbiddenError: a wrong password, or (without one) a session that began long ago; else as in_session.
        LimitExceededError: too many wrong passwords.
    """
    user, session = in_session(person, now_ms)
    if user.password is None:
        if session.signed_in_ms + FRESH_MS < now_ms:
            raise ForbiddenError("sign in again first")
        return user
    tries = throttle.reserve(throttle.PROVING, person.user_id, now_ms)
    if not passwords.is_password(user.password, password):
        raise ForbiddenError("the password is wrong")
    tries.give_back()
    return user


def make_change(
    person: Person,
    user: UserRecord,
    action: str,
    writes: Sequence[Put | Update],
    fields: Sequence[Any],
    notice_text: str,
    client: Client,
    now_ms: int,
) -> SignedIn:
    """Changes fields of the person together with other items, and rotates the session.

    Raises:
        ConflictError: the account was changed just then, or what is wanted is so already.
    """
    _, old = in_session(person, now_ms)
    session = new_session(
        user.user_id,
        int(user.epoch) + 1,
        cast(SignInMethod, old.method),
        client,
        now_ms,
        organization_id=old.organization_id,
        signed_in_ms=int(old.signed_in_ms),
    )
    change = Change(user.user_id, user.user_id, action, user.user_id, origin=origin_of(client))
    notice = security_notice(user, notice_text)
    all_writes = [new_epoch(user, now_ms, *fields), *writes, session.put, *notice.writes]
    if not audit.commit(all_writes, [change, session.change], events=[notice.event]):
        raise ConflictError(CHANGED)
    forget_known()
    device_token = new_device_token(mails.address_hash(user.email))
    changed = get_user(user.user_id).contract()
    return SignedIn(changed, session.secret, session.expires_ms, device_token, str(old.organization_id))


def new_epoch(user: UserRecord, now_ms: int, *fields: Any) -> Update:
    """Ends all sessions and links of a person, if nothing of the kind happened since they were read."""
    changes = [*fields, UserRecord.epoch.add(1), UserRecord.version.add(1), UserRecord.changed_ms.set(now_ms)]
    return Update(UserRecord(*keys.user(user.user_id)), changes, UserRecord.epoch == user.epoch)


def check_new_password(user: UserRecord, password: str) -> None:
    """Raises InvalidError for one that this person may not choose."""
    own_words = own_words_of(user.email, user.name)
    passwords.check_password(password, second_factor=bool(user.two_factor), own_words=own_words)


def own_words_of(email: str, name: str) -> tuple[str, ...]:
    """Words of a person that an attacker would try first."""
    return (email, *email.split("@"), name, *name.split())
