"""Paths: where people go from one page, event or channel to the next."""

from pydantic import TypeAdapter

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock
from optiq.reports.behaviour.contracts import Edge, PathsAnswer, PathsAsk
from optiq.reports.behaviour.paths_sql import Paths, edges
from optiq.reports.behaviour.scope import Scope, kept, scope_of
from optiq.reports.questions.wrong import wrong
from optiq.reports.statements import Sql

MOST_STEPS, MOST_NODES = 10, 50
_LONGEST_ANCHOR = 500
_UNITS = {"CUSTOMER": "person_id", "SESSION": "session_id"}
_ANSWER: TypeAdapter[PathsAnswer] = TypeAdapter(PathsAnswer)


def ask_paths(caller: Caller, site_id: str, ask: PathsAsk, clock: Clock) -> PathsAnswer:
    scope = scope_of(caller, site_id, ask.period, ask.filters, clock(), ask.segments)
    if not 1 <= ask.depth <= MOST_STEPS:
        raise wrong("depth", f"must be between 1 and {MOST_STEPS}")
    if not 1 <= ask.most_nodes <= MOST_NODES:
        raise wrong("most_nodes", f"must be between 1 and {MOST_NODES}")
    if len(ask.anchor) > _LONGEST_ANCHOR:
        raise wrong("anchor", f"use at most {_LONGEST_ANCHOR} characters")
    scope.column_of("dimension", ask.dimension)
    return kept(scope, ask, scope.days.utc_days, _ANSWER, lambda: _answer(scope, ask), clock)


def _answer(scope: Scope, ask: PathsAsk) -> PathsAnswer:
    sql = edges(_paths(ask), _nodes(scope, ask))
    found = [
        Edge(int(str(step)), str(node), str(following), int(str(count)))
        for step, node, following, count in scope.run(sql).rows
    ]
    ordered = sorted(found, key=lambda edge: (edge.step, -edge.paths, edge.node, edge.next))
    return PathsAnswer(sum(edge.paths for edge in ordered if edge.step == 1), tuple(ordered))


def _paths(ask: PathsAsk) -> Paths:
    return Paths(
        unit=_UNITS[ask.unit],
        depth=ask.depth,
        most_nodes=ask.most_nodes,
        anchor=Sql("node = ?", (ask.anchor,)) if ask.anchor else None,
        direction=ask.direction,
    )


def _nodes(scope: Scope, ask: PathsAsk) -> Sql:
    """The rows that paths are made of."""
    column = scope.column_of("dimension", ask.dimension)
    rows = scope.rows((column, "kind"), *scope.days.bounds_ms)
    only = " WHERE kind = 'PAGE'" if ask.dimension == "page" else ""
    taken = f"SELECT {_UNITS[ask.unit]}, t, turn, event_id, {column} AS node"
    return Sql(f"{taken} FROM ({rows.sql}) AS rows_of_days{only}", rows.parameters)
