"""API keys of users: created in a session, with scopes, never able to do more than their owner."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter

from optiq.audit.contracts import Change, Fields
from optiq.identity import keys
from optiq.identity.people.admission import forget_known
from optiq.identity.people.bearer import KEY_PREFIX, new_bearer
from optiq.identity.people.changing import in_session
from optiq.identity.people.contracts import Client, NewPersonalKey, Person, PersonalKey
from optiq.identity.people.origins import origin_of
from optiq.identity.people.sessions import require_session
from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page, page_of, place_after
from optiq.store.api import Store

MOST_KEYS = 50
_MOST_SCOPES = 50
_LONGEST_NAME = 100
_LIST = "api keys"
_SCOPE = re.compile(r"[a-z][a-z-]{0,30}:[a-z][a-z-]{0,30}")
_KEYS = Store(PersonalKey, "api key", keys.personal_key)


def create_key(
    person: Person,
    name: str,
    scopes: Sequence[str],
    client: Client,
    *,
    expires_ms: int | None = None,
    clock: Clock = system_clock,
) -> NewPersonalKey:
    """Creates a key for the organization chosen in the session; its secret can be seen in the answer only.

    Raises:
        InvalidError: a name, scope or expiry that cannot be.
        ConflictError: the session is in no organization, or MOST_KEYS are in use.
    """
    now_ms = clock()
    in_session(person, now_ms)
    if not person.organization_id:
        raise ConflictError("a key is of an organization: enter one first, POST /v1/organizations/{id}/switch")
    name, checked = checked_name(name, _LONGEST_NAME), _checked_scopes(scopes)
    if expires_ms is not None and expires_ms <= now_ms:
        raise InvalidError("expires_at: must be in the future")
    if sum(key.revoked_ms is None for key in _KEYS.all_of(person.user_id)) >= MOST_KEYS:
        raise ConflictError(f"there are {MOST_KEYS} keys already; revoke one first")
    secret = new_bearer(KEY_PREFIX, person.user_id, person.organization_id)
    key = PersonalKey(
        user_id=person.user_id,
        digest=secret.digest,
        key_id=new_id("key", now_ms),
        organization_id=person.organization_id,
        name=name,
        prefix=secret.prefix,
        scopes=checked,
        created_ms=now_ms,
        expires_ms=expires_ms,
    )
    entry = _entry(person, "api_key.created", key, client, {"name": name, "scopes": list(checked)})
    _KEYS.adding(_caller(person, client), key, entry=entry, clock=clock).commit()
    return NewPersonalKey(key, secret.plain)


def list_keys(person: Person, limit: int = 50, cursor: str | None = None) -> Page[PersonalKey]:
    """A page of a user's keys, newest first, revoked ones included. Raises InvalidError for another list's cursor."""
    require_session(person)
    after = place_after(cursor, _LIST)
    listed = [key for key in _KEYS.all_of(person.user_id) if not after or key.key_id < after]
    return page_of(_LIST, sorted(listed, key=attrgetter("key_id"), reverse=True), limit, attrgetter("key_id"))


def revoke_key(person: Person, key_id: str, client: Client, clock: Clock = system_clock) -> None:
    """Ends a key; one that is revoked already stays as it is.

    Raises:
        NotFoundError: the user has no such key. ConflictError: it was changed just then.
    """
    now_ms = clock()
    in_session(person, now_ms)
    key = next((one for one in _KEYS.all_of(person.user_id) if one.key_id == key_id), None)
    if key is None:
        raise NotFoundError("there is no such key")
    if key.revoked_ms is None:
        entry = _entry(person, "api_key.revoked", key, client, {})
        ended = replace(key, revoked_ms=now_ms)
        _KEYS.changing(_caller(person, client), key, ended, entry=entry, clock=clock)[1].commit()
    forget_known()


def _caller(person: Person, client: Client) -> Caller:
    return Caller(person.organization_id, person.user_id, person.user_id, locate=partial(origin_of, client))


def _entry(person: Person, action: str, key: PersonalKey, client: Client, after: Fields) -> Change:
    """A key is its user's own: it is in their audit log, not in that of the organization."""
    return Change(person.user_id, person.user_id, action, key.key_id, after=after, origin=origin_of(client))


def _checked_scopes(scopes: Sequence[str]) -> tuple[str, ...]:
    """Scopes are permissions; whether there are such is checked where they are used."""
    checked = tuple(dict.fromkeys(scopes))
    if not 1 <= len(checked) <= _MOST_SCOPES or not all(_SCOPE.fullmatch(scope) for scope in checked):
        raise InvalidError(f"scopes: 1 to {_MOST_SCOPES} permissions such as reports:read")
    return checked
