"""A person's rows in the lake: taken out, or given to the customer of nobody that remains."""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from optiq.journeys.erased_ids import plain_event_id
from optiq.journeys.erasing.remaining import nameless_referrer, nameless_url
from optiq.journeys.lake import ABANDONED_JOURNEYS, CONVERSIONS, EVENTS, PEOPLE, SESSIONS, TOUCHES
from optiq.kernel.person import Mode, Person
from optiq.ports.lake_person import Blank, take_out, take_over
from optiq.tenancy.contracts import Site

TABLES = (EVENTS, SESSIONS, TOUCHES, CONVERSIONS, PEOPLE, ABANDONED_JOURNEYS)
_INSTANTS = {SESSIONS.name: "started_at", PEOPLE.name: "changed_at", ABANDONED_JOURNEYS.name: "last_activity_at"}
TIMES: Mapping[str, str] = {table.name: _INSTANTS.get(table.name, "occurred_at") for table in TABLES}
"""The column of each table that says when."""


def erase(site: Site, person: Person, mode: Mode, salt: str, touches: frozenset[str]) -> None:
    """
    Args:
        touches: those that remain.

    Raises:
        UpstreamError: the lake does not answer. ConflictError: a file of it is damaged.
    """
    event_ids = _each("event_id", lambda event_id: plain_event_id(event_id, salt))
    events: Blank = {
        "event_id": event_ids,
        "url": _each("url", lambda url: nameless_url(url, site, salt)),
        "referrer": _each("referrer", nameless_referrer),
        "title": "",
        "user_agent": "",
        "properties": "{}",
        "warnings": "[]",
    }
    stays: tuple[tuple[Any, Blank], ...] = ((EVENTS, events), (SESSIONS, {"city": ""}), (ABANDONED_JOURNEYS, {}))
    for table, blank in stays:
        if mode == "ANONYMISE":
            take_over(table, person, TIMES[table.name], blank)
        else:
            take_out(table, person, TIMES[table.name])
    take_out(PEOPLE, person, TIMES[PEOPLE.name])
    take_over(CONVERSIONS, person, TIMES[CONVERSIONS.name], {"event_id": event_ids})
    take_over(TOUCHES, person, TIMES[TOUCHES.name], {"click_ids": "[]"}, only=touches)
    take_out(TOUCHES, person, TIMES[TOUCHES.name])


def _each(column: str, change: Callable[[str], str]) -> Callable[[pa.Table], Any]:
    def changed(rows: pa.Table) -> Any:
        return pa.array([change(text or "") for text in rows.column(column).to_pylist()], pa.string())

    return changed
