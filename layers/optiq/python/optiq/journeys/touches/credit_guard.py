"""What the guard against credit thieves saved: returns from payment and sign-in pages that made no touch."""

from collections import Counter, defaultdict
from datetime import timedelta

from optiq.journeys.lake import SESSIONS
from optiq.journeys.touch_contracts import CreditGuard, CreditKept, CreditKeptOnDay
from optiq.kernel.clock import MINUTE_MS, day_bounds, day_of, from_rfc3339, parse_day, parse_timezone, utc_day
from optiq.kernel.errors import InvalidError
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring
from optiq.ports.query import timestamp_text
from optiq.tenancy.contracts import Site

DEFAULT_DAYS = 30
MAX_DAYS = 400

# In quarters of an hour, because in every timezone days begin on one.
_KEPT = f"""
SELECT kept_referrers, hour, quarter, count(*) FROM (
    SELECT kept_referrers, date_trunc('hour', started_at) AS hour,
        extract(MINUTE FROM started_at) - extract(MINUTE FROM started_at) % 15 AS quarter
    FROM ({latest_rows(SESSIONS, "site_id = ? AND dt BETWEEN ? AND ?")})
    WHERE NOT deleted AND NOT bot AND kept_referrers <> ''
        AND started_at >= CAST(? AS TIMESTAMP) AND started_at < CAST(? AS TIMESTAMP)
) GROUP BY kept_referrers, hour, quarter"""  # noqa: S608 - names are ours


def credit_kept(site: Site, from_day: str, to_day: str, now_ms: int) -> CreditGuard:
    """Days are the site's, both included; without them the DEFAULT_DAYS until today."""
    timezone = parse_timezone(site.timezone)
    last = parse_day(to_day) if to_day else day_of(now_ms, timezone)
    first = parse_day(from_day) if from_day else last - timedelta(days=DEFAULT_DAYS - 1)
    if not 0 <= (last - first).days < MAX_DAYS:
        raise InvalidError(f"from: must be at most {MAX_DAYS - 1} days before to, and not after it")
    bounds = day_bounds(first, last, timezone)
    parameters = [site.site_id, *map(utc_day, bounds), *map(timestamp_text, bounds)]
    found = wiring.query().run(_KEPT, site.organization_id, parameters).rows
    total, by_day = _Sums(), defaultdict[str, _Sums](_Sums)
    for referrers, hour, minutes, count in found:
        day = day_of(from_rfc3339(str(hour)) + int(minutes or 0) * MINUTE_MS, timezone).isoformat()
        for sums in (total, by_day[day]):
            sums.add(str(referrers), int(count or 0))
    return CreditGuard(total.rows(), tuple(CreditKeptOnDay(day, by_day[day].rows()) for day in sorted(by_day)))


class _Sums:
    """Returns and sessions by the page they came from."""

    def __init__(self) -> None:
        self._returns: Counter[str] = Counter()
        self._sessions: Counter[str] = Counter()

    def add(self, referrers: str, sessions: int) -> None:
        """Counts sessions that each had these returns, a blank between two."""
        for referrer, times in Counter(referrers.split()).items():
            self._returns[referrer] += times * sessions
            self._sessions[referrer] += sessions

    def rows(self) -> tuple[CreditKept, ...]:
        """The most returns come first."""
        found = (CreditKept(referrer, times, self._sessions[referrer]) for referrer, times in self._returns.items())
        return tuple(sorted(found, key=lambda row: (-row.returns, row.referrer)))
