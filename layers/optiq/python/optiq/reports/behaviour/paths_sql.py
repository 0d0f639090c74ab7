"""Where people go: how many went from one page, event or channel to the next, step by step."""

from dataclasses import dataclass
from typing import Literal

from optiq.reports.statements import Sql

END = ""
"""What follows the last node of a path."""
OTHER = "Other"


@dataclass(frozen=True, slots=True)
class Paths:
    """What is followed.

    Attributes:
        node: the source's column that names a node. unit: the one that tells a path from another.
        depth: how many steps are shown. most_nodes: so many nodes of a step keep their name; the rest are OTHER.
        anchor: a condition on `node`: paths begin at the first such row, or, backwards, end at the last.
    """

    node: str = "node"
    unit: str = "session_id"
    depth: int = 5
    most_nodes: int = 10
    anchor: Sql | None = None
    direction: Literal["FORWARD", "BACKWARD"] = "FORWARD"


def edges(paths: Paths, source: Sql) -> Sql:
    """Columns: step (from 1), node, next (END where the path ends), paths.

    Repeats in a row are one. At each step the edges out of all nodes add up to the paths that got there.

    Args:
        source: a SELECT of the node's and the unit's column, t (ms), turn and event_id.
    """
    way = "DESC" if paths.direction == "BACKWARD" else "ASC"
    order = f"t {way}, turn {way}, event_id {way}"
    anchor = f"coalesce({paths.anchor.sql}, false)" if paths.anchor else "true"
    sql = f"""
WITH nodes AS (
    SELECT {paths.unit} AS unit, {paths.node} AS node, t, turn, event_id,
        lag({paths.node}) OVER (PARTITION BY {paths.unit} ORDER BY {order}) AS before
    FROM ({source.sql}) AS source WHERE {paths.unit} IS NOT NULL AND {paths.node} IS NOT NULL
),
changes AS (
    SELECT nodes.*, sum(CASE WHEN {anchor} THEN 1 ELSE 0 END)
        OVER (PARTITION BY unit ORDER BY {order} ROWS UNBOUNDED PRECEDING) AS anchors
    FROM nodes WHERE before IS NULL OR before <> node
),
placed AS (
    SELECT unit, node, row_number() OVER (PARTITION BY unit ORDER BY {order}) AS step FROM changes WHERE anchors > 0
),
sized AS (
    SELECT placed.*, count(*) OVER (PARTITION BY step, node) AS size FROM placed WHERE step <= {paths.depth + 1}
),
ranked AS (SELECT sized.*, dense_rank() OVER (PARTITION BY step ORDER BY size DESC, node) AS place FROM sized),
named AS (
    SELECT unit, step, CASE WHEN place <= {paths.most_nodes} THEN node ELSE '{OTHER}' END AS node FROM ranked
),
followed AS (
    SELECT named.*, coalesce(lead(node) OVER (PARTITION BY unit ORDER BY step), '{END}') AS following FROM named
)
SELECT step, node, following AS next, count(*) AS paths FROM followed WHERE step <= {paths.depth}
GROUP BY step, node, following
"""  # noqa: S608 - names and numbers are ours; what people write comes as parameters
    return Sql(sql, (*source.parameters, *(paths.anchor.parameters if paths.anchor else ())))
