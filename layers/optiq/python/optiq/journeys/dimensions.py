"""Landing pages, referrers and UTM values of a site, with when each was first seen: asked of the lake's touches."""

from optiq.journeys.channels import NOT_SET
from optiq.journeys.contracts import DimensionValue
from optiq.journeys.lake import TOUCHES
from optiq.journeys.sites import category_of
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring
from optiq.tenancy.contracts import Site

# Each with the column it stands in. A source and a medium may also be a referrer's or a click id's: only links' count.
_COLUMNS: dict[str, tuple[str, str]] = {
    "landing_page": ("landing_page", ""),
    "referrer_domain": ("referrer_domain", ""),
    "utm_source": ("source", " AND tagged"),
    "utm_medium": ("medium", " AND tagged"),
    "utm_campaign": ("campaign", ""),
    "utm_term": ("term", ""),
    "utm_content": ("content", ""),
}
KINDS = tuple(_COLUMNS)


def dimension_values(site: Site, kind: str, limit: int) -> list[DimensionValue]:
    """The values with the most touches first. Raises InvalidError that says which kinds there are."""
    if kind not in _COLUMNS:
        raise InvalidError(f"kind: must be one of {', '.join(KINDS)}")
    column, besides = _COLUMNS[kind]
    sql = f"""
SELECT {column}, min(occurred_at), max(occurred_at), count(*) FROM ({latest_rows(TOUCHES, "site_id = ?")})
WHERE NOT deleted AND {column} <> '' AND {column} <> '{NOT_SET}'{besides}
GROUP BY {column} ORDER BY count(*) DESC, {column} LIMIT {limit}"""  # noqa: S608 - names are ours
    return [
        DimensionValue(
            value=str(value),
            first_seen_ms=from_rfc3339(str(first)),
            last_seen_ms=from_rfc3339(str(last)),
            touches=int(touches or 0),
            category=category_of(str(value)) if kind == "referrer_domain" else "",
        )
        for value, first, last, touches in wiring.query().run(sql, site.organization_id, (site.site_id,)).rows
    ]
