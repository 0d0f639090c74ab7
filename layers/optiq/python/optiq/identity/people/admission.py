"""Who a presented `os_` or `ok_` secret stands for: one read of the table, known for CACHE_SECONDS.

So a revoked session or key may work that much longer wherever it was known.
"""

import time

from optiq.identity import keys
from optiq.identity.people.bearer import KEY_PREFIX, SESSION_PREFIX, named_by
from optiq.identity.people.contracts import Person
from optiq.identity.people.records import AdmissionRecord
from optiq.identity.people.sessions import IDLE_MS, SEEN_EVERY_MS
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.permissions import Membership
from optiq.kernel.secrets import digest_of
from optiq.kernel.table import Update, table_outages, update_if
from optiq.kernel.table_read import read_together

CACHE_SECONDS = 60
_CACHED_PERSONS = 1_000
_known: dict[str, tuple[float, Person]] = {}


def admit(secret: str) -> Person:
    """Raises UnauthenticatedError for a secret of nobody, or one that ended. Any other error is the table's."""
    digest = digest_of(secret)
    known = _known.get(digest)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    named, kind = named_by(secret), secret.partition("_")[0]
    if named is None or kind not in (SESSION_PREFIX, KEY_PREFIX):
        raise UnauthenticatedError("the key is not known here")
    user_id, organization_id = named
    place = (keys.session if kind == SESSION_PREFIX else keys.personal_key)(user_id, digest)
    wanted = [place, keys.user(user_id)]
    if organization_id:
        wanted.append(keys.membership(user_id, organization_id))
    with table_outages():
        found = read_together(AdmissionRecord, wanted)
        credential, user = found.get(place), found.get(keys.user(user_id))
        now_ms = system_clock()
        if credential is None or user is None or not _is_good(credential, user, now_ms):
            raise UnauthenticatedError("the key is not known here, or not any more")
        _note_use(credential, now_ms)
    membership = found.get(keys.membership(user_id, organization_id))
    person = _person(user_id, digest, credential, membership.membership() if membership else None)
    if len(_known) >= _CACHED_PERSONS:
        _known.clear()
    _known[digest] = (time.monotonic() + _seconds_known(credential, now_ms), person)
    return person


def is_personal(secret: str) -> bool:
    """Whether a secret names a person; an organization's key names none."""
    return named_by(secret) is not None


def forget_known() -> None:
    """Makes this process ask the table again."""
    _known.clear()


def _is_good(credential: AdmissionRecord, user: AdmissionRecord, now_ms: int) -> bool:
    if user.status != "ACTIVE" or credential.revoked_ms is not None:
        return False
    if credential.expires_ms is not None and credential.expires_ms <= now_ms:
        return False
    if credential.session_id is None:
        return True
    return credential.session_epoch == user.epoch and (credential.seen_ms or 0) + IDLE_MS > now_ms


def _note_use(credential: AdmissionRecord, now_ms: int) -> None:
    """At most one write in SEEN_EVERY_MS, whoever of several processes comes first."""
    if credential.seen_ms is not None and credential.seen_ms + SEEN_EVERY_MS > now_ms:
        return
    seen = AdmissionRecord.seen_ms
    unseen = seen == credential.seen_ms if credential.seen_ms is not None else seen.does_not_exist()
    known = AdmissionRecord(credential.pk, credential.sk)
    update_if(Update(known, [seen.set(now_ms)], AdmissionRecord.pk.exists() & unseen))


def _person(user_id: str, digest: str, credential: AdmissionRecord, membership: Membership | None) -> Person:
    scopes = None if credential.scopes is None else frozenset(str(scope) for scope in credential.scopes)
    return Person(
        user_id=user_id,
        organization_id=credential.organization_id or "",
        credential_id=credential.session_id or credential.key_id or "",
        digest=digest,
        scopes=scopes if credential.session_id is None else None,
        signed_in_ms=int(credential.signed_in_ms or 0),
        membership=membership,
    )


def _seconds_known(credential: AdmissionRecord, now_ms: int) -> float:
    if credential.expires_ms is None:
        return CACHE_SECONDS
    return min(CACHE_SECONDS, (credential.expires_ms - now_ms) / 1000)
