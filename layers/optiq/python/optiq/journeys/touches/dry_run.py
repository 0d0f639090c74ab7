"""What other channel rules would have made of the last days' touches, from the lake."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from optiq.journeys.channels import channel_named
from optiq.journeys.lake import TOUCHES
from optiq.journeys.origins import SEARCH_AD_CLICKS
from optiq.journeys.touch_contracts import ChannelChange, DryRun
from optiq.kernel.clock import day_of, parse_timezone
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring
from optiq.tenancy.contracts import ChannelRule, Site

DAYS = 30

# Click ids are kept as JSON pairs of name and value; a quote within a value is escaped and cannot look like one.
_SEARCHED_AD = f"regexp_like(click_ids, '\\[\"({'|'.join(sorted(SEARCH_AD_CLICKS))})\",')"
_CHANNELS = f"""
SELECT channel, source, medium, campaign, searched_ad, count(*) FROM (
    SELECT channel, source, medium, campaign, {_SEARCHED_AD} AS searched_ad
    FROM ({latest_rows(TOUCHES, "site_id = ? AND dt BETWEEN ? AND ?")}) WHERE NOT deleted
) GROUP BY channel, source, medium, campaign, searched_ad"""  # noqa: S608 - names are ours


def dry_run(site: Site, rules: Sequence[ChannelRule], now_ms: int) -> DryRun:
    """The channels the touches of the last DAYS days (UTC) stand in, beside those the rules would put them in."""
    last = day_of(now_ms, parse_timezone("UTC"))
    first = last - timedelta(days=DAYS - 1)
    days = (first.isoformat(), last.isoformat())
    moved: Counter[tuple[str, str]] = Counter()
    for old, source, medium, campaign, searched_ad, count in (
        wiring.query().run(_CHANNELS, site.organization_id, (site.site_id, *days)).rows
    ):
        new = channel_named(str(source), str(medium), str(campaign), rules, searched_ad=bool(searched_ad))
        moved[str(old), new] += int(count or 0)
    touches = moved.total()
    changes = [
        ChannelChange(old, new, count, round(count / touches, 6)) for (old, new), count in moved.items() if old != new
    ]
    return DryRun(*days, touches, tuple(sorted(changes, key=lambda c: (-c.touches, c.old_channel, c.new_channel))))
