"""How long an organization's data is kept, as its people set it."""

from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError
from optiq.retention import keys
from optiq.retention.classes import CLASSES
from optiq.retention.contracts import Retention, RetentionChange
from optiq.store.api import Store

_RETENTIONS = Store(Retention, "retention", keys.retention)


def get_retention(caller: Caller) -> Retention:
    """The defaults, of version 0, before any was set."""
    return retention_of(caller.organization_id)


def retention_of(organization_id: str) -> Retention:
    return _RETENTIONS.find(organization_id) or Retention(organization_id)


def set_retention(caller: Caller, changes: RetentionChange, *, expected_version: int | None = None) -> Retention:
    """Changes how long data is kept, from the next night on. What is removed then does not come back.

    Raises:
        InvalidError: out of bounds; the message begins with the field. VersionError: another version is stored.
    """
    before = get_retention(caller)
    after = replace(before, **changes)
    for one in CLASSES.values():
        if one.setting and not one.least <= getattr(after, one.setting) <= one.most:
            raise InvalidError(f"{one.setting}: must be {one.least} to {one.most} days")
    return _RETENTIONS.change(caller, before, after, expected_version)
