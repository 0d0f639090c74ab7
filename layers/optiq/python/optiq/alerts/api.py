"""A site's alert settings: which alerts are due, who gets them, and when not. Changed as a whole."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from optiq.alerts.contracts import AlertRule, AlertSettings, QuietHours
from optiq.audit.contracts import Json
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.keys import Key, site_partition
from optiq.notifications import api as notifications
from optiq.store.api import Store, audited_fields
from optiq.tenancy import api as tenancy
from optiq.tenancy.members import api as members

__all__ = ["get_alert_settings", "set_alert_settings"]

MAX_MEMBERS = 50
MAX_ADDRESSES = 20
_MAX_SPEND_MICROS = 10**15
_MAX_COMPARISON_DAYS = 90
_MAX_PERCENT = {"CONVERSION_DROP": 100, "ROAS_DROP": 100, "CPA_SPIKE": 1_000, "CLICK_ANOMALY": 1_000}
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _key(organization_id: str, site_id: str) -> Key:
    return Key(site_partition(organization_id, site_id), "ALERTS")


def _audited(settings: AlertSettings) -> Mapping[str, Json]:
    """Addresses are in the audit log as hashes, because an entry is never deleted."""
    fields = audited_fields(settings)
    del fields["changed_ms"]
    return fields | {"addresses": [notifications.address_hash(address) for address in settings.addresses]}


_SETTINGS = Store(AlertSettings, "alert settings", _key, audited=_audited)


def get_alert_settings(caller: Caller, site_id: str) -> AlertSettings:
    """The settings as they are now. Raises NotFoundError."""
    tenancy.get_site(caller.organization_id, site_id)
    found = _SETTINGS.find(caller.organization_id, site_id)
    return found or AlertSettings(caller.organization_id, site_id)


def set_alert_settings(
    caller: Caller,
    site_id: str,
    *,
    rules: Sequence[AlertRule] = (),
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
    """
    before, now_ms = get_alert_settings(caller, site_id), clock()
    _SETTINGS.require_version(before, expected_version)
    wanted = replace(
        before,
        rules=_checked_rules(rules),
        members=_checked_members(caller, members, now_ms),
        addresses=_checked_addresses(addresses),
        quiet_hours=_checked_hours(quiet_hours),
    )
    return before if wanted == before else _SETTINGS.change(caller, before, replace(wanted, changed_ms=now_ms))


def _checked_rules(rules: Sequence[AlertRule]) -> tuple[AlertRule, ...]:
    kinds = [rule.kind for rule in rules]
    for place, rule in enumerate(rules):
        _check_rule(f"rules.{place}", rule)
        if rule.kind in kinds[:place]:
            raise InvalidError(f"rules.{place}.kind: {rule.kind} may have one rule only")
    return tuple(rules)


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


def _check_rule(field: str, rule: AlertRule) -> None:
    if not 1 <= rule.comparison_days <= _MAX_COMPARISON_DAYS:
        raise InvalidError(f"{field}.comparison_days: must be 1 to {_MAX_COMPARISON_DAYS}")
    if rule.kind == "SPEND_THRESHOLD":
        if rule.percent is not None:
            raise InvalidError(f"{field}.percent: must be absent: {rule.kind} has spend_micros")
        if rule.spend_micros is None or not 1 <= rule.spend_micros <= _MAX_SPEND_MICROS:
            raise InvalidError(f"{field}.spend_micros: must be 1 to {_MAX_SPEND_MICROS}")
        return
    if rule.spend_micros is not None:
        raise InvalidError(f"{field}.spend_micros: must be absent: {rule.kind} has percent")
    if rule.percent is None or not 1 <= rule.percent <= _MAX_PERCENT[rule.kind]:
        raise InvalidError(f"{field}.percent: must be 1 to {_MAX_PERCENT[rule.kind]}")


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
        return notifications.check_address(address)
    except InvalidError as error:
        raise InvalidError(f"{field}: must be an e-mail address") from error
