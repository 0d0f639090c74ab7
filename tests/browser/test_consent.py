"""What is stored and sent before, after and without a visitor's consent."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.recorder import Answer, Recorder

pytestmark = pytest.mark.browser

STORED = "[Object.keys(localStorage).sort(), Object.keys(sessionStorage), document.cookie]"
NOTHING = [[], [], ""]
READY = "window.optiq !== undefined && optiq.loaded"


@pytest.fixture
def recorder(recorder: Recorder) -> Recorder:
    """Its pages ask before they track."""
    recorder.attributes += ' data-consent="required"'
    return recorder


def open_page(page: Page, recorder: Recorder, path: str = "/a") -> None:
    page.goto(recorder.url(path))
    page.wait_for_function(READY)


def test_nothing_is_stored_or_sent_before_consent(page: Page, recorder: Recorder) -> None:
    open_page(page, recorder)
    page.evaluate("optiq('track', 'Clicked'); optiq('identify', 'u-1'); history.pushState({}, '', '/b')")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(500)
    assert page.evaluate(STORED) == NOTHING

    # Not at the end of the page either
    page.goto("about:blank")
    recorder.wait_for_events(0)
    assert recorder.requests == []


def test_consent_sends_what_was_kept_and_is_remembered(page: Page, recorder: Recorder) -> None:
    # Given a visitor who looks around before they answer
    open_page(page, recorder, "/a?utm_source=newsletter")
    page.evaluate("optiq('track', 'Clicked'); history.pushState({}, '', '/b')")

    # When they consent
    page.evaluate("optiq('consent', 'granted')")

    # Then all of it arrives, in order, under the id that is kept from now on
    first, clicked, second = recorder.wait_for_events(3)
    assert [first["url"], clicked["name"], second["url"]] == [
        recorder.url("/a?utm_source=newsletter"),
        "Clicked",
        recorder.url("/b"),
    ]
    visitor = page.evaluate("localStorage.optiq_id")
    assert {event["anonymous_id"] for event in (first, clicked, second)} == {visitor}
    assert all(event["event_id"].startswith(f"{visitor}.") for event in (first, clicked, second))
    assert page.evaluate(STORED) == [["optiq_consent", "optiq_id"], [], ""]

    # And the next page asks no more
    open_page(page, recorder, "/c")
    assert recorder.wait_for_events(4)[3]["anonymous_id"] == visitor


def test_denial_forgets_what_was_kept_and_is_remembered(page: Page, recorder: Recorder) -> None:
    open_page(page, recorder)
    page.evaluate("optiq('track', 'Clicked'); optiq('consent', 'denied'); optiq('track', 'Clicked')")
    open_page(page, recorder, "/b")
    page.evaluate("optiq('track', 'Clicked'); history.pushState({}, '', '/c')")
    page.goto(recorder.url("/d"))

    recorder.wait_for_events(0)
    assert recorder.requests == []
    assert page.evaluate(STORED) == [["optiq_consent"], [], ""]


def test_consent_after_denial_counts_the_open_page_and_nothing_before(page: Page, recorder: Recorder) -> None:
    # Given a visitor who denied on an earlier page
    open_page(page, recorder)
    page.evaluate("optiq('consent', 'denied')")
    open_page(page, recorder, "/b")
    page.evaluate("optiq('track', 'Before'); history.pushState({}, '', '/c')")

    # When they change their mind
    page.evaluate("optiq('consent', 'granted'); optiq('track', 'After')")

    # Then the page they are on counts, once, and what follows
    view, after = recorder.wait_for_events(2)
    assert (view["kind"], view["url"], after["name"]) == ("page", recorder.url("/c"), "After")
    assert recorder.ends() == []


def test_withdrawal_removes_what_was_stored(page: Page, recorder: Recorder) -> None:
    # Given a visitor who consented, and an event that still waits
    open_page(page, recorder)
    page.evaluate("optiq('consent', 'granted')")
    recorder.wait_for_events(1)
    recorder.answer = Answer(503)
    page.evaluate("optiq('track', 'Waiting')")
    recorder.wait_for_requests(2)

    # When they withdraw, then nothing of them is left and nothing more is sent
    page.evaluate("optiq('consent', 'denied')")
    assert page.evaluate(STORED) == [["optiq_consent"], [], ""]
    recorder.answer = Answer()
    page.wait_for_timeout(1500)
    page.goto("about:blank")
    recorder.wait_for_events(1)
    assert recorder.ends() == []


def test_choice_made_in_one_tab_holds_in_the_others(context: BrowserContext, page: Page, recorder: Recorder) -> None:
    other = context.new_page()
    open_page(page, recorder, "/a")
    open_page(other, recorder, "/b")

    page.evaluate("optiq('consent', 'granted')")
    events = recorder.wait_for_events(2)
    assert len({event["anonymous_id"] for event in events}) == 1

    page.evaluate("optiq('consent', 'denied')")
    other.wait_for_function("localStorage.optiq_consent === 'denied'")
    other.evaluate("optiq('track', 'Clicked')")
    recorder.wait_for_events(2)


def test_id_of_an_earlier_visit_is_taken_up_on_consent(page: Page, recorder: Recorder) -> None:
    # Given a visitor known from the time before the site asked
    page.goto(recorder.url("/a"))
    page.evaluate("localStorage.optiq_id = 'earlier-visitor-id'")
    open_page(page, recorder, "/b")

    page.evaluate("optiq('consent', 'granted')")

    (event,) = recorder.wait_for_events(1)
    assert event["anonymous_id"] == "earlier-visitor-id"
    assert event["event_id"].startswith("earlier-visitor-id.")


def test_anything_but_a_choice_is_ignored(page: Page, recorder: Recorder) -> None:
    open_page(page, recorder)
    page.evaluate("for (const choice of ['', 'maybe', true, null, {}]) optiq('consent', choice)")

    recorder.wait_for_events(0)
    assert page.evaluate(STORED) == NOTHING


def test_denial_holds_where_consent_is_not_asked_for(page: Page, recorder: Recorder) -> None:
    recorder.attributes = recorder.attributes.replace('data-consent="required"', "")
    open_page(page, recorder)
    recorder.wait_for_events(1)
    page.evaluate("optiq('consent', 'denied')")

    open_page(page, recorder, "/b")

    recorder.wait_for_events(1)
    assert page.evaluate(STORED) == [["optiq_consent"], [], ""]


@pytest.mark.parametrize(("before", "after"), [("granted", "denied"), ("denied", "granted")])
def test_choice_changed_meanwhile_holds_on_a_page_back_from_the_cache(
    page: Page, recorder: Recorder, before: str, after: str
) -> None:
    # Given a page left alive, and another choice on the next one
    open_page(page, recorder)
    page.evaluate(f"window.kept = true; optiq('consent', '{before}')")
    if before == "granted":
        recorder.wait_for_events(1)
    recorder.documents["/other"] = "<!doctype html><title>Without us</title>"
    page.goto(recorder.url("/other"))
    page.evaluate(f"localStorage.optiq_consent = '{after}'")

    # When the visitor goes back
    page.evaluate("history.back()")
    page.wait_for_function("window.kept")

    # Then the later choice holds
    recorder.wait_for_events(1)
    assert page.evaluate("localStorage.optiq_consent") == after
    assert page.evaluate("localStorage.optiq_id !== undefined") is (after == "granted")
