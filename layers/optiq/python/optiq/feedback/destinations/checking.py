"""What a destination may be."""

import re
from dataclasses import replace

from optiq.ads.connections import api as connections
from optiq.feedback.destinations.contracts import TITLES, Destination, ToldEvent
from optiq.kernel.caller import Caller
from optiq.kernel.chosen_names import checked_name
from optiq.kernel.errors import InvalidError

_LONGEST_NAME, _MOST_EVENTS = 100, 50
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_TEST_CODE = re.compile(r"[0-9A-Za-z_-]{0,64}")


def checked(caller: Caller, destination: Destination) -> Destination:
    """Raises InvalidError; NotFoundError when there is no such connection."""
    if destination.platform not in TITLES:
        raise InvalidError(f"platform: must be one of {', '.join(TITLES)}")
    if not _ID.fullmatch(destination.target):
        raise InvalidError("target: must be the id of the dataset, of the pixel, or of the customer at Google")
    if destination.login_id and (destination.platform != "GOOGLE_ADS" or not destination.login_id.isdecimal()):
        raise InvalidError("login_id: must be the digits of a manager's id at Google, or empty")
    if not 1 <= destination.value_percent <= 100:
        raise InvalidError("value_percent: must be from 1 to 100")
    if not _TEST_CODE.fullmatch(destination.test_code):
        raise InvalidError("test_code: must be as the platform's test tool shows it")
    _check_connection(caller, destination)
    events = tuple(_event(one, destination.platform) for one in destination.events)
    names = [one.name for one in events]
    if not 1 <= len(names) <= _MOST_EVENTS or len(set(names)) < len(names):
        raise InvalidError(f"events: name 1 to {_MOST_EVENTS} events, each once")
    return replace(destination, name=checked_name(destination.name, _LONGEST_NAME), events=events)


def _event(event: ToldEvent, platform: str) -> ToldEvent:
    name = checked_name(event.name, 200, field="events.name")
    told_as = checked_name(event.told_as, 50, field="events.told_as")
    if platform == "GOOGLE_ADS" and not told_as.isdecimal():
        raise InvalidError("events.told_as: must be the number of a conversion action at Google, such as 987654321")
    return ToldEvent(name, told_as)


def _check_connection(caller: Caller, destination: Destination) -> None:
    connection = connections.get_connection(caller, destination.connection_id)
    if connection.platform != destination.platform or connection.status == "DISCONNECTED":
        title = TITLES[destination.platform]
        raise InvalidError(f"connection_id: must be a connection to {title} that is not disconnected")
    if lacking := connections.lacking_scopes(caller.organization_id, destination.connection_id):
        raise InvalidError(f"connection_id: connect it again and permit to send conversions ({', '.join(lacking)})")
