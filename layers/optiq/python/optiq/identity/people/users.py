"""Accounts of people: found, read, changed."""

import json
import re
from collections.abc import Mapping

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity import keys
from optiq.identity.people.contracts import Client, Person, User
from optiq.identity.people.origins import origin_of
from optiq.identity.people.records import AddressRecord, UserRecord
from optiq.identity.people.sessions import require_session
from optiq.kernel.clock import Clock, parse_timezone, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.table import Put, Update
from optiq.mail import api as mails

ProfileChanges = Mapping[str, str | Mapping[str, str | int | bool | None]]
_LONGEST_NAME = 100
_MOST_PREFERENCES = 50
_LONGEST_PREFERENCE = 200
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PREFERENCE = re.compile(r"[a-z][a-z0-9_.]{0,49}")
_WEB = re.compile(r"https://[^\s<>\"]{1,1000}")
KNOWN_PREFERENCES: Mapping[str, tuple[str | bool, ...]] = {
    "date_format": ("YMD", "DMY", "MDY"),
    "time_format": ("H24", "H12"),
}
"""The values of preferences that Optiq uses; it keeps others as they are."""
_CHANGEABLE = ("name", "avatar_url", "locale", "timezone")


def find_user(address_hash: str) -> UserRecord | None:
    """The person an address belongs to.

    As many reads whether there is one or not: time must not tell.
    """
    try:
        user_id = AddressRecord.get(*keys.address(address_hash), consistent_read=True).user_id
    except AddressRecord.DoesNotExist:
        user_id = f"user_{address_hash}"
    try:
        return UserRecord.get(*keys.user(user_id), consistent_read=True)
    except UserRecord.DoesNotExist:
        return None


def get_user(user_id: str) -> UserRecord:
    """Raises NotFoundError."""
    try:
        return UserRecord.get(*keys.user(user_id), consistent_read=True)
    except UserRecord.DoesNotExist as error:
        raise NotFoundError("there is no such person") from error


def find_by_address(email: str) -> User | None:
    """Whose an address is. Never for who may not know whether it has an account."""
    user = find_user(mails.address_hash(email))
    return None if user is None else user.contract()


def people_of(user_ids: list[str]) -> dict[str, User]:
    """People by id."""
    found = UserRecord.batch_get([keys.user(user_id) for user_id in user_ids])
    return {str(record.user_id): record.contract() for record in found}


def profile(person: Person) -> User:
    """Who asks. Raises NotFoundError."""
    return get_user(person.user_id).contract()


def new_user(
    user_id: str, address_hash: str, email: str, name: str, password: str | None, now_ms: int
) -> tuple[UserRecord, list[Put | Update]]:
    """An account to write, and its hold on the address, which only one can have."""
    record = UserRecord(
        *keys.user(user_id),
        user_id=user_id,
        email=email,
        name=name,
        status="ACTIVE",
        password=password,
        created_ms=now_ms,
        changed_ms=now_ms,
    )
    claim = AddressRecord(*keys.address(address_hash), user_id=user_id)
    return record, [Put(record, UserRecord.pk.does_not_exist()), Put(claim, AddressRecord.pk.does_not_exist())]


def change_profile(person: Person, changes: ProfileChanges, client: Client, clock: Clock = system_clock) -> User:
    """Changes name, avatar_url, locale, timezone, and single preferences: None takes one away.

    Raises:
        InvalidError: a value that cannot be. ConflictError: somebody else changed the account just then.
    """
    require_session(person)
    record = get_user(person.user_id)
    after = _differences(record, changes)
    if not after:
        return record.contract()
    before = {field: str(getattr(record, field)) for field in after}
    actions = [getattr(UserRecord, field).set(value) for field, value in after.items()]
    update = Update(
        UserRecord(*keys.user(person.user_id)),
        [*actions, UserRecord.version.add(1), UserRecord.changed_ms.set(clock())],
        UserRecord.version == record.version,
    )
    change = Change(person.user_id, person.user_id, "profile.changed", person.user_id, before, after, origin_of(client))
    if not audit.commit([update], [change]):
        raise ConflictError("the account was changed at the same time; try again")
    return get_user(person.user_id).contract()


def _differences(record: UserRecord, changes: ProfileChanges) -> dict[str, str]:
    """The fields that would have another value, with it. Raises InvalidError."""
    wanted: dict[str, str] = {}
    for field in _CHANGEABLE:
        value = changes.get(field)
        if isinstance(value, str):
            wanted[field] = _CHECKS[field](value)
    preferences = changes.get("preferences")
    if isinstance(preferences, Mapping):
        wanted["preferences"] = _merged(json.loads(record.preferences), preferences)
    return {field: value for field, value in wanted.items() if getattr(record, field) != value}


def _merged(current: Mapping[str, object], changes: Mapping[str, str | int | bool | None]) -> str:
    for name, value in changes.items():
        if not _PREFERENCE.fullmatch(name):
            raise InvalidError("preferences: names are like date_format, of at most 50 characters")
        if len(str(value)) > _LONGEST_PREFERENCE:
            raise InvalidError(f"preferences: values have at most {_LONGEST_PREFERENCE} characters")
        _check_known(name, value)
    merged = {name: value for name, value in {**current, **changes}.items() if value is not None}
    if len(merged) > _MOST_PREFERENCES:
        raise InvalidError(f"preferences: at most {_MOST_PREFERENCES}")
    return json.dumps(merged, sort_keys=True)


def _check_known(name: str, value: str | int | bool | None) -> None:
    """Raises InvalidError. A number is no switch, though 1 is equal to True."""
    known = KNOWN_PREFERENCES.get(name, ())
    if known and value is not None and (type(value), value) not in [(type(each), each) for each in known]:
        raise InvalidError(f"preferences.{name}: must be {' or '.join(json.dumps(each) for each in known)}")


def checked_name(name: str) -> str:
    """Raises InvalidError for what is no name of a person: control characters would break out of a mail's subject."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InvalidError(f"name: must have 1 to {_LONGEST_NAME} printable characters")
    return name


def _checked_avatar(url: str) -> str:
    if url and not _WEB.fullmatch(url):
        raise InvalidError("avatar_url: must begin with https://")
    return url


def _checked_locale(locale: str) -> str:
    if locale and not (len(locale) <= 35 and _LOCALE.fullmatch(locale)):
        raise InvalidError("locale: must be a language tag such as de-DE")
    return locale


def _checked_timezone(name: str) -> str:
    return str(parse_timezone(name)) if name else name


_CHECKS = {
    "name": checked_name,
    "avatar_url": _checked_avatar,
    "locale": _checked_locale,
    "timezone": _checked_timezone,
}
