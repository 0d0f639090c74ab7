"""Incidents: staff tell customers what does not work, and what is done about it."""

from collections.abc import Sequence
from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.lake_tables import PLATFORM
from optiq.kernel.paging import Page
from optiq.operations.status.contracts import Component, Impact, Incident, IncidentState, IncidentUpdate
from optiq.operations.status.stores import INCIDENTS

SHOWN_DAYS = 30
_LONGEST_TITLE, _LONGEST_TEXT = 200, 2_000
_MOST_UPDATES = 100


def create_incident(
    caller: Caller,
    *,
    title: str,
    text: str,
    impact: Impact = "MINOR",
    components: Sequence[Component] = (),
    clock: Clock = system_clock,
) -> Incident:
    """Raises InvalidError: the message begins with the name of the field."""
    now_ms = clock()
    first = IncidentUpdate(now_ms, "INVESTIGATING", _checked("text", text, _LONGEST_TEXT))
    incident = Incident(
        PLATFORM,
        new_id("incident", now_ms),
        _checked("title", title, _LONGEST_TITLE),
        impact,
        tuple(dict.fromkeys(components)),
        "INVESTIGATING",
        now_ms,
        updates=(first,),
    )
    return INCIDENTS.add(caller, incident, clock)


def update_incident(
    caller: Caller,
    incident_id: str,
    *,
    status: IncidentState,
    text: str,
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> Incident:
    """Adds what is known now. Raises NotFoundError, InvalidError, VersionError."""
    before = INCIDENTS.get(caller, incident_id)
    if len(before.updates) >= _MOST_UPDATES:
        raise InvalidError(f"text: an incident has at most {_MOST_UPDATES} updates; create another incident")
    now_ms = clock()
    update = IncidentUpdate(now_ms, status, _checked("text", text, _LONGEST_TEXT))
    resolved_ms = (before.resolved_ms or now_ms) if status == "RESOLVED" else None
    after = replace(before, status=status, updates=(*before.updates, update), resolved_ms=resolved_ms)
    return INCIDENTS.change(caller, before, after, expected_version, clock)


def list_incidents(*, limit: int, cursor: str | None) -> Page[Incident]:
    """A page of all, newest first. Raises InvalidError for another list's cursor."""
    return INCIDENTS.page_by_id(limit=limit, cursor=cursor, newest_first=True)


def shown_incidents(now_ms: int) -> tuple[Incident, ...]:
    """Those of the status page: open ones, and those of the last days, newest first."""
    since_ms = now_ms - SHOWN_DAYS * DAY_MS
    shown = [one for one in INCIDENTS.all_of() if one.resolved_ms is None or one.resolved_ms > since_ms]
    return tuple(sorted(shown, key=lambda one: one.began_ms, reverse=True))


def _checked(name: str, text: str, most: int) -> str:
    found = text.strip()
    if not 0 < len(found) <= most:
        raise InvalidError(f"{name}: must have 1 to {most} characters")
    return found
