"""What recomputation reads from the lake, in Athena's SQL."""

import json
from typing import Any

from optiq.journeys.contracts import Conversion, Touch
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.lake_tables import CONVERSIONS, TOUCHES, latest_rows
from optiq.ports import wiring

_CONVERSION_COLUMNS = "customer_id, conversion_id, event_id, name, occurred_at, value_micros, currency, revision"
_TOUCH_COLUMNS = (
    "touch_id, session_id, occurred_at, touch_type, channel, source, medium, campaign, term, content, click_ids, "
    "landing_page, referrer_domain"
)
_ON_DAY = "site_id = ? AND dt = ?"

_DAYS = "SELECT DISTINCT dt FROM conversions WHERE site_id = ? AND dt BETWEEN ? AND ? ORDER BY dt"

_CONVERSIONS_OF_DAY = f"SELECT {_CONVERSION_COLUMNS} FROM ({latest_rows(CONVERSIONS, _ON_DAY)})"  # noqa: S608 - names are ours

_TOUCHES_BEFORE = f"""
SELECT customer_id, {_TOUCH_COLUMNS}
FROM ({latest_rows(TOUCHES, "site_id = ? AND dt BETWEEN ? AND ?")})
WHERE NOT deleted AND customer_id IN (
    SELECT customer_id FROM ({latest_rows(CONVERSIONS, _ON_DAY)})
)"""  # noqa: S608 - names are ours


def days_with_conversions(organization_id: str, site_id: str, first: str, last: str) -> list[str]:
    """The UTC days (YYYY-MM-DD) from `first` to `last` on which the site has conversions, in order."""
    return [str(dt) for (dt,) in wiring.query().run(_DAYS, organization_id, (site_id, first, last)).rows]


def conversions_of(organization_id: str, site_id: str, dt: str) -> list[Conversion]:
    """The site's conversions of a UTC day, each as it stands now."""
    rows: list[tuple[Any, ...]] = list(wiring.query().run(_CONVERSIONS_OF_DAY, organization_id, (site_id, dt)).rows)
    return [
        Conversion(
            organization_id=organization_id,
            site_id=site_id,
            customer_id=customer_id,
            conversion_id=conversion_id,
            event_id=event_id,
            name=name,
            occurred_ms=from_rfc3339(occurred_at),
            value_micros=value_micros,
            currency=currency,
            revision=revision,
        )
        for customer_id, conversion_id, event_id, name, occurred_at, value_micros, currency, revision in rows
    ]


def touches_before(organization_id: str, site_id: str, dt: str, since: str) -> list[tuple[str, Touch]]:
    """Customer and touch, for every touch from `since` to `dt` of those customers who have a conversion on `dt`."""
    rows: list[tuple[Any, ...]] = list(
        wiring.query().run(_TOUCHES_BEFORE, organization_id, (site_id, since, dt, site_id, dt)).rows
    )
    return [(customer_id, _touch(*columns)) for customer_id, *columns in rows]


def _touch(touch_id: str, session_id: str, occurred_at: str, *rest: str) -> Touch:
    touch_type, channel, source, medium, campaign, term, content, click_ids, landing_page, referrer_domain = rest
    return Touch(
        touch_id=touch_id,
        session_id=session_id,
        occurred_ms=from_rfc3339(occurred_at),
        touch_type=touch_type,
        channel=channel,
        source=source,
        medium=medium,
        campaign=campaign,
        term=term,
        content=content,
        click_ids=tuple((name, value) for name, value in json.loads(click_ids or "[]")),
        landing_page=landing_page,
        referrer_domain=referrer_domain,
    )
