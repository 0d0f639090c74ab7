"""Attempts of a saved funnel in SQL (Athena's dialect): those that are stored, and anew those that may be others.

A person's attempts change with the person's events, and with who the person is. So attempts are stored, and those are
worked out again of people who have an event on a day of `steps` that changed, as far back as the window reaches, and
all of people who were linked or parted since.
"""

from optiq.journeys.lake import PEOPLE
from optiq.kernel.lake_tables import latest_row_of_each
from optiq.ports.query import Value
from optiq.reports.behaviour.attempts_sql import counted_attempts, timed_steps
from optiq.reports.behaviour.funnel import Funnel, Range
from optiq.reports.behaviour.scope import Scope
from optiq.reports.behaviour.stores import Store, month_of
from optiq.reports.lake import FUNNEL_ATTEMPTS, STEPS
from optiq.reports.statements import Sql

_LATER_THAN_ANY = 10**14
"""Milliseconds since 1970, and so an instant, are less."""


def attempts_by_day(
    scope: Scope, funnel: Funnel, store: Store, within: Range, columns: tuple[str, ...], until_ms: int
) -> Sql:
    """One row a person and day of entry. Columns: unit, t, value, depth, r2 … rK.

    Args:
        columns: of rows, that the funnel names. until_ms: rows until then count.
    """
    reached = "".join(f", r{k}" for k in timed_steps(funnel))
    months = (month_of(scope, within.first_ms), month_of(scope, within.end_ms - 1))
    stored = f"""SELECT unit, t, value, depth{reached} FROM {FUNNEL_ATTEMPTS.name}
    WHERE dt BETWEEN ? AND ? AND site_id = ? AND funnel = ? AND t >= {within.first_ms} AND t < {within.end_ms}"""  # noqa: S608 - names and numbers are ours
    own: tuple[Value, ...] = (*months, scope.site_id, store.digest)
    if not store.days and not store.links:
        return Sql(stored, own)
    active, linked = _active(scope, store), _linked(scope, store)
    since_ms = within.end_ms if store.since_ms is None else store.since_ms
    fresh = counted_attempts(funnel, _rows(scope, store, within, columns, until_ms), within, by_day=True)
    sql = f"""
SELECT stored.* FROM ({stored}) AS stored
LEFT JOIN ({active.sql}) AS active ON active.unit = stored.unit
LEFT JOIN ({linked.sql}) AS linked ON linked.unit = stored.unit
WHERE linked.unit IS NULL AND (active.unit IS NULL OR stored.t < {since_ms})
UNION ALL
SELECT unit, t, value, depth{reached} FROM ({fresh.sql}) AS fresh"""  # noqa: S608 - as above
    return Sql(sql, (*own, *active.parameters, *linked.parameters, *fresh.parameters))


def counted_of(funnel: Funnel, by_day: Sql) -> Sql:
    """One row a unit, as `counted_attempts` gives it, of attempts by day. Attempts of two days differ in t."""
    best = f"depth * {_LATER_THAN_ANY} + ({_LATER_THAN_ANY - 1} - t)"
    # Engines differ in whether max_by passes NULL over.
    reached = "".join(f", nullif(max_by(coalesce(r{k}, -1), place), -1) AS r{k}" for k in timed_steps(funnel))
    instants = "".join(f", r{k}" for k in timed_steps(funnel))
    value = "max_by(value, place)" if funnel.dim else "''"
    sql = f"""
SELECT unit, {_LATER_THAN_ANY - 1} - best % {_LATER_THAN_ANY} AS t, value, best / {_LATER_THAN_ANY} AS depth{instants}
FROM (
    SELECT unit, max(place) AS best, {value} AS value{reached}
    FROM (SELECT by_day.*, {best} AS place FROM ({by_day.sql}) AS by_day) AS placed GROUP BY unit
) AS of_units"""  # noqa: S608 - as above
    return Sql(sql, by_day.parameters)


def _rows(scope: Scope, store: Store, within: Range, columns: tuple[str, ...], until_ms: int) -> Sql:
    """The rows of people whose attempts may be others."""
    active, linked = _active(scope, store), _linked(scope, store)
    since_ms = within.end_ms if store.since_ms is None else max(store.since_ms, within.first_ms)
    start_ms = within.first_ms if store.links else min(since_ms, until_ms - 1)
    rows = scope.rows(columns, start_ms, until_ms)
    sql = f"""
SELECT own_rows.* FROM ({rows.sql}) AS own_rows
LEFT JOIN ({active.sql}) AS active ON active.unit = own_rows.person_id
LEFT JOIN ({linked.sql}) AS linked ON linked.unit = own_rows.person_id
WHERE linked.unit IS NOT NULL OR (active.unit IS NOT NULL AND own_rows.t >= {since_ms})"""  # noqa: S608 - as above
    return Sql(sql, (*rows.parameters, *active.parameters, *linked.parameters))


def _active(scope: Scope, store: Store) -> Sql:
    """Column: unit, of people with an event on a day that changed."""
    if not store.days:
        return Sql("SELECT CAST(NULL AS VARCHAR) AS unit WHERE false")
    people = latest_row_of_each(PEOPLE, "site_id = ?", ("customer_id", "person_id"))
    days = ", ".join(f"'{day}'" for day in store.days)
    sql = f"""
SELECT DISTINCT coalesce(people_now.person_id, found.customer_id) AS unit
FROM (
    SELECT DISTINCT customer_id FROM {STEPS.name} WHERE dt BETWEEN ? AND ? AND dt IN ({days}) AND site_id = ?
) AS found
LEFT JOIN ({people}) AS people_now ON people_now.customer_id = found.customer_id"""  # noqa: S608 - as above
    return Sql(sql, (store.days[0], store.days[-1], scope.site_id, scope.site_id))


def _linked(scope: Scope, store: Store) -> Sql:
    """Column: unit, of everybody whom a customer was or is, of whom a link changed; and of whom these are today."""
    if not store.links:
        return Sql("SELECT CAST(NULL AS VARCHAR) AS unit WHERE false")
    people = latest_row_of_each(PEOPLE, "site_id = ?", ("customer_id", "person_id"))
    days = ", ".join(f"'{day}'" for day in store.links)
    ever = f"""
SELECT every_link.customer_id, every_link.person_id FROM {PEOPLE.name} AS every_link
JOIN (
    SELECT DISTINCT customer_id FROM {PEOPLE.name} WHERE dt IN ({days}) AND site_id = ?
) AS changed ON changed.customer_id = every_link.customer_id
WHERE every_link.site_id = ?"""  # noqa: S608 - as above
    sql = f"""
SELECT DISTINCT unit FROM (
    SELECT involved.unit FROM (
        SELECT customer_id AS unit FROM ({ever}) AS ever UNION ALL SELECT person_id FROM ({ever}) AS ever
    ) AS involved
    UNION ALL
    SELECT people_now.person_id FROM (
        SELECT customer_id AS unit FROM ({ever}) AS ever UNION ALL SELECT person_id FROM ({ever}) AS ever
    ) AS involved JOIN ({people}) AS people_now ON people_now.customer_id = involved.unit
) AS units"""  # noqa: S608 - as above
    site = (scope.site_id, scope.site_id)
    return Sql(sql, (*site, *site, *site, *site, scope.site_id))
