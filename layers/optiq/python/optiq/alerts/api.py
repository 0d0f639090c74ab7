"""A site's alert settings: who gets its alerts, and when not. Changed as a whole."""

import re
from collections.abc import Sequence
from dataclasses import replace

from optiq.alerts.contracts import AlertSettings, QuietHours
from optiq.alerts.stores import SETTINGS, settings_of
from optiq.identity.people import api as people
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.mail import api as mails
from optiq.tenancy import api as tenancy
from optiq.tenancy.members import api as members

__all__ = ["get_alert_settings", "set_alert_settings"]

MAX_MEMBERS = 50
MAX_ADDRESSES = 20
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def get_alert_settings(caller: Caller, site_id: str) -> AlertSettings:
    """The settings as they are now. Raises NotFoundError."""
    tenancy.get_site(caller.organization_id, site_id)
    return settings_of(caller.organization_id, site_id)


def set_alert_settings(
    caller: Caller,
    site_id: str,
    *,
    members: Sequence[str] = (),
    addresses: Sequence[str] = (),
    quiet_hours: QuietHours | None = None,
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> AlertSettings:
    """Makes these all the settings of the site; nothing is written when they are the same.

    Raises:
        InvalidError: a setting that cannot be; the message begins with its name. NotFoundError: there is no such site.
        ConflictError: the settings are not of the version expected, or were changed at the same time.
        LimitExceededError: the caller, or the organization, named too many addresses of late.
    """
    before, now_ms = get_alert_settings(caller, site_id), clock()
    SETTINGS.require_version(before, expected_version)
    wanted = replace(
        before,
        members=_checked_members(caller, members, now_ms),
        addresses=_checked_addresses(addresses),
        quiet_hours=_checked_hours(quiet_hours),
    )
    for _ in set(wanted.addresses).difference(before.addresses):
        people.reserve_outsider(caller.organization_id, caller.actor, now_ms)
    return before if wanted == before else SETTINGS.change(caller, before, replace(wanted, changed_ms=now_ms))


def _checked_members(caller: Caller, user_ids: Sequence[str], now_ms: int) -> tuple[str, ...]:
    if len(user_ids) > MAX_MEMBERS:
        raise InvalidError(f"members: must be at most {MAX_MEMBERS}")
    for place, user_id in enumerate(user_ids):
        if not members.is_member(caller.organization_id, user_id, now_ms):
            raise InvalidError(f"members.{place}: must be a member of the organization")
    return tuple(dict.fromkeys(user_ids))


def _checked_addresses(addresses: Sequence[str]) -> tuple[str, ...]:
    if len(addresses) > MAX_ADDRESSES:
        raise InvalidError(f"addresses: must be at most {MAX_ADDRESSES}")
    return tuple(dict.fromkeys(_checked_address(f"addresses.{place}", each) for place, each in enumerate(addresses)))


def _checked_hours(hours: QuietHours | None) -> QuietHours | None:
    if hours is None:
        return None
    for name, time_of_day in (("start", hours.start), ("end", hours.end)):
        if not _TIME_OF_DAY.fullmatch(time_of_day):
            raise InvalidError(f"quiet_hours.{name}: must be a time of day such as 22:00")
    if hours.start == hours.end:
        raise InvalidError("quiet_hours.end: must be another time than start")
    return hours


def _checked_address(field: str, address: str) -> str:
    try:
        return mails.check_address(address)
    except InvalidError as error:
        raise InvalidError(f"{field}: must be an e-mail address") from error
