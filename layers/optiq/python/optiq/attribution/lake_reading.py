"""What attribution reads from the lake, in Athena's SQL. Days are UTC days, YYYY-MM-DD; ranges include both ends."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

import pyarrow as pa
import pyarrow.compute as pc

from optiq.attribution.lake import CREDITS
from optiq.attribution.ledger import CREDIT_SCHEMA
from optiq.attribution.path_table import CONVERSION_SCHEMA, OWNED_TOUCH_SCHEMA
from optiq.journeys.contracts import Conversion
from optiq.journeys.lake import CONVERSIONS, TOUCHES
from optiq.kernel.clock import DAY_MS, utc_day
from optiq.kernel.lake_tables import LakeTable, latest_row_of_each, latest_rows
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_schema
from optiq.ports.lake_versions import latest_of_each
from optiq.ports.query import Value, timestamp_text

_OF_DAYS = "site_id = ? AND dt BETWEEN ? AND ?"

# A version that stands in two files, as it does while they are merged, counts once.
_CONTENTS = {
    table.name: f"""
SELECT dt, count(*), max(revision)
FROM (SELECT DISTINCT dt, {table.key[-1]}, revision FROM {table.name} WHERE {_OF_DAYS}) GROUP BY dt ORDER BY dt"""  # noqa: S608 - names are ours
    for table in (CONVERSIONS, TOUCHES)
}

# Versions of these rows are told apart once they are here (ports/lake_versions.py).
_CONVERSION_ROWS = arrow_schema(CONVERSIONS, *CONVERSION_SCHEMA.names, "deleted")
_CONVERSIONS = f"SELECT {', '.join(_CONVERSION_ROWS.names)} FROM conversions WHERE {_OF_DAYS}"  # noqa: S608 - names are ours

_TOLD_BY = ("revision", "deleted")
_PATH_TOUCHES = arrow_schema(TOUCHES, *OWNED_TOUCH_SCHEMA.names, *_TOLD_BY)
_CHANNEL_TOUCHES = arrow_schema(TOUCHES, "customer_id", "touch_id", "occurred_at", "channel", *_TOLD_BY)

PIECE_ROWS = 2_000_000
"""Of touches, most of which may be of nobody who converted: what is read of them at once."""

# Versions are told apart by few columns first, which is cheaper for rows this wide; a row written twice comes twice.
_CREDITS = f"""
SELECT {", ".join(CREDIT_SCHEMA.names)}
FROM credits JOIN (
    SELECT conversion_id, revision, max(computed_at) AS computed_at
    FROM credits JOIN (
        SELECT conversion_id, max(revision) AS revision FROM credits WHERE {_OF_DAYS} GROUP BY conversion_id
    ) AS newest_revision USING (conversion_id, revision)
    WHERE {_OF_DAYS}
    GROUP BY conversion_id, revision
) AS newest USING (conversion_id, revision, computed_at)
WHERE {_OF_DAYS}"""  # noqa: S608 - names are ours


def _credits_of_conversion(as_of: bool) -> str:
    """Parameters: the site, the day, the conversion, the instant where asked for; the site, the days of touches."""
    until = " AND computed_at <= CAST(? AS TIMESTAMP)" if as_of else ""
    told = latest_row_of_each(TOUCHES, _OF_DAYS, ("touch_id", "channel_rules_version"))
    own = latest_rows(CREDITS, f"site_id = ? AND dt = ? AND conversion_id = ?{until}")
    return f"""
SELECT {", ".join(f"own.{name}" for name in CREDIT_SCHEMA.names)}, told.channel_rules_version
FROM ({own}) AS own LEFT JOIN ({told}) AS told ON told.touch_id = own.touch_id
WHERE NOT coalesce(own.deleted, false) ORDER BY own.position"""  # noqa: S608 - names are ours


class Contents(NamedTuple):
    """How many versions of rows a table has for a day, and the highest revision among them."""

    rows: int
    revision: int


def contents(table: LakeTable, organization_id: str, site_id: str, first: str, last: str) -> dict[str, Contents]:
    """What `conversions` or `touches` hold of a site's days; days of which they hold nothing are left out."""
    found = wiring.query().run(_CONTENTS[table.name], organization_id, (site_id, first, last))
    return {str(dt): Contents(int(rows or 0), int(revision or 0)) for dt, rows, revision in found.rows}


def conversions_of(organization_id: str, site_id: str, first: str, last: str) -> pa.Table:
    """The site's conversions, each as it stands now."""
    return _conversions(_CONVERSIONS, organization_id, (site_id, first, last))


def conversions_named(organization_id: str, site_id: str, name: str, first: str, last: str) -> pa.Table:
    """Those of one name."""
    return _conversions(f"{_CONVERSIONS} AND name = ?", organization_id, (site_id, first, last, name))


def _conversions(sql: str, organization_id: str, parameters: Sequence[Value]) -> pa.Table:
    found = latest_of_each(wiring.query().arrow(sql, organization_id, _CONVERSION_ROWS, parameters), CONVERSIONS)
    stands: Any = pc.invert(pc.fill_null(cast(Any, found.column("deleted")), False))
    return (found if pc.all(stands).as_py() else found.filter(stands)).drop_columns(["deleted"])


def channels_of(organization_id: str, site_id: str, first: str, last: str) -> pa.Table:
    """All touches of these days: `customer_id`, `touch_id`, `occurred_at` and `channel`."""
    touches = _touches(organization_id, site_id, first, last, _CHANNEL_TOUCHES)
    return _only(pc.invert(touches.column("deleted")), touches)


def touches_of(
    organization_id: str, site_id: str, first: str, last: str, customers: "pa.ChunkedArray[Any]"
) -> pa.Table:
    """The touches of some customers, of OWNED_TOUCH_SCHEMA."""
    found = [OWNED_TOUCH_SCHEMA.empty_table()]
    for piece_first, piece_last in _pieces(contents(TOUCHES, organization_id, site_id, first, last)):
        touches = _touches(organization_id, site_id, piece_first, piece_last, _PATH_TOUCHES)
        theirs = pc.is_in(touches.column("customer_id"), value_set=customers.combine_chunks())
        found.append(_only(pc.and_not(theirs, touches.column("deleted")), touches))
    return pa.concat_tables(found)


def _touches(organization_id: str, site_id: str, first: str, last: str, schema: pa.Schema) -> pa.Table:
    """Each as it stands, `deleted` ones too. All versions of a touch are of one day, so days may be read apart."""
    sql = f"SELECT {', '.join(schema.names)} FROM touches WHERE {_OF_DAYS}"  # noqa: S608 - names are ours
    return latest_of_each(wiring.query().arrow(sql, organization_id, schema, (site_id, first, last)), TOUCHES)


def _only(chosen: Any, touches: pa.Table) -> pa.Table:
    """The chosen rows, without what told their versions; none is copied when that is all."""
    kept = touches if pc.all(chosen, skip_nulls=False).as_py() else touches.filter(chosen)
    return kept.drop_columns([*_TOLD_BY])


def _pieces(held: Mapping[str, Contents]) -> Iterator[tuple[str, str]]:
    """First and last days of runs that hold PIECE_ROWS at most, or are one day."""
    run: list[str] = []
    rows = 0
    for day, of_day in held.items():
        if run and rows + of_day.rows > PIECE_ROWS:
            yield run[0], run[-1]
            run, rows = [], 0
        run.append(day)
        rows += of_day.rows
    if run:
        yield run[0], run[-1]


def standing_credits(organization_id: str, site_id: str, first: str, last: str) -> pa.Table:
    """The credits that stand for conversions of these days; a row may come twice."""
    return wiring.query().arrow(_CREDITS, organization_id, CREDIT_SCHEMA, (site_id, first, last) * 3)


def credits_of(conversion: Conversion, window_days: int, as_of_ms: int | None) -> list[dict[str, Any]]:
    """The credits that stand, or stood, for one conversion: a row by column name for each touch, oldest first.

    With `channel_rules_version`, those a touch of the last `window_days` was last told by.
    """
    day = utc_day(conversion.occurred_ms)
    since = utc_day(conversion.occurred_ms - window_days * DAY_MS)
    until = [] if as_of_ms is None else [timestamp_text(as_of_ms)]
    parameters = [conversion.site_id, day, conversion.conversion_id, *until, conversion.site_id, since, day]
    sql = _credits_of_conversion(as_of_ms is not None)
    found = wiring.query().run(sql, conversion.organization_id, parameters)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]
