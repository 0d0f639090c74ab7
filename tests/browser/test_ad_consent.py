"""What a page says of advertising, and what its visitors' browsers send of it."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.recorder import Recorder

pytestmark = pytest.mark.browser

READY = "window.optiq !== undefined && optiq.loaded"
COOKIES = "document.cookie = '_fbp=fb.1.2.3'; document.cookie = '_ttp=abc'; document.cookie = 'session=secret'"


def open_page(page: Page, recorder: Recorder, path: str = "/a") -> None:
    page.goto(recorder.url(path))
    page.wait_for_function(READY)


def bodies(recorder: Recorder) -> list[dict[str, Any]]:
    return [payload for _method, _type, payload in recorder.requests]


def test_a_page_that_says_nothing_sends_no_consent_and_no_cookies(page: Page, recorder: Recorder) -> None:
    open_page(page, recorder)
    page.evaluate(f"{COOKIES}; optiq('track', 'Clicked')")
    recorder.wait_for_events(2)

    assert all({"c", "m"}.isdisjoint(body) for body in bodies(recorder))


def test_consent_to_advertising_is_sent_with_the_platforms_cookies_and_remembered(
    page: Page, recorder: Recorder
) -> None:
    said = {"ad_user_data": "granted", "ad_personalization": "denied"}
    open_page(page, recorder)
    recorder.wait_for_events(1)
    page.evaluate(f"{COOKIES}; optiq('consent', 'granted', {json.dumps(said)}); optiq('track', 'Clicked')")
    recorder.wait_for_events(2)
    open_page(page, recorder, "/b")
    recorder.wait_for_events(3)

    later = bodies(recorder)[1:]
    assert later
    assert all(body["c"] == said for body in later)
    assert all(sorted(body["m"]) == ["_fbp=fb.1.2.3", "_ttp=abc"] for body in later)


def test_a_denial_is_told_once_and_nothing_more_is_sent(page: Page, recorder: Recorder) -> None:
    open_page(page, recorder)
    page.evaluate(f"{COOKIES}; optiq('consent', 'granted', {{ad_user_data: 'granted'}})")
    recorder.wait_for_events(1)

    page.evaluate("optiq('consent', 'denied'); optiq('track', 'Clicked')")
    page.wait_for_timeout(500)

    last = bodies(recorder)[-1]
    assert (last["c"], last["m"], [event["name"] for event in last["events"]]) == ("denied", False, ["page_leave"])
    assert page.evaluate("Object.keys(localStorage)") == ["optiq_consent"]


def test_a_visitor_is_cookieless_until_they_consent_and_again_after_a_denial(page: Page, recorder: Recorder) -> None:
    recorder.attributes += ' data-consent="cookieless"'
    open_page(page, recorder)
    page.evaluate("optiq('track', 'Before')")
    before = recorder.wait_for_events(2)
    assert [event.get("anonymous_id") for event in before] == [None, None]
    assert page.evaluate("Object.keys(localStorage)") == []

    page.evaluate("optiq('consent', 'granted'); optiq('track', 'With')")
    (granted,) = recorder.wait_for_events(3)[2:]
    assert granted["anonymous_id"] == page.evaluate("localStorage.optiq_id")
    open_page(page, recorder, "/b")
    remembered = [event for event in recorder.wait_for_events(4) if event["url"] == recorder.url("/b")]
    assert remembered[-1]["anonymous_id"] == granted["anonymous_id"]

    page.evaluate("optiq('consent', 'denied'); optiq('track', 'After')")
    (after,) = [event for event in recorder.wait_for_events(5) if event.get("name") == "After"]
    assert "anonymous_id" not in after
    assert page.evaluate("Object.keys(localStorage)") == ["optiq_consent"]
