"""Days, incidents and the heartbeat in the table."""

from optiq.kernel.keys import Key
from optiq.kernel.lake_tables import PLATFORM
from optiq.operations.status.contracts import Heartbeat, Incident, StatusDay
from optiq.store.api import Store

_PARTITION = "PLATFORM#STATUS"


def _day(day: str) -> Key:
    return Key(_PARTITION, f"DAY#{day}")


def _heartbeat(organization_id: str) -> Key:
    return Key(_PARTITION, f"HEARTBEAT#{organization_id}")


def _incident(incident_id: str) -> Key:
    return Key("PLATFORM", f"INCIDENT#{incident_id}")


DAYS = Store(StatusDay, "status day", _day)
HEARTBEATS = Store(Heartbeat, "heartbeat", _heartbeat)
INCIDENTS = Store(Incident, "incident", _incident)


def heartbeat() -> Heartbeat:
    """As it stands; one that never beat where there is none."""
    return HEARTBEATS.find(PLATFORM) or Heartbeat(PLATFORM)
