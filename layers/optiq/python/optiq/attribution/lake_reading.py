"""What attribution reads from the lake, in Athena's SQL."""

from typing import Any

import pyarrow as pa

from optiq.attribution.ledger import CREDIT_SCHEMA
from optiq.attribution.path_table import CONVERSION_SCHEMA, OWNED_TOUCH_SCHEMA
from optiq.journeys.contracts import Conversion
from optiq.kernel.clock import to_rfc3339
from optiq.kernel.lake_tables import CONVERSIONS, CREDITS, TOUCHES, latest_rows
from optiq.ports import wiring

_ON_DAY = "site_id = ? AND dt = ?"

_DAYS = "SELECT DISTINCT dt FROM conversions WHERE site_id = ? AND dt BETWEEN ? AND ? ORDER BY dt"

_CONVERSIONS_OF_DAY = f"SELECT {', '.join(CONVERSION_SCHEMA.names)} FROM ({latest_rows(CONVERSIONS, _ON_DAY)})"  # noqa: S608 - names are ours

_TOUCHES_BEFORE = f"""
SELECT {", ".join(OWNED_TOUCH_SCHEMA.names)}
FROM ({latest_rows(TOUCHES, "site_id = ? AND dt BETWEEN ? AND ?")})
WHERE NOT deleted AND customer_id IN (
    SELECT customer_id FROM ({latest_rows(CONVERSIONS, _ON_DAY)})
)"""  # noqa: S608 - names are ours

_CREDITS_OF_DAY = f"SELECT {', '.join(CREDIT_SCHEMA.names)} FROM ({latest_rows(CREDITS, _ON_DAY)})"  # noqa: S608 - names are ours

_CREDITS_OF_CONVERSION = f"""
SELECT {", ".join(CREDIT_SCHEMA.names)}
FROM ({latest_rows(CREDITS, "site_id = ? AND dt = ? AND conversion_id = ?")})
ORDER BY position"""  # noqa: S608 - names are ours


def days_with_conversions(organization_id: str, site_id: str, first: str, last: str) -> list[str]:
    """The UTC days (YYYY-MM-DD) from `first` to `last` on which the site has conversions, in order."""
    return [str(dt) for (dt,) in wiring.query().run(_DAYS, organization_id, (site_id, first, last)).rows]


def conversions_of(organization_id: str, site_id: str, dt: str) -> pa.Table:
    """The site's conversions of a UTC day, each as it stands now."""
    return wiring.query().arrow(_CONVERSIONS_OF_DAY, organization_id, CONVERSION_SCHEMA, (site_id, dt))


def touches_before(organization_id: str, site_id: str, dt: str, since: str) -> pa.Table:
    """Every touch from `since` to `dt` of those customers who have a conversion on `dt`, with its `customer_id`."""
    parameters = (site_id, since, dt, site_id, dt)
    return wiring.query().arrow(_TOUCHES_BEFORE, organization_id, OWNED_TOUCH_SCHEMA, parameters)


def standing_credits(organization_id: str, site_id: str, dt: str) -> pa.Table:
    """The credits that stand for a UTC day's conversions."""
    return wiring.query().arrow(_CREDITS_OF_DAY, organization_id, CREDIT_SCHEMA, (site_id, dt))


def credits_of(conversion: Conversion) -> list[dict[str, Any]]:
    """The credits that stand for one conversion: a row by column name for each touch of its path, oldest first."""
    day = to_rfc3339(conversion.occurred_ms)[:10]
    parameters = (conversion.site_id, day, conversion.conversion_id)
    found = wiring.query().run(_CREDITS_OF_CONVERSION, conversion.organization_id, parameters)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]
