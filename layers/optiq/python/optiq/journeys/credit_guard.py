"""What the guard against credit thieves saved: returns from payment and sign-in pages that made no touch."""

from collections import Counter
from datetime import timedelta

from optiq.journeys.contracts import CreditKept
from optiq.kernel.clock import day_bounds, day_of, parse_day, parse_timezone, to_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.kernel.lake_tables import SESSIONS, latest_rows
from optiq.ports import wiring
from optiq.tenancy.contracts import Site

DEFAULT_DAYS = 30
MAX_DAYS = 400

_KEPT = f"""
SELECT kept_referrers, count(*) FROM ({latest_rows(SESSIONS, "site_id = ? AND dt BETWEEN ? AND ?")})
WHERE NOT deleted AND NOT bot AND kept_referrers <> ''
    AND started_at >= CAST(? AS TIMESTAMP) AND started_at < CAST(? AS TIMESTAMP)
GROUP BY kept_referrers"""  # noqa: S608 - names are ours


def credit_kept(site: Site, from_day: str, to_day: str, now_ms: int) -> list[CreditKept]:
    """Days are the site's, both included; without them the DEFAULT_DAYS until today. The most returns come first."""
    timezone = parse_timezone(site.timezone)
    last = parse_day(to_day) if to_day else day_of(now_ms, timezone)
    first = parse_day(from_day) if from_day else last - timedelta(days=DEFAULT_DAYS - 1)
    if not 0 <= (last - first).days < MAX_DAYS:
        raise InvalidError(f"from: must be at most {MAX_DAYS - 1} days before to, and not after it")
    start, end = (to_rfc3339(instant_ms) for instant_ms in day_bounds(first, last, timezone))
    instants = [instant.replace("T", " ").removesuffix("Z") for instant in (start, end)]
    found = wiring.query().run(_KEPT, site.organization_id, [site.site_id, start[:10], end[:10], *instants]).rows
    returns: Counter[str] = Counter()
    sessions: Counter[str] = Counter()
    for referrers, count in found:
        of_session = Counter(str(referrers).split())
        for referrer, times in of_session.items():
            returns[referrer] += times * int(count or 0)
            sessions[referrer] += int(count or 0)
    rows = [CreditKept(referrer, returns[referrer], sessions[referrer]) for referrer in returns]
    return sorted(rows, key=lambda row: (-row.returns, row.referrer))
