"""Who got as far as a step of a funnel: the units behind its numbers, by pages."""

from collections.abc import Sequence
from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock
from optiq.kernel.paging import cursor_at, list_of, place_in
from optiq.ports.query import Value
from optiq.reports.behaviour.attempts_sql import timed_steps
from optiq.reports.behaviour.contracts import FunnelPeople, FunnelPeopleAsk, FunnelPerson
from optiq.reports.behaviour.funnel import Funnel
from optiq.reports.behaviour.funnels import Counting, counting
from optiq.reports.questions.wrong import wrong
from optiq.reports.statements import Sql

MOST_PAGE = 100


def ask_people(
    caller: Caller, site_id: str, ask: FunnelPeopleAsk, limit: int, cursor: str | None, clock: Clock
) -> FunnelPeople:
    found = counting(caller, site_id, ask.funnel, clock())
    last = len(found.funnel.steps)
    if not 1 <= ask.step <= last:
        raise wrong("step", f"must be between 1 and {last}")
    of_list = list_of("people of a funnel", site_id, ask)
    after = place_in(cursor, of_list, int, str) if cursor else None
    size = min(limit, MOST_PAGE)
    rows = found.scope.run(_listed(found, ask, after, size + 1)).rows
    people = _people(found, ask, rows[:size])
    return FunnelPeople(
        units=int(rows[0][5] or 0) if rows else 0,
        items=people,
        cursor=cursor_at(of_list, int(rows[size - 1][1] or 0), str(rows[size - 1][0])) if len(rows) > size else None,
        frame=found.scope.frame(),
    )


def _listed(found: Counting, ask: FunnelPeopleAsk, after: Sequence[str] | None, count: int) -> Sql:
    """Columns: unit, t of the entry, instant of the step, value, whether it is open, how many units there are."""
    funnel, scope = found.funnel, found.scope
    attempts = found.attempts
    wanted = [f"depth = {ask.step}" if ask.reached == "NOT_NEXT" else f"depth >= {ask.step}"]
    parameters: list[Value] = [*attempts.parameters]
    if ask.value is not None:
        wanted.append("value = ?")
        parameters.append(ask.value)
    place = "true"
    if after:
        place = f"t < {int(after[0])} OR t = {int(after[0])} AND unit > ?"
        parameters.append(after[1])
    sql = f"""
SELECT unit, t, {_instant(funnel, ask.step)} AS reached, value, {_open(funnel, scope.until_ms)} AS open, units
FROM (SELECT found.*, count(*) OVER () AS units FROM ({attempts.sql}) AS found WHERE {" AND ".join(wanted)}) AS listed
WHERE {place} ORDER BY t DESC, unit LIMIT {count}"""  # noqa: S608 - numbers are ours
    return Sql(sql, tuple(parameters))


def _instant(funnel: Funnel, step: int) -> str:
    if step == 1 and funnel.order != "ANY":
        return "t"
    return f"r{step}" if step in timed_steps(funnel) else "CAST(NULL AS BIGINT)"


def _open(funnel: Funnel, until_ms: int) -> str:
    if not funnel.window_ms:
        return "false"
    return f"(depth < {len(funnel.steps)} AND t + {funnel.window_ms} > {until_ms})"


def _people(found: Counting, ask: FunnelPeopleAsk, rows: list[tuple[Value, ...]]) -> tuple[FunnelPerson, ...]:
    people = tuple(
        FunnelPerson(
            customer_id=str(unit),
            session_id=None,
            entered_ms=int(entered or 0),
            reached_ms=None if reached is None else int(reached),
            value=str(value or ""),
            open=bool(may_go_on),
        )
        for unit, entered, reached, value, may_go_on, _ in rows
    )
    if ask.funnel.unit == "CUSTOMER" or not people:
        return people
    of_visits = _people_of_visits(found, [one.customer_id for one in people])
    return tuple(replace(one, customer_id=of_visits[one.customer_id], session_id=one.customer_id) for one in people)


def _people_of_visits(found: Counting, session_ids: list[str]) -> dict[str, str]:
    listed = ", ".join("?" * len(session_ids))
    sql = f"""
SELECT session_id, max(person_id) AS person_id FROM ({found.source.sql}) AS source
WHERE session_id IN ({listed}) GROUP BY session_id"""  # noqa: S608 - as above
    rows = found.scope.run(Sql(sql, (*found.source.parameters, *session_ids))).rows
    return {str(session_id): str(person_id) for session_id, person_id in rows}
