"""Sessions: opaque secrets, kept as hashes beside their user.

One ends after IDLE_MS without use, LIFETIME_MS after it began, when it is revoked, or when its user's epoch moves on:
then all do at once, in the very write that changed the password.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from optiq.audit.contracts import Change
from optiq.identity import keys
from optiq.identity.people.bearer import SESSION_PREFIX, named_by, new_bearer
from optiq.identity.people.contracts import Client, Person, Session, SignInMethod
from optiq.identity.people.origins import origin_of
from optiq.identity.people.records import SessionRecord
from optiq.kernel.clock import DAY_MS, HOUR_MS
from optiq.kernel.errors import ForbiddenError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.secrets import digest_of
from optiq.kernel.table import Put, Update

IDLE_MS = 14 * DAY_MS
LIFETIME_MS = 90 * DAY_MS
SEEN_EVERY_MS = HOUR_MS
"""How far behind the instant of the last use may be."""


@dataclass(frozen=True, slots=True)
class NewSession:
    put: Put
    change: Change
    secret: str
    expires_ms: int


def new_session(
    user_id: str,
    epoch: int,
    method: SignInMethod,
    client: Client,
    now_ms: int,
    *,
    organization_id: str = "",
    signed_in_ms: int | None = None,
) -> NewSession:
    """A session to write. `signed_in_ms` is when the person proved who they are, if that was earlier."""
    secret = new_bearer(SESSION_PREFIX, user_id, organization_id)
    origin, session_id, expires_ms = origin_of(client), new_id("sess", now_ms), now_ms + LIFETIME_MS
    record = SessionRecord(
        *keys.session(user_id, secret.digest),
        session_id=session_id,
        digest=secret.digest,
        organization_id=organization_id,
        session_epoch=epoch,
        method=method,
        device=origin.device,
        place=origin.place,
        signed_in_ms=now_ms if signed_in_ms is None else signed_in_ms,
        seen_ms=now_ms,
        expires_ms=expires_ms,
        forget_at=expires_ms // 1000,
    )
    change = Change(user_id, user_id, "session.started", session_id, after={"method": method}, origin=origin)
    return NewSession(Put(record, SessionRecord.pk.does_not_exist()), change, secret.plain, expires_ms)


def require_session(person: Person) -> None:
    """Raises ForbiddenError for who came with an API key: none changes an account, or the organizations it is in."""
    if person.scopes is not None:
        raise ForbiddenError("this needs a session, not an API key")


def is_alive(record: SessionRecord, epoch: int, now_ms: int) -> bool:
    return (
        record.revoked_ms is None
        and record.session_epoch == epoch
        and record.expires_ms > now_ms
        and record.seen_ms + IDLE_MS > now_ms
    )


def list_sessions(person: Person, epoch: int, now_ms: int) -> list[Session]:
    """A person's living sessions, the one used last first."""
    sessions = [
        Session(
            session_id=record.session_id,
            device=record.device,
            place=record.place,
            method=cast(SignInMethod, record.method),
            signed_in_ms=int(record.signed_in_ms),
            seen_ms=int(record.seen_ms),
            expires_ms=min(int(record.expires_ms), int(record.seen_ms) + IDLE_MS),
            is_current=record.digest == person.digest,
        )
        for record in _of(person.user_id)
        if is_alive(record, epoch, now_ms)
    ]
    return sorted(sessions, key=lambda session: (session.seen_ms, session.session_id), reverse=True)


def last_organization(user_id: str, among: Sequence[str]) -> str:
    """The one of these organizations that a person's session used last was of, living or not; "" for none."""
    used = [record for record in _of(user_id) if record.organization_id in among]
    return max(used, key=lambda record: (record.seen_ms, record.session_id)).organization_id if used else ""


def revocation(user_id: str, session_id: str, now_ms: int) -> Update:
    """Raises NotFoundError when the person has no such session."""
    for record in _of(user_id):
        if record.session_id == session_id:
            return end_of(user_id, record.digest, now_ms)
    raise NotFoundError("there is no such session")


def replacement(client: Client, now_ms: int) -> tuple[Update, Change] | None:
    """What ends the session a browser is in, of whomever it is; None when it is in none."""
    named = named_by(client.session_secret)
    if named is None:
        return None
    user_id, digest = named[0], digest_of(client.session_secret)
    try:
        record = SessionRecord.get(*keys.session(user_id, digest), consistent_read=True)
    except SessionRecord.DoesNotExist:
        return None
    change = Change(user_id, user_id, "session.ended", record.session_id, origin=origin_of(client))
    return end_of(user_id, digest, now_ms), change


def end_of(user_id: str, digest: str, now_ms: int) -> Update:
    """Ends one session, known by the hash of its secret."""
    record = SessionRecord(*keys.session(user_id, digest))
    return Update(
        record,
        [SessionRecord.revoked_ms.set(now_ms)],
        SessionRecord.pk.exists() & SessionRecord.revoked_ms.does_not_exist(),
    )


def _of(user_id: str) -> list[SessionRecord]:
    return list(
        SessionRecord.query(keys.user(user_id).pk, SessionRecord.sk.startswith(keys.SESSION), consistent_read=True)
    )
