"""The main job, end to end: a real browser, the sample shop, the whole system; a sale two visits later, credited."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, Request

from infra.local.system import Running, running_system
from infra.local.table import free_port
from tests.browser.sales import credited, credits_of, of_site
from tests.browser.shopping import browse, buy_the_teapot, wait_until_sent
from tests.support.browsers import FLAGS
from tests.support.waiting import wait_until
from tests.system.sites import SiteKeys, create_site

pytestmark = [pytest.mark.browser, pytest.mark.system]

DAY_MS = 86_400_000
HALF_LIFE_SECONDS = 7 * 86_400
VALUE = 49_900_000
CAMPAIGN = {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "spring"}


@dataclass
class Visitor:
    """A person with one browser profile, and every page view their browser sent, by event id."""

    playwright: Playwright
    chromium: str
    profile: Path
    views: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def visit(self, address: str, ended: Callable[[], bool]) -> Iterator[Page]:
        """A visit, until `ended` says that the server knows of the end of its last page."""
        browser = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path=self.chromium, args=FLAGS
        )
        try:
            page = browser.new_page()
            page.on("request", self._note)
            page.goto(address)
            yield page
            wait_until_sent(page)
            page.goto("about:blank")
            wait_until(ended, "the end of the last page is stored")
        finally:
            browser.close()

    def _note(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/b"):
            for event in json.loads(request.post_data or "{}")["events"]:
                if event["kind"] == "page":
                    self.views[event["event_id"]] = event["url"]


def days() -> str:
    today = datetime.now(UTC)
    return f"from={today - timedelta(days=2):%Y-%m-%d}&to={today + timedelta(days=3):%Y-%m-%d}"


def expected_micros(path: list[dict[str, Any]], conversion_at: str) -> dict[str, dict[str, int]]:
    """Each model's revenue by channel for a path of Email, then Direct; time decay by its formula."""
    email, direct = (_seconds_between(touch["occurred_at"], conversion_at) for touch in path)
    raw_email, raw_direct = 2 ** (-email / HALF_LIFE_SECONDS), 2 ** (-direct / HALF_LIFE_SECONDS)
    # Largest remainder between two shares: the nearest whole micro for one, the rest for the other.
    decayed = round(VALUE * raw_email / (raw_email + raw_direct))
    half = VALUE // 2
    return {
        "FIRST_TOUCH": {"Email": VALUE, "Direct": 0},
        "LAST_TOUCH": {"Email": 0, "Direct": VALUE},
        "LAST_NON_DIRECT": {"Email": VALUE, "Direct": 0},
        "LINEAR": {"Email": half, "Direct": half},
        "POSITION_BASED": {"Email": half, "Direct": half},
        "W_SHAPED": {"Email": half, "Direct": half},
        "TIME_DECAY": {"Email": decayed, "Direct": VALUE - decayed},
    }


def _seconds_between(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


def test_a_visit_becomes_credited_revenue(tmp_path: Path, playwright: Playwright, chromium: str) -> None:
    home, port = tmp_path / "home", free_port()
    visitor = Visitor(playwright, chromium, tmp_path / "profile")

    # Given a visitor who comes through a newsletter, looks around, and leaves
    with running_system(home, port) as running:
        site = create_site(home, domains=["shop.example", "localhost"], timezone="Europe/Berlin")
        campaign = "&".join(f"{name}={value}" for name, value in CAMPAIGN.items())
        # 3 pages and a product, and the end of each page.
        ended = partial(is_stored, running, site, 4 + 3)
        with visitor.visit(f"{running.url}/shop/?site={site.public_key}&{campaign}", ended) as page:
            browse(page)

    # When the visitor comes back the next day, directly, and buys
    with running_system(home, port, {"OPTIQ_CLOCK_OFFSET_MS": str(DAY_MS)}) as running:
        # Then 5 pages and 5 steps of the purchase, and the end of each page.
        ended = partial(is_stored, running, site, 4 + 3 + 10 + 5)
        with visitor.visit(f"{running.url}/shop/?site={site.public_key}", ended) as page:
            buy_the_teapot(page)
        wait_until(lambda: len(credited(running, site)) == 1, "the credited conversion")

        # Then no page view was counted twice
        ingest = of_site(running, site, f"ingest?{days()}")
        assert (ingest["stored"], ingest["failed"]) == (14 + 8, 0)
        assert ingest["accepted"] == ingest["stored"] + ingest["duplicates"]
        assert [url.split("/shop/")[1].split("?")[0] for url in visitor.views.values()] == [
            *("", "collections/light", "products/beeswax-candle"),
            *("", "products/stoneware-teapot", "cart", "checkout", "thank-you"),
        ]

        # And the sale is worth what was paid, after an e-mail and a direct visit a day later
        conversion = credited(running, site)[0]
        assert (conversion["value_micros"], conversion["currency"]) == (VALUE, "EUR")
        path = conversion["path"]
        assert [touch["channel"] for touch in path] == ["Email", "Direct"]
        assert [path[0][name] for name in ("source", "medium", "campaign")] == list(CAMPAIGN.values())
        apart = _seconds_between(path[0]["occurred_at"], path[1]["occurred_at"])
        assert DAY_MS / 1000 <= apart < DAY_MS / 1000 + 120

        # And every model credits it right, to the micro, on the conversion and in the report
        expected = expected_micros(path, conversion["occurred_at"])
        assert credits_of(conversion) == expected
        wait_until(
            lambda: {model: reported(running, site, model) for model in expected} == without_nothing(expected),
            "the report",
        )


def is_stored(running: Running, site: SiteKeys, events: int) -> bool:
    return bool(of_site(running, site, f"ingest?{days()}")["stored"] == events)


def reported(running: Running, site: SiteKeys, model: str) -> dict[str, int]:
    """A model's revenue by channel, where there is any."""
    report = of_site(running, site, f"attribution?model={model}&by=channel&{days()}")
    assert report["currency"] == "EUR"
    rows = {row["channel"]: row["revenue_micros"] for row in report["rows"]}
    assert report["totals"]["revenue_micros"] == sum(rows.values())
    return {channel: micros for channel, micros in rows.items() if micros}


def without_nothing(expected: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {
        model: {channel: micros for channel, micros in by_channel.items() if micros}
        for model, by_channel in expected.items()
    }
