"""A site's alert settings: what is to be told, to whom, and when not. Changed as a whole."""

import json
import re
from dataclasses import asdict, replace

from optiq.audit import api as audit
from optiq.audit.contracts import Change, Json
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError, VersionError, require_version
from optiq.kernel.table import Put
from optiq.notifications import api as notifications
from optiq.tenancy import api as tenancy
from optiq.tenancy import keys
from optiq.tenancy.alerts.contracts import AlertRule, AlertSettings, QuietHours
from optiq.tenancy.alerts.records import AlertSettingsRecord
from optiq.tenancy.members import api as members

__all__ = ["get_settings", "set_settings"]

MAX_MEMBERS = 50
MAX_ADDRESSES = 20
_MAX_SPEND_MICROS = 10**15
_MAX_COMPARISON_DAYS = 90
_MAX_PERCENT = {"CONVERSION_DROP": 100, "ROAS_DROP": 100, "CPA_SPIKE": 1_000, "CLICK_ANOMALY": 1_000}
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def get_settings(organization_id: str, site_id: str) -> AlertSettings:
    """As they stand. Raises NotFoundError."""
    tenancy.get_site(organization_id, site_id)
    return _current(organization_id, site_id)


def set_settings(
    by: Caller,
    site_id: str,
    wanted: AlertSettings,
    *,
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> AlertSettings:
    """Makes these the site's settings, all of them but `version` and `changed_ms`; none is written that is so already.

    Raises:
        InvalidError: a setting that cannot be; the message begins with its name. NotFoundError: there is no such site.
        ConflictError: the settings are not of the version expected, or were changed at the same time.
    """
    where = (by.organization_id, site_id)
    before = get_settings(*where)
    require_version(expected_version, before.version)
    same = replace(_checked(by.organization_id, wanted), version=before.version, changed_ms=before.changed_ms)
    if same == before:
        return before
    after = replace(same, version=before.version + 1, changed_ms=clock())
    record, version = AlertSettingsRecord.of(*where, after), AlertSettingsRecord.version
    unmoved = version == before.version if before.version else version.does_not_exist()
    if not audit.commit([Put(record, unmoved)], [_entry(by, site_id, before, after)]):
        raise VersionError("the settings were changed at the same time: read them and try again")
    return after


def _current(organization_id: str, site_id: str) -> AlertSettings:
    try:
        return AlertSettingsRecord.get(*keys.alert_settings(organization_id, site_id), consistent_read=True).contract()
    except AlertSettingsRecord.DoesNotExist:
        return AlertSettings()


def _checked(organization_id: str, wanted: AlertSettings) -> AlertSettings:
    """The settings as they would be kept. Raises InvalidError."""
    kinds = [rule.kind for rule in wanted.rules]
    for place, rule in enumerate(wanted.rules):
        _check_rule(f"rules.{place}", rule)
        if rule.kind in kinds[:place]:
            raise InvalidError(f"rules.{place}.kind: {rule.kind} stands there twice")
    if wanted.quiet_hours is not None:
        _check_hours(wanted.quiet_hours)
    for name, told, most in (("members", wanted.members, MAX_MEMBERS), ("addresses", wanted.addresses, MAX_ADDRESSES)):
        if len(told) > most:
            raise InvalidError(f"{name}: at most {most}")
    for place, user_id in enumerate(wanted.members):
        if not members.is_member(organization_id, user_id):
            raise InvalidError(f"members.{place}: is no member of the organization")
    addresses = dict.fromkeys(
        _checked_address(f"addresses.{place}", address) for place, address in enumerate(wanted.addresses)
    )
    return replace(wanted, members=tuple(dict.fromkeys(wanted.members)), addresses=tuple(addresses))


def _check_rule(field: str, rule: AlertRule) -> None:
    if not 1 <= rule.comparison_days <= _MAX_COMPARISON_DAYS:
        raise InvalidError(f"{field}.comparison_days: must be 1 to {_MAX_COMPARISON_DAYS}")
    if rule.kind == "SPEND_THRESHOLD":
        if rule.percent is not None:
            raise InvalidError(f"{field}.percent: {rule.kind} has spend_micros in its stead")
        if rule.spend_micros is None or not 1 <= rule.spend_micros <= _MAX_SPEND_MICROS:
            raise InvalidError(f"{field}.spend_micros: must be 1 to {_MAX_SPEND_MICROS}")
        return
    if rule.spend_micros is not None:
        raise InvalidError(f"{field}.spend_micros: {rule.kind} has percent in its stead")
    if rule.percent is None or not 1 <= rule.percent <= _MAX_PERCENT[rule.kind]:
        raise InvalidError(f"{field}.percent: must be 1 to {_MAX_PERCENT[rule.kind]}")


def _check_hours(hours: QuietHours) -> None:
    for name, time_of_day in (("start", hours.start), ("end", hours.end)):
        if not _TIME_OF_DAY.fullmatch(time_of_day):
            raise InvalidError(f"quiet_hours.{name}: must be a time of day such as 22:00")
    if hours.start == hours.end:
        raise InvalidError("quiet_hours.end: must be another time than start")


def _checked_address(field: str, address: str) -> str:
    try:
        return notifications.check_address(address)
    except InvalidError as error:
        raise InvalidError(f"{field}: not an address") from error


def _entry(by: Caller, site_id: str, before: AlertSettings, after: AlertSettings) -> Change:
    old, new = _said(before), _said(after)
    changed = [name for name in new if new[name] != old[name]]
    old, new = ({name: fields[name] for name in changed} for fields in (old, new))
    return Change(by.organization_id, by.actor, "alert_settings.changed", site_id, old, new, by.origin)


def _said(settings: AlertSettings) -> dict[str, Json]:
    """Settings as audit entries have them: of addresses their hashes, for an entry is never deleted."""
    hours = settings.quiet_hours
    return {
        "version": settings.version,
        "rules": [json.dumps(asdict(rule)) for rule in settings.rules],
        "members": list(settings.members),
        "addresses": [notifications.address_hash(address) for address in settings.addresses],
        "quiet_hours": f"{hours.start} to {hours.end}" if hours else None,
    }
