"""Touches of visits in the lake, as journeys writes them for an address."""

from dataclasses import dataclass
from typing import Any

from optiq.ads.lake import AD_RESOLUTIONS
from optiq.collect.campaigns import read_campaign
from optiq.journeys.contracts import Touch
from optiq.journeys.lake import TOUCHES
from optiq.journeys.lake_rows import touch_row
from optiq.journeys.origins import origin_of
from optiq.kernel.clock import to_rfc3339
from optiq.kernel.lake_tables import latest_row_of_each
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.tenancy.contracts import Site

from tests.functional.ads.synced import ms


@dataclass
class Visits:
    """Visits to a site."""

    site: Site

    def visit(
        self, touch_id: str, query: str, at: str = "2026-10-01T12:00:00+00:00", channel: str = "Paid Search"
    ) -> Touch:
        """Somebody opened the shop's page with this query."""
        url = f"https://shop.example/?{query}"
        origin = origin_of(url, "", read_campaign(url)[0], self.site.domains)
        touch = Touch(
            touch_id=touch_id,
            session_id=f"session-{touch_id}",
            occurred_ms=ms(at),
            touch_type=origin.touch_type,
            channel=channel,
            source=origin.source,
            medium=origin.medium,
            campaign=origin.campaign,
            term=origin.term,
            content=origin.content,
            click_ids=origin.click_ids,
            landing_page=origin.landing_page,
            referrer_domain=origin.referrer_domain,
            tagged=origin.tagged,
            ad_ids=origin.ad_ids,
        )
        rows = [touch_row(touch, self.site, f"customer-{touch_id}", 1)]
        day = to_rfc3339(touch.occurred_ms)[:10]
        wiring.lake().append(
            TOUCHES.name, self.site.organization_id, day, name_of("test", rows), arrow_table(TOUCHES, rows)
        )
        return touch

    def resolved(self, *columns: str) -> dict[str, Any]:
        """What is said of each touch; of one column its value."""
        wanted = ("touch_id", *columns)
        sql = f"SELECT * FROM ({latest_row_of_each(AD_RESOLUTIONS, 'site_id = ?', wanted)})"
        rows = wiring.query().run(sql, self.site.organization_id, (self.site.site_id,)).rows
        return {str(key): tuple(row) if len(columns) > 1 else row[0] for key, *row in rows}

    def files(self) -> int:
        return sum(1 for _ in wiring.lake().files(AD_RESOLUTIONS.name, self.site.organization_id))
