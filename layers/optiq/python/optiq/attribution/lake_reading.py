"""What attribution reads from the lake, in Athena's SQL. Days are UTC days, YYYY-MM-DD; ranges include both ends."""

from typing import Any, NamedTuple

import pyarrow as pa

from optiq.attribution.ledger import CREDIT_SCHEMA
from optiq.attribution.path_table import CONVERSION_SCHEMA, OWNED_TOUCH_SCHEMA
from optiq.journeys.contracts import Conversion
from optiq.kernel.clock import DAY_MS, utc_day
from optiq.kernel.lake_tables import CONVERSIONS, CREDITS, TOUCHES, LakeTable, latest_row_of_each, latest_rows
from optiq.ports import wiring
from optiq.ports.query import timestamp_text

_OF_DAYS = "site_id = ? AND dt BETWEEN ? AND ?"

_CONTENTS = {
    table.name: f"SELECT dt, count(*), max(revision) FROM {table.name} WHERE {_OF_DAYS} GROUP BY dt ORDER BY dt"  # noqa: S608 - names are ours
    for table in (CONVERSIONS, TOUCHES)
}

_CONVERSIONS = latest_row_of_each(CONVERSIONS, _OF_DAYS, CONVERSION_SCHEMA.names)

_CONVERSIONS_NAMED = latest_row_of_each(CONVERSIONS, f"{_OF_DAYS} AND name = ?", CONVERSION_SCHEMA.names)

# A path by channel needs no more of its touches; what else a touch has is empty.
_OF_CHANNELS = ("customer_id", "touch_id", "occurred_at", "channel")
_CHANNELS = f"""
SELECT {", ".join(name if name in _OF_CHANNELS else f"'' AS {name}" for name in OWNED_TOUCH_SCHEMA.names)}
FROM ({latest_row_of_each(TOUCHES, _OF_DAYS, (*_OF_CHANNELS, "deleted"))})
WHERE NOT deleted"""  # noqa: S608 - names are ours

# Whoever converted by any version of a conversion: what is too much does no harm.
_TOUCHES = f"""
SELECT {", ".join(OWNED_TOUCH_SCHEMA.names)}
FROM ({latest_row_of_each(TOUCHES, _OF_DAYS, (*OWNED_TOUCH_SCHEMA.names, "deleted"))})
WHERE NOT deleted AND customer_id IN (SELECT customer_id FROM conversions WHERE {_OF_DAYS})"""  # noqa: S608 - names are ours

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
ORDER BY own.position"""  # noqa: S608 - names are ours


class Contents(NamedTuple):
    """How many rows a table has for a day, all versions counted, and the highest revision among them."""

    rows: int
    revision: int


def contents(table: LakeTable, organization_id: str, site_id: str, first: str, last: str) -> dict[str, Contents]:
    """What `conversions` or `touches` hold of a site's days; days of which they hold nothing are left out."""
    found = wiring.query().run(_CONTENTS[table.name], organization_id, (site_id, first, last))
    return {str(dt): Contents(int(rows or 0), int(revision or 0)) for dt, rows, revision in found.rows}


def conversions_of(organization_id: str, site_id: str, first: str, last: str) -> pa.Table:
    """The site's conversions, each as it stands now."""
    return wiring.query().arrow(_CONVERSIONS, organization_id, CONVERSION_SCHEMA, (site_id, first, last))


def conversions_named(organization_id: str, site_id: str, name: str, first: str, last: str) -> pa.Table:
    """Those of one name."""
    return wiring.query().arrow(_CONVERSIONS_NAMED, organization_id, CONVERSION_SCHEMA, (site_id, first, last, name))


def channels_of(organization_id: str, site_id: str, first: str, last: str) -> pa.Table:
    """All touches of these days: whose they are, when, and their channels; the other columns are empty."""
    return wiring.query().arrow(_CHANNELS, organization_id, OWNED_TOUCH_SCHEMA, (site_id, first, last))


def touches_before(organization_id: str, site_id: str, since: str, first: str, last: str) -> pa.Table:
    """Touches from `since` to `last` of those who have a conversion from `first` to `last`, with `customer_id`."""
    parameters = (site_id, since, last, site_id, first, last)
    return wiring.query().arrow(_TOUCHES, organization_id, OWNED_TOUCH_SCHEMA, parameters)


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
