"""API keys of people: made in a session, with scopes, never able to do more than their owner."""

import re
from collections.abc import Sequence

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity import keys
from optiq.identity.people.admission import forget_known
from optiq.identity.people.bearer import KEY_PREFIX, new_bearer
from optiq.identity.people.changing import in_session
from optiq.identity.people.contracts import Client, NewPersonalKey, Person, PersonalKey
from optiq.identity.people.origins import origin_of
from optiq.identity.people.records import PersonalKeyRecord
from optiq.identity.people.sessions import require_session
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.table import Put, Update, whole_or_none

MOST_KEYS = 50
_MOST_SCOPES = 50
_LONGEST_NAME = 100
_SCOPE = re.compile(r"[a-z][a-z-]{0,30}:[a-z][a-z-]{0,30}")


def create_key(
    person: Person,
    name: str,
    scopes: Sequence[str],
    client: Client,
    *,
    expires_ms: int | None = None,
    clock: Clock = system_clock,
) -> NewPersonalKey:
    """Makes a key for the organization chosen in the session; its secret can be seen in the answer only.

    Raises:
        InvalidError: a name, scope or expiry that cannot be.
        ConflictError: the session is in no organization, or MOST_KEYS are in use.
    """
    now_ms = clock()
    in_session(person, now_ms)
    if not person.organization_id:
        raise ConflictError("a key is of an organization: enter one first, POST /v1/organizations/{id}/switch")
    name, checked = _checked_name(name), _checked_scopes(scopes)
    if expires_ms is not None and expires_ms <= now_ms:
        raise InvalidError("expires_at: must be in the future")
    if sum(record.revoked_ms is None for record in _of(person.user_id)) >= MOST_KEYS:
        raise ConflictError(f"there are {MOST_KEYS} keys already; revoke one first")
    secret = new_bearer(KEY_PREFIX, person.user_id, person.organization_id)
    record = PersonalKeyRecord(
        *keys.personal_key(person.user_id, secret.digest),
        key_id=new_id("key", now_ms),
        digest=secret.digest,
        organization_id=person.organization_id,
        scopes=list(checked),
        prefix=secret.prefix,
        name=name,
        created_ms=now_ms,
        expires_ms=expires_ms,
    )
    change = _change(person, "api_key.created", record, client, {"name": name, "scopes": list(checked)})
    audit.commit([Put(record, PersonalKeyRecord.pk.does_not_exist())], [change])
    return NewPersonalKey(_shown(record), secret.plain)


def list_keys(person: Person) -> list[PersonalKey]:
    """A person's keys, newest first, revoked ones included."""
    require_session(person)
    shown = [_shown(record) for record in _of(person.user_id)]
    return sorted(shown, key=lambda key: key.key_id, reverse=True)


def revoke_key(person: Person, key_id: str, client: Client, clock: Clock = system_clock) -> None:
    """Ends a key; one that is revoked already stays as it is. Raises NotFoundError."""
    now_ms = clock()
    in_session(person, now_ms)
    found = [record for record in _of(person.user_id) if record.key_id == key_id]
    if not found:
        raise NotFoundError("there is no such key")
    (record,) = found
    unrevoked = PersonalKeyRecord.pk.exists() & PersonalKeyRecord.revoked_ms.does_not_exist()
    end = Update(PersonalKeyRecord(record.pk, record.sk), [PersonalKeyRecord.revoked_ms.set(now_ms)], unrevoked)
    audit.commit([end], [_change(person, "api_key.revoked", record, client, {})])
    forget_known()


def _of(user_id: str) -> list[PersonalKeyRecord]:
    return list(
        PersonalKeyRecord.query(
            keys.user(user_id).pk, PersonalKeyRecord.sk.startswith(keys.PERSONAL_KEY), consistent_read=True
        )
    )


def _change(
    person: Person, action: str, record: PersonalKeyRecord, client: Client, after: dict[str, str | list[str]]
) -> Change:
    return Change(person.user_id, person.user_id, action, record.key_id, after=dict(after), origin=origin_of(client))


def _shown(record: PersonalKeyRecord) -> PersonalKey:
    return PersonalKey(
        key_id=record.key_id,
        name=record.name,
        prefix=record.prefix,
        scopes=tuple(str(scope) for scope in record.scopes),
        organization_id=record.organization_id,
        created_ms=int(record.created_ms),
        seen_ms=whole_or_none(record.seen_ms),
        expires_ms=whole_or_none(record.expires_ms),
        revoked_ms=whole_or_none(record.revoked_ms),
    )


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InvalidError(f"name: must have 1 to {_LONGEST_NAME} printable characters")
    return name


def _checked_scopes(scopes: Sequence[str]) -> tuple[str, ...]:
    """Scopes are permissions, which those who guard routes know: here only their form is."""
    checked = tuple(dict.fromkeys(scopes))
    if not 1 <= len(checked) <= _MOST_SCOPES or not all(_SCOPE.fullmatch(scope) for scope in checked):
        raise InvalidError(f"scopes: 1 to {_MOST_SCOPES} permissions such as reports:read")
    return checked
