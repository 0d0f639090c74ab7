"""Somebody sends events, and sees in a browser how many the month has and of which site."""

import json
from base64 import b64encode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from infra.local.system import Running
from tests.browser.accessibility import require_for_everybody
from tests.browser.console_people import ConsoleUser
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.system, pytest.mark.slow]


def _send(url: str, write_key: str, number: int) -> None:
    message = {"messageId": f"m{number}", "anonymousId": "v1", "event": "E"}
    headers = {"authorization": "Basic " + b64encode(f"{write_key}:".encode()).decode()}
    with urlopen(Request(f"{url}/v1/track", json.dumps(message).encode(), headers)) as answer:
        assert answer.status == 200


def test_stored_events_are_seen_on_the_plan_page_and_duplicates_are_not(browser: Browser, running: Running) -> None:
    # GIVEN somebody with a site that sent three events, one of them twice
    ada = ConsoleUser(browser, running, "ada.usage@shop.example", "Ada")
    ada.join("Hearth & Heron")
    made = ada.ask("POST", "/v1/sites", {"name": "Candles <b>", "domains": ["shop.example"]})
    token = ada.ask("POST", f"/v1/sites/{made['site']['site_id']}/tokens", {"name": "Server"})
    for number in (1, 2, 3, 3):
        _send(running.url, token["secret"], number)
    wait_until(lambda: ada.ask("GET", "/v1/billing/usage")["events"] == 3, "the events to be counted")

    # WHEN she opens the page of her plan
    ada.open("/console/plan")

    # THEN it says how many events the month has, and which site sent them
    card = ada.page.get_by_role("region", name="Events this month")
    expect(card.get_by_text("3 so far; there is no limit.")).to_be_visible()
    expect(card.get_by_text("A forecast needs two days of events.")).to_be_visible()
    expect(card.get_by_role("listitem")).to_contain_text("Candles <b>")

    # AND the page is for everybody
    require_for_everybody(ada.page)
    assert ada.strayed == []
