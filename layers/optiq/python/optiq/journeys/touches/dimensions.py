"""Landing pages, referrers and UTM values of a site, with when each was first seen: asked of the lake's touches."""

from optiq.journeys.lake import TOUCHES
from optiq.journeys.origins import NOT_SET
from optiq.journeys.sites import category_of
from optiq.journeys.touch_contracts import DimensionKind, DimensionValue
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.lake_tables import latest_rows
from optiq.kernel.paging import Page, cursor_at, foreign_cursor, place_in
from optiq.ports import wiring
from optiq.tenancy.contracts import Site

_LIST = "dimensions"
_LAST_START = 1_000_000
# Each with the column it stands in. A source and a medium may also be a referrer's or a click id's: only links' count.
_COLUMNS: dict[DimensionKind, tuple[str, str]] = {
    "landing_page": ("landing_page", ""),
    "referrer_domain": ("referrer_domain", ""),
    "utm_source": ("source", " AND tagged"),
    "utm_medium": ("medium", " AND tagged"),
    "utm_campaign": ("campaign", ""),
    "utm_term": ("term", ""),
    "utm_content": ("content", ""),
}


def dimension_values(site: Site, kind: DimensionKind, limit: int, cursor: str | None) -> Page[DimensionValue]:
    """A page of the values, those with the most touches first. Raises InvalidError for another list's cursor."""
    column, besides = _COLUMNS[kind]
    of_list = f"{_LIST}:{kind}"
    start = int(place_in(cursor, of_list, int)[0]) if cursor else 0
    if not 0 <= start <= _LAST_START:
        raise foreign_cursor()
    sql = f"""
SELECT {column}, min(occurred_at), max(occurred_at), count(*) FROM ({latest_rows(TOUCHES, "site_id = ?")})
WHERE NOT deleted AND {column} <> '' AND {column} <> '{NOT_SET}'{besides}
GROUP BY {column} ORDER BY count(*) DESC, {column} OFFSET {start} LIMIT {limit + 1}"""  # noqa: S608 - names are ours
    found = [
        DimensionValue(
            value=str(value),
            first_seen_ms=from_rfc3339(str(first)),
            last_seen_ms=from_rfc3339(str(last)),
            touches=int(touches or 0),
            category=category_of(str(value)) if kind == "referrer_domain" else None,
        )
        for value, first, last, touches in wiring.query().run(sql, site.organization_id, (site.site_id,)).rows
    ]
    return Page(tuple(found[:limit]), cursor_at(of_list, start + limit) if len(found) > limit else None)
