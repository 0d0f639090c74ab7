"""The preferences of people, and of an organization for whoever has chosen none."""

import re
from collections.abc import Sequence
from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, parse_timezone, system_clock
from optiq.kernel.errors import ForbiddenError, InvalidError
from optiq.kernel.manifest import notice_kinds
from optiq.notifications import keys
from optiq.notifications.ending import api as ending
from optiq.notifications.preferences.contracts import ALL, Choice, Preferences, Timing, Way
from optiq.store.api import Store

__all__ = ["change_preferences", "choice_of", "effective", "preferences_of", "timing_of"]

WAYS: tuple[Way, ...] = ("INBOX", "MAIL")
_PREFERENCES = Store(Preferences, "notification preferences", keys.preferences)
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def preferences_of(caller: Caller, *, of_organization: bool = False) -> Preferences:
    """The caller's own choices, or the organization's. What was ended by the address in a mail is OFF.

    Raises:
        ForbiddenError: the caller is no person.
    """
    return _read(caller.organization_id, _whose(caller, of_organization))


def change_preferences(
    caller: Caller,
    *,
    of_organization: bool = False,
    choices: Sequence[Choice] = (),
    timezone: str = "",
    quiet_from: str = "",
    quiet_until: str = "",
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> Preferences:
    """Makes these all the preferences.

    Raises:
        ForbiddenError: the caller is no person. InvalidError: a field that cannot be; the message begins with its name.
        VersionError: another version is stored.
    """
    whose = _whose(caller, of_organization)
    stored = _PREFERENCES.find(caller.organization_id, whose) or Preferences(caller.organization_id, whose)
    _PREFERENCES.require_version(stored, expected_version)
    _check(choices, timezone, quiet_from, quiet_until)
    for choice in choices:
        if choice.way == "MAIL" and choice.timing != "OFF":
            ending.begin_again(caller.organization_id, choice.kind, whose)
    wanted = replace(
        stored,
        choices=tuple(choices),
        timezone=timezone,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
    )
    if wanted != stored:
        _PREFERENCES.change(caller, stored, replace(wanted, changed_ms=clock()), clock=clock)
    return _read(caller.organization_id, whose)


def effective(organization_id: str, user_id: str) -> tuple[Preferences, Preferences]:
    """A person's preferences, and the organization's, which are used where the person has chosen nothing."""
    return _read(organization_id, user_id), _read(organization_id, ALL)


def choice_of(preferences: Preferences, kind: str, way: Way) -> Timing | None:
    """What was chosen, or None."""
    return next((one.timing for one in preferences.choices if (one.kind, one.way) == (kind, way)), None)


def timing_of(kind: str, way: Way, own: Preferences, common: Preferences) -> Timing:
    """How a kind of message comes to a person."""
    chosen = choice_of(own, kind, way) or choice_of(common, kind, way) or "AT_ONCE"
    return "AT_ONCE" if chosen == "OFF" and notice_kinds()[kind].mandatory else chosen


def _read(organization_id: str, user_id: str) -> Preferences:
    stored = _PREFERENCES.find(organization_id, user_id) or Preferences(organization_id, user_id)
    ended = {kind for kind in notice_kinds() if ending.has_ended(organization_id, kind, user_id)}
    kept = [one for one in stored.choices if one.way != "MAIL" or one.kind not in ended]
    return replace(stored, choices=(*kept, *(Choice(kind, "MAIL", "OFF") for kind in sorted(ended))))


def _whose(caller: Caller, of_organization: bool) -> str:
    if of_organization:
        return ALL
    if not caller.user_id:
        raise ForbiddenError("only people have preferences: sign in")
    return caller.user_id


def _check(choices: Sequence[Choice], timezone: str, quiet_from: str, quiet_until: str) -> None:
    kinds = notice_kinds()
    for place, one in enumerate(choices):
        if one.kind not in kinds:
            raise InvalidError(f"choices.{place}.kind: must be one of {', '.join(sorted(kinds))}")
        if one.timing == "OFF" and kinds[one.kind].mandatory:
            raise InvalidError(f"choices.{place}.timing: messages of the kind {one.kind} cannot be turned off")
    if len({(one.kind, one.way) for one in choices}) < len(choices):
        raise InvalidError("choices: name each kind and way once")
    if timezone:
        try:
            parse_timezone(timezone)
        except InvalidError as error:
            raise InvalidError(f"timezone: {error}") from error
    for field, value in (("quiet_from", quiet_from), ("quiet_until", quiet_until)):
        if value and not _TIME_OF_DAY.fullmatch(value):
            raise InvalidError(f"{field}: must be a time of day such as 22:00")
    if bool(quiet_from) != bool(quiet_until):
        missing = "quiet_until" if quiet_from else "quiet_from"
        raise InvalidError(f"{missing}: must be there too; leave both ends out for no quiet hours")
    if quiet_from and quiet_from == quiet_until:
        raise InvalidError("quiet_until: must be another time than that at which they begin")
