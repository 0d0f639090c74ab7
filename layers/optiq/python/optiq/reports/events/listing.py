"""The events of a site as the lake holds them, newest first: those that reports leave out too, and why.

It stands with the reports because it is a query over the lake: the table keeps events by customer only.
"""

import json
from dataclasses import astuple
from datetime import timedelta

from optiq.journeys.lake import EVENTS
from optiq.kernel.caller import Caller
from optiq.kernel.clock import day_of, from_rfc3339, parse_day, parse_timezone
from optiq.kernel.errors import InvalidError
from optiq.kernel.lake_tables import latest_row_of_each
from optiq.kernel.left_out import REASONS, because
from optiq.kernel.paging import cursor_at, foreign_cursor, list_of, place_in
from optiq.ports import wiring
from optiq.ports.query import Value, timestamp_text
from optiq.reports.domain import check_choice, read_range
from optiq.reports.events.contracts import EventFilter, EventPage, ListedEvent
from optiq.tenancy import api as tenancy

DEFAULT_DAYS = 7
MAX_PAGE = 100
ANY = "ANY"
LEFT_OUT_CHOICES = (*REASONS, ANY)
_MAX_TEXT = 500
_MAX_CURSOR = 4_000

_COLUMNS = (
    *("event_id", "occurred_at", "received_at", "kind", "name", "customer_id", "url", "value_micros", "currency"),
    *("bot", "from_server", "position", "left_out", "warnings"),
)
# Files that are older than a column hold null there. Then a bot's events were left out, and nothing else.
_LISTED = f"""
SELECT event_id, occurred_at, received_at, kind, name, customer_id, url, value_micros, currency,
    coalesce(from_server, false) AS from_server,
    coalesce(left_out, CASE WHEN bot THEN 'BOT' ELSE '' END) AS left_out,
    coalesce(nullif(warnings, ''), '[]') AS warnings, coalesce(position, 0) AS position
FROM ({latest_row_of_each(EVENTS, "site_id = ? AND dt BETWEEN ? AND ?", _COLUMNS)})
WHERE occurred_at >= CAST(? AS TIMESTAMP) AND occurred_at < CAST(? AS TIMESTAMP)"""  # noqa: S608 - names are ours
_AFTER = """ AND (occurred_at < CAST(? AS TIMESTAMP) OR occurred_at = CAST(? AS TIMESTAMP) AND (
    received_at < CAST(? AS TIMESTAMP) OR received_at = CAST(? AS TIMESTAMP) AND (
    position < ? OR position = ? AND event_id < ?)))"""
_NEWEST_FIRST = " ORDER BY occurred_at DESC, received_at DESC, position DESC, event_id DESC LIMIT "

_Row = tuple[Value, ...]
_Place = tuple[str, str, int, str]
"""Instants of occurrence and receipt, the position in its request, and the id."""


def list_events(
    caller: Caller, site_id: str, wanted: EventFilter, limit: int, cursor: str | None, now_ms: int
) -> EventPage:
    site = tenancy.get_site(caller.organization_id, site_id)
    _check(wanted)
    timezone = parse_timezone(site.timezone)
    last_day, after = _read(cursor, site_id, wanted) if cursor else ("", None)
    last_day = wanted.to_day or last_day or day_of(now_ms, timezone).isoformat()
    first_day = wanted.from_day or (parse_day(last_day) - timedelta(days=DEFAULT_DAYS - 1)).isoformat()
    days = read_range(first_day, last_day, timezone)
    start_ms, end_ms = days.bounds_ms
    sql, parameters = _filtered(wanted, after)
    bounds = [site_id, *days.utc_days, timestamp_text(start_ms), timestamp_text(end_ms)]
    size = min(limit, MAX_PAGE)
    found = wiring.query().run(f"{sql}{_NEWEST_FIRST}{size + 1}", site.organization_id, [*bounds, *parameters]).rows
    more = len(found) > size
    return EventPage(
        from_day=first_day,
        to_day=last_day,
        timezone=site.timezone,
        items=tuple(map(_event, found[:size])),
        cursor=_cursor(site_id, wanted, last_day, found[size - 1]) if more else None,
        note="" if found or cursor else _note(wanted),
    )


def _note(wanted: EventFilter) -> str:
    """Why a list is empty, where a name or a customer is asked for; "" where neither is."""
    asked = (("is named", wanted.name), ("is of the customer", wanted.customer_id))
    said = " and ".join(f"{what} '{text}'" for what, text in asked if text)
    others = " that the other filters choose" if wanted.left_out or wanted.only_warned else ""
    return f"no event of these days{others} {said}" if said else ""


def _check(wanted: EventFilter) -> None:
    if wanted.left_out:
        check_choice("left_out", wanted.left_out, LEFT_OUT_CHOICES)
    for name, text in (("name", wanted.name), ("customer_id", wanted.customer_id)):
        if len(text) > _MAX_TEXT:
            raise InvalidError(f"{name}: has at most {_MAX_TEXT} characters")


def _filtered(wanted: EventFilter, after: _Place | None) -> tuple[str, list[Value]]:
    """The SQL of the listed events that are wanted, and its parameters after the site and the days."""
    reason = "" if wanted.left_out == ANY else wanted.left_out
    equal = {"name": wanted.name, "customer_id": wanted.customer_id, "left_out": reason}
    sql = f"SELECT * FROM ({_LISTED}) WHERE true"  # noqa: S608 - names are ours
    sql += "".join(f" AND {column} = ?" for column, text in equal.items() if text)
    sql += " AND left_out <> ''" * (wanted.left_out == ANY) + " AND warnings <> '[]'" * wanted.only_warned
    parameters: list[Value] = [text for text in equal.values() if text]
    if after is not None:
        occurred_at, received_at, position, event_id = after
        sql += _AFTER
        parameters += [occurred_at, occurred_at, received_at, received_at, position, position, event_id]
    return sql, parameters


def _event(row: _Row) -> ListedEvent:
    event_id, occurred_at, received_at, kind, name, customer_id, url, value_micros, currency, *new = row
    from_server, left_out, warnings, _ = new
    return ListedEvent(
        event_id=str(event_id),
        occurred_at=str(occurred_at),
        received_at=str(received_at),
        kind=str(kind or ""),
        name=str(name or ""),
        customer_id=str(customer_id or ""),
        url=str(url or ""),
        value_micros=None if value_micros is None else int(value_micros),
        currency=str(currency or ""),
        from_server=bool(from_server),
        left_out=str(left_out),
        left_out_because=because(str(left_out)),
        warnings=tuple(map(str, json.loads(str(warnings)))),
    )


def _cursor(site_id: str, wanted: EventFilter, last_day: str, last: _Row) -> str:
    event_id, occurred_at, received_at, position = last[0], last[1], last[2], last[12]
    of_list = list_of(site_id, astuple(wanted))
    return cursor_at(of_list, last_day, str(occurred_at), str(received_at), int(position or 0), str(event_id))


def _read(cursor: str, site_id: str, wanted: EventFilter) -> tuple[str, _Place]:
    """The last day of the list, and the place a page begins after. Raises InvalidError for another list's cursor."""
    of_list = list_of(site_id, astuple(wanted))
    last_day, occurred_at, received_at, position, event_id = place_in(cursor, of_list, str, str, str, int, str)
    try:
        occurred, received = (timestamp_text(from_rfc3339(at)) for at in (occurred_at, received_at))
        return parse_day(last_day).isoformat(), (occurred, received, int(position), event_id)
    except (ValueError, InvalidError) as error:
        raise foreign_cursor() from error
