"""Cookieless mode: events without a visitor id, and nothing in the browser."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.recorder import Answer, Recorder

pytestmark = pytest.mark.browser

STORED = "[localStorage.length, sessionStorage.length, document.cookie]"
NOTHING = [0, 0, ""]


@pytest.fixture
def recorder(recorder: Recorder) -> Recorder:
    recorder.attributes += " data-cookieless"
    return recorder


def test_nothing_is_stored_and_nobody_named(context: BrowserContext, page: Page, recorder: Recorder) -> None:
    # Given a visitor of several pages, one of them while the server is down
    recorder.answer = Answer(503)
    page.goto(recorder.url("/a"))
    recorder.wait_for_requests(1)
    assert page.evaluate(STORED) == NOTHING
    recorder.answer = Answer()
    page.evaluate("optiq('track', 'Clicked'); optiq('reset'); optiq('consent', 'granted')")
    recorder.wait_for_events(2)
    page.goto(recorder.url("/b"))
    events = recorder.wait_for_events(3)

    # Then nothing is stored, and each event has an id of its own
    assert page.evaluate(STORED) == NOTHING
    assert context.cookies() == []
    assert not any("anonymous_id" in event for event in events)
    assert len({event["event_id"] for event in events}) == 3
    assert all(len(event["event_id"]) >= 24 for event in events)


def test_denial_holds_for_the_page_and_is_not_stored(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)

    page.evaluate("optiq('consent', 'denied'); optiq('track', 'Clicked')")

    recorder.wait_for_events(1)
    assert page.evaluate(STORED) == NOTHING


def test_consent_can_be_required_too(page: Page, recorder: Recorder) -> None:
    recorder.attributes += ' data-consent="required"'
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(0)

    page.evaluate("optiq('consent', 'granted')")

    recorder.wait_for_events(1)
    assert page.evaluate(STORED) == NOTHING


def test_links_to_the_sites_other_hosts_carry_nothing(page: Page, recorder: Recorder) -> None:
    recorder.attributes += ' data-domains="127.0.0.1,localhost"'
    recorder.head = f'<a href="http://localhost:{recorder.port}/b">There</a>'
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)

    with page.expect_request("**/b") as request:
        page.get_by_role("link", name="There").click()

    assert request.value.url == f"http://localhost:{recorder.port}/b"
