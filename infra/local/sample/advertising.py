"""The sample shop's advertising as its platforms know it: the campaigns that its visitors came by, and what they cost.

Ids of campaigns and ads are the tags of the shop's links, so that costs, claims and visits of one have one name. (A
shop with real accounts puts the platforms' ids into its links.)

The world moves. Today fills up by the hour, what the platforms claim of a day grows for two weeks, and Google credits
some clicks back. Days after the sample's last one are like those a week before.
"""

import random
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from optiq.kernel.clock import DAY_MS, day_bounds, day_of, parse_timezone

from infra.local.ad_platforms.world import Account, DayRow, World
from infra.local.sample.claims import Claimed, Utm
from infra.local.sample.season import TIMEZONE, Season
from infra.local.sample.world import WAYS

SOURCES = {"GOOGLE_ADS": "google", "META": "facebook", "TIKTOK": "tiktok"}
_ACCOUNTS = {
    "GOOGLE_ADS": Account("4041516171", "Hearth & Heron", "EUR", TIMEZONE),
    "META": Account("720000000000042", "Hearth & Heron Social", "USD", TIMEZONE),
    "TIKTOK": Account("7300000000000000042", "Hearth & Heron", "EUR", TIMEZONE),
}
_KINDS = {"shopping-lamps": "SHOPPING", "cross-network-autumn": "PERFORMANCE_MAX"}
_CLAIMED_AFTER_DAYS = {0: 0.6, 1: 0.8, 2: 0.9, 3: 0.95, 5: 0.97, 7: 0.98, 14: 1.0}
"""Which share of its claims a platform knows when a day is so old."""
_CREDITED, _CREDITED_AFTER_DAYS, _CREDITED_EVERY = 0.02, 3, 5
_WEEK = timedelta(days=7)


class Advertising:
    """One platform's view of the sample that ends at an instant."""

    def __init__(
        self,
        platform: str,
        metrics: Sequence[Mapping[str, Any]],
        claimed: Mapping[tuple[str, Utm], Claimed],
        until_ms: int,
    ) -> None:
        """`metrics`: what ads cost; `claimed`: what platforms claim, as the sample has both (traffic.py)."""
        source = SOURCES[platform]
        self._account, self._platform = _ACCOUNTS[platform], platform
        self._zone, self._last = parse_timezone(TIMEZONE), Season(until_ms).days[-1]
        self._first = Season(until_ms).days[0]
        self._claimed = {(day, campaign): one for (day, (of, _, campaign)), one in claimed.items() if of == source}
        self._known = {(row["day"], row["campaign"]): row for row in metrics if row["source"] == source}
        self._ads = {way.utm[2]: way.ads for way in WAYS.values() if way.click_cost and way.utm[0] == source}

    def world(self) -> World:
        """A world that asks people, with names; `move` fills it."""
        world = World(
            asks_people=True, accounts=[self._account], refreshes=self._platform != "TIKTOK", most_in_page=500
        )
        for campaign, ads in self._ads.items():
            world.names[f"7{campaign}"] = "All visitors"
            world.names |= {tag: _title(tag) for tag in (campaign, *ads)}
        return world

    def move(self, world: World, now_ms: int) -> None:
        """The world as it is at an instant."""
        world.now_ms = now_ms
        today = day_of(now_ms, self._zone)
        days = [self._first + timedelta(days=number) for number in range((today - self._first).days + 1)]
        passed = (now_ms - day_bounds(today, today, self._zone)[0]) / DAY_MS
        world.by_account[self._account.external_id] = [
            row
            for day in days
            for campaign in self._ads
            for row in self._rows(day, campaign, (today - day).days, min(passed, 1) if day == today else 1)
        ]

    def _rows(self, day: date, campaign: str, age_days: int, part: float) -> list[DayRow]:
        """Of a campaign's day, for each ad; one without an ad where the campaign has none to show."""
        like = day
        while like >= self._last:
            like -= _WEEK
        known = self._known[like.isoformat(), campaign]
        share = max(share for after, share in _CLAIMED_AFTER_DAYS.items() if age_days >= after) * part
        clicks, impressions = int(known["clicks"] * part), int(known["impressions"] * part)
        cents = round(float(known["spend"]) * 100 * part * (1 - self._credited(day, age_days)))
        claims, digits = self._claimed.get((like.isoformat(), campaign), Claimed()), self._digits
        claimed = round(claims.count * share, digits)
        value = float(known["claimed_revenue"]) * share if claimed else 0.0
        kind = _KINDS.get(campaign, "SEARCH")
        ads = ("",) if kind == "PERFORMANCE_MAX" else self._ads[campaign]
        claiming = random.Random(f"{day}{campaign}").choice(ads)  # noqa: S311 - a sample, no secret
        return [
            DayRow(
                day.isoformat(),
                campaign,
                _part(cents, place, len(ads)) * 10_000,
                ad,
                kind,
                _part(impressions, place, len(ads)),
                _part(clicks, place, len(ads)),
                claimed=claimed if ad == claiming else 0.0,
                viewed=round(claims.viewed * share, digits) if ad == claiming else 0.0,
                claimed_value=round(value, 2) if ad == claiming else 0.0,
                claimed_then=round(claims.then * share, digits) if ad == claiming else 0.0,
            )
            for place, ad in enumerate(ads)
            if cents
        ]

    @property
    def _digits(self) -> int | None:
        """Google tells parts of a conversion, the others whole ones."""
        return 1 if self._platform == "GOOGLE_ADS" else None

    def _credited(self, day: date, age_days: int) -> float:
        is_credited = self._platform == "GOOGLE_ADS" and day.toordinal() % _CREDITED_EVERY == 0
        return _CREDITED if is_credited and age_days >= _CREDITED_AFTER_DAYS else 0.0


def _part(total: int, place: int, parts: int) -> int:
    """Of a total in equal parts; the first has what is left over."""
    return total // parts + (total % parts if place == 0 else 0)


def _title(tag: str) -> str:
    return " ".join(word.capitalize() for word in re.split("[-_]", tag))
