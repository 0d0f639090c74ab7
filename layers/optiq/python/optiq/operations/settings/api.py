"""Settings of the system: read by functions, who know of a change within CACHE_SECONDS; changed by staff."""

import json
from dataclasses import replace
from typing import Any

from cachetools import TTLCache

from optiq.audit.contracts import Change
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError, NotFoundError, VersionError
from optiq.kernel.keys import Key
from optiq.kernel.lake_tables import PLATFORM
from optiq.operations.settings.contracts import KNOWN, SystemSetting, Value
from optiq.store.api import Store

CACHE_SECONDS = 20
"""How long a process goes by what it read."""
_LONGEST_DESCRIPTION = 500


def _key(key: str, number: str) -> Key:
    return Key("PLATFORM", f"SETTING#{key}#{number}")


_SETTINGS = Store(SystemSetting, "system setting", _key)
_cache: TTLCache[str, dict[str, SystemSetting]] = TTLCache(maxsize=1, ttl=CACHE_SECONDS)


def number_of(key: str) -> int:
    """A setting that is a number, as it was at most CACHE_SECONDS ago."""
    return int(value_of(key))


def value_of(key: str) -> Value:
    """A setting, as it was at most CACHE_SECONDS ago."""
    known = _cache.get("")
    if known is None:
        known = _cache[""] = {one.key: one for one in list_settings()}
    value: Value = json.loads(known[key].value)
    return value


def list_settings(*, public: bool = False) -> list[SystemSetting]:
    """Every setting as it stands, or the public ones, by key."""
    latest = {one.key: one for one in _SETTINGS.all_of()}
    every = [latest.get(key) or _default(key) for key in sorted(KNOWN)]
    return [one for one in every if one.is_public or not public]


def versions_of(key: str) -> list[SystemSetting]:
    """Every version of a setting, the one in force first. Raises NotFoundError."""
    if key not in KNOWN:
        raise _unknown(key)
    return [*sorted(_SETTINGS.all_of(key), key=lambda one: one.number, reverse=True), _default(key)]


def change_setting(
    caller: Caller, key: str, changes: dict[str, Any], *, expected: str | None = None, clock: Clock = system_clock
) -> SystemSetting:
    """Makes another version of a setting.

    Args:
        changes: `value`, `description` and `is_public`; what is absent stays. expected: number of the version in force.

    Raises:
        NotFoundError: no function reads such a setting. InvalidError: a value that cannot be.
        VersionError: another version is in force, or somebody changed it just then.
    """
    before = versions_of(key)[0]
    if expected is not None and expected != before.number:
        raise VersionError(f"number: version {before.number or '(default)'} is in force")
    value = _checked(key, changes["value"]) if "value" in changes else json.loads(before.value)
    description = str(changes.get("description", before.description)).strip()
    if not 0 < len(description) <= _LONGEST_DESCRIPTION:
        raise InvalidError(f"description: must have 1 to {_LONGEST_DESCRIPTION} characters")
    after = replace(
        before,
        number=f"{int(before.number or 0) + 1:06d}",
        value=json.dumps(value),
        description=description,
        is_public=bool(changes.get("is_public", before.is_public)),
        changed_ms=clock(),
        changed_by=caller.actor,
    )
    _SETTINGS.adding(caller, after, entry=_entry(caller, before, after), clock=clock).commit()
    return after


def _entry(caller: Caller, before: SystemSetting, after: SystemSetting) -> Change:
    """For the audit log, under the setting's key."""
    names = [name for name in ("value", "description", "is_public") if getattr(after, name) != getattr(before, name)]
    old, new = ({name: getattr(one, name) for name in names} for one in (before, after))
    return Change(PLATFORM, caller.actor, "system_setting.changed", after.key, old, new, caller.origin)


def _checked(key: str, value: object) -> Value:
    known = KNOWN[key]
    if isinstance(known.default, int):
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= known.most:
            raise InvalidError(f"value: {key} must be a whole number from 1 to {known.most}")
        return value
    if not isinstance(value, str) or len(value) > known.most:
        raise InvalidError(f"value: {key} must be a text of at most {known.most} characters")
    return value.strip()


def _default(key: str) -> SystemSetting:
    known = KNOWN[key]
    value = json.dumps(known.default)
    return SystemSetting(PLATFORM, key, "", value, known.category, known.description, known.is_public, 0, "")


def _unknown(key: str) -> NotFoundError:
    return NotFoundError(f"there is no setting '{key[:60]}'; there are {', '.join(sorted(KNOWN))}")
