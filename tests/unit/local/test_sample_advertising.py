"""The sample's advertising platforms: the shop's own campaigns and costs, in a world that moves."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from optiq.kernel.clock import DAY_MS, HOUR_MS, from_rfc3339

from infra.local.ad_platforms.server import running_vendors
from infra.local.ad_platforms.world import DayRow, World
from infra.local.sample.ad_servers import Kept
from infra.local.sample.advertising import SOURCES, Advertising
from infra.local.sample.claims import Claimed, Utm
from infra.local.sample.load import SEED
from infra.local.sample.people import Message
from infra.local.sample.traffic import ad_claims, ad_metrics, traffic

UNTIL_MS = from_rfc3339("2026-11-28T18:00:00Z")


@cache
def _messages() -> list[Message]:
    return traffic(SEED, UNTIL_MS)


@cache
def _claims() -> Mapping[tuple[str, Utm], Claimed]:
    return ad_claims(SEED, _messages())


@pytest.fixture(scope="module")
def metrics() -> list[dict[str, Any]]:
    return ad_metrics(SEED, UNTIL_MS, _messages())


def _rows(platform: str, metrics: list[dict[str, Any]], now_ms: int) -> tuple[World, list[DayRow]]:
    advertising = Advertising(platform, metrics, _claims(), UNTIL_MS)
    world = advertising.world()
    advertising.move(world, now_ms)
    (rows,) = world.by_account.values()
    return world, rows


@pytest.mark.parametrize("platform", SOURCES)
def test_platform_charges_what_the_sample_says_it_cost(platform: str, metrics: list[dict[str, Any]]) -> None:
    """Of every day but the last, which is not over. Google credits a fiftieth of some back."""
    _, rows = _rows(platform, metrics, UNTIL_MS)
    found: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        found[row.day, row.campaign] += row.cost_micros / 1_000_000
    known = {
        (one["day"], one["campaign"]): float(one["spend"])
        for one in metrics
        if one["source"] == SOURCES[platform] and one["day"] < "2026-11-28" and float(one["spend"])
    }
    of_whole_days = {key: value for key, value in found.items() if key[0] < "2026-11-28"}
    assert of_whole_days == pytest.approx(known, rel=0.025, abs=0.011)
    assert len(known) > 60


def test_platform_claims_more_of_a_day_when_it_is_older(metrics: list[dict[str, Any]]) -> None:
    claims = []
    for days in (0, 1, 3, 7, 14, 21):
        _, rows = _rows("GOOGLE_ADS", metrics, UNTIL_MS + days * DAY_MS)
        claims.append(sum(row.claimed for row in rows if "2026-11-08" < row.day < "2026-11-27"))
    assert claims == sorted(claims)
    assert len(set(claims)) > 3
    assert claims[-1] == claims[-2]


def test_platforms_claim_more_sales_than_there_were_after_their_clicks() -> None:
    """A sale after clicks of two platforms is claimed twice. Of Meta's some are of people who saw an ad."""
    sales = {
        message.get("properties", {}).get("order_id", message["messageId"])
        for message in _messages()
        if message.get("event") in ("Order Completed", "Signed Up", "Lead")
    }
    claimed = {
        source: [one for (_, (of, *_)), one in _claims().items() if of == source] for source in ("google", "facebook")
    }
    google, meta = (sum(one.count for one in claimed[source]) for source in ("google", "facebook"))
    assert 0.2 * len(sales) < meta < google < len(sales)
    assert 0 < sum(one.viewed for one in claimed["facebook"]) < meta / 2
    # By the day of the click or of the sale: the same sales, but for those on other days.
    assert sum(one.then for one in claimed["google"]) == google
    assert any(one.then != one.count for one in claimed["google"])


def test_today_fills_up_by_the_hour_and_new_days_come(metrics: list[dict[str, Any]]) -> None:
    later_ms = UNTIL_MS + 5 * DAY_MS
    spent = [
        sum(
            row.cost_micros
            for row in _rows("GOOGLE_ADS", metrics, later_ms + hours * HOUR_MS)[1]
            if row.day == "2026-12-03"
        )
        for hours in (-12, -6, 0)
    ]
    assert 0 < spent[0] < spent[1] < spent[2]


def test_campaign_without_ads_has_none(metrics: list[dict[str, Any]]) -> None:
    world, rows = _rows("GOOGLE_ADS", metrics, UNTIL_MS)
    without = {world.names[row.campaign] for row in rows if not row.ad}
    assert without == {"Cross Network Autumn"}


def test_platform_knows_its_tokens_after_a_restart(tmp_path: Path) -> None:
    # GIVEN a platform that granted a token
    with running_vendors() as vendors:
        kept = Kept(tmp_path / "google.json")
        token = vendors.world.issue("ya29", 3_600)
        vendors.world.refresh_tokens.add("1//refresh")
        kept.keep(vendors.world)

    # WHEN another process begins THEN it accepts both, and grants others
    world = World()
    Kept(tmp_path / "google.json").fill(world)
    assert world.accepts(token)
    assert world.refresh_tokens == {"1//refresh"}
    assert world.issue("ya29", 3_600) != token
