"""Where a person is signed in, and ending that: one session, or all."""

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity.people.admission import forget_known
from optiq.identity.people.changing import CHANGED, in_session, new_epoch
from optiq.identity.people.contracts import Client, Person, Session
from optiq.identity.people.origins import origin_of
from optiq.identity.people.sessions import end_of, list_sessions, require_session, revocation
from optiq.identity.people.users import get_user
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError
from optiq.kernel.table import Update


def sessions(person: Person, clock: Clock = system_clock) -> list[Session]:
    """Where a person is signed in, the session used last first."""
    require_session(person)
    return list_sessions(person, int(get_user(person.user_id).epoch), clock())


def revoke_session(person: Person, session_id: str, client: Client, clock: Clock = system_clock) -> None:
    """Raises NotFoundError when the person has no such session."""
    in_session(person, clock())
    end = revocation(person.user_id, session_id, clock())
    _revoke(person, end, session_id, client)


def sign_out(person: Person, client: Client, clock: Clock = system_clock) -> None:
    """Ends the session that asks. Raises ForbiddenError for an API key, which is revoked instead."""
    require_session(person)
    _revoke(person, end_of(person.user_id, person.digest, clock()), person.credential_id, client)


def revoke_all_sessions(person: Person, client: Client, clock: Clock = system_clock) -> None:
    """Ends every session of a person, the one that asks too."""
    user, _ = in_session(person, clock())
    change = Change(user.user_id, user.user_id, "sessions.ended", user.user_id, origin=origin_of(client))
    if not audit.commit([new_epoch(user, clock())], [change]):
        raise ConflictError(CHANGED)
    forget_known()


def _revoke(person: Person, end: Update, session_id: str, client: Client) -> None:
    # False: it had ended already.
    change = Change(person.user_id, person.user_id, "session.ended", session_id, origin=origin_of(client))
    audit.commit([end], [change])
    forget_known()
