"""Events reach the server once in effect, whatever the network does; the queue forgets nothing before an answer."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.recorder import Answer, Recorder

pytestmark = pytest.mark.browser

QUEUE = "Object.keys(localStorage).filter((key) => key.startsWith('optiq_e.')).length"

PAUSES = (
    "<script>const later = setTimeout, pauses = [];"
    "window.setTimeout = (work, delay) => {"
    " if (!(delay >= 500)) return later(work, delay);"
    " if (pauses.push(delay) == 1 && window.atFirstPause) atFirstPause(); return later(work, delay / 10) }"
    "</script>"
)
"""Notes in `pauses` how long the tracker means to wait, in milliseconds, and lets it wait a tenth of that."""


def names(recorder: Recorder) -> list[str]:
    return [event["name"] for event in recorder.events("track")]


def test_events_of_a_moment_travel_together(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate("for (let i = 0; i < 5; i++) optiq('track', 'Step ' + i)")

    recorder.wait_for_events(6)

    assert len(recorder.requests) == 2
    assert names(recorder) == [f"Step {i}" for i in range(5)]
    assert page.evaluate(QUEUE) == 0


def test_a_request_carries_at_most_25_events(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate("for (let i = 0; i < 60; i++) optiq('track', 'Step ' + i)")

    recorder.wait_for_events(61)

    assert [len(payload["events"]) for _, _, payload in recorder.requests] == [1, 25, 25, 10]


def test_large_events_are_split_over_requests(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate("for (let i = 0; i < 5; i++) optiq('track', 'Big', {text: 'é'.repeat(14000)})")

    recorder.wait_for_events(6)

    assert [len(payload["events"]) for _, _, payload in recorder.requests] == [1, 2, 2, 1]


def test_events_made_offline_arrive_once_back_online(context: BrowserContext, page: Page, recorder: Recorder) -> None:
    # Given a page that loses its network
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.evaluate("optiq('track', 'Order Completed', {revenue: 1})")
    assert page.evaluate(QUEUE) == 1

    # When the network is back
    context.set_offline(False)

    # Then the event arrives, in one request, and leaves the queue
    recorder.wait_for_events(2)
    assert names(recorder) == ["Order Completed"]
    assert len(recorder.requests) == 2
    assert page.evaluate(QUEUE) == 0


def test_queue_survives_a_reload(context: BrowserContext, page: Page, recorder: Recorder) -> None:
    # Given a server that is down while a visitor buys and leaves
    recorder.answer = Answer(503)
    page.goto(recorder.url("/a"))
    page.wait_for_function("window.optiq !== undefined")
    page.evaluate("optiq('track', 'Order Completed')")
    recorder.wait_for_requests(1)

    # When the visitor comes to another page, with the server up again
    recorder.answer = Answer()
    page.goto(recorder.url("/b"))

    # Then all of it arrives
    events = recorder.wait_for_events(3)
    assert [event["kind"] for event in events] == ["page", "track", "page"]
    page.wait_for_function(f"{QUEUE} === 0")


def test_failing_server_is_asked_again_after_growing_pauses(page: Page, recorder: Recorder) -> None:
    recorder.head = PAUSES
    recorder.answer = Answer(503)
    page.goto(recorder.url("/a"))
    recorder.wait_for_requests(3)
    recorder.answer = Answer()

    recorder.wait_for_events(1)

    # Half a second to a second at first, then twice that, each with a random part.
    first, second = page.evaluate("pauses")[:2]
    assert 500 <= first <= 1_000
    assert 1_000 <= second <= 2_000
    assert len({payload["events"][0]["event_id"] for _, _, payload in recorder.requests}) == 1


def test_retry_after_is_kept_to(page: Page, recorder: Recorder) -> None:
    recorder.head = PAUSES + "<script>window.atFirstPause = () => optiq('track', 'Meanwhile')</script>"
    recorder.answer = Answer(429, {"retry-after": "3", "access-control-expose-headers": "retry-after"})
    page.goto(recorder.url("/a"))
    recorder.wait_for_requests(1)
    recorder.answer = Answer()

    recorder.wait_for_events(2)

    # What is tracked meanwhile waits as well, for as long as the server asked.
    assert min(page.evaluate("pauses")) >= 3_000
    assert len(recorder.requests[-1][2]["events"]) == 2


def test_what_is_refused_for_good_is_dropped(page: Page, recorder: Recorder) -> None:
    recorder.answer = Answer(400)
    page.goto(recorder.url("/a"))
    recorder.wait_for_requests(1)
    page.wait_for_function(f"{QUEUE} === 0")
    for sent, status in enumerate((401, 403, 410, 413, 422), 1):
        recorder.answer = Answer(status)
        page.evaluate(f"optiq('track', 'Refused by {status}')")
        recorder.wait_for_requests(sent + 1)
        page.wait_for_function(f"{QUEUE} === 0")
    recorder.answer = Answer()
    page.evaluate("optiq('track', 'Next')")

    recorder.wait_for_events(1)

    assert names(recorder) == ["Next"]
    assert len(recorder.requests) == 7


def test_leaving_sends_what_was_waiting(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)

    page.evaluate("optiq('track', 'Clicked'); location.href = 'about:blank'")

    recorder.wait_for_events(2)
    assert names(recorder) == ["Clicked"]


def test_leaving_sends_beacons_within_the_limit_of_browsers(page: Page, recorder: Recorder) -> None:
    # Given a page whose beacons are watched
    recorder.head = (
        "<script>const send = navigator.sendBeacon.bind(navigator);"
        "navigator.sendBeacon = (url, body) => {"
        " localStorage.beacons = (localStorage.beacons || '') + new Blob([body]).size + ' '; return send(url, body) }"
        "</script>"
    )
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)

    # When it is left with more than one beacon can carry
    page.evaluate("for (let i = 0; i < 6; i++) optiq('track', 'Big', {text: 'x'.repeat(14000)}); location.href = '/b'")

    # Then it tried beacons of at most 64 KB, and the next page brings what the browser refused
    recorder.wait_for_events(8)
    sizes = [int(size) for size in page.evaluate("localStorage.beacons").split()]
    assert sizes
    assert max(sizes) <= 64 * 1024


def test_hidden_page_sends_at_once(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)

    page.evaluate(
        "optiq('track', 'Clicked'); window.setTimeout = () => 0;"
        "Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )

    recorder.wait_for_events(2)


def test_tabs_do_not_lose_each_others_queue(context: BrowserContext, page: Page, recorder: Recorder) -> None:
    # Given two tabs that collect events while the server is down
    recorder.answer = Answer(503)
    other = context.new_page()
    for tab, name in ((page, "One"), (other, "Two")):
        tab.goto(recorder.url("/a"))
        tab.wait_for_function("window.optiq !== undefined")
        tab.evaluate(f"optiq('track', '{name}')")
    recorder.wait_for_requests(2)

    # When both are closed and a third comes after the server is back
    page.close()
    other.close()
    recorder.answer = Answer()
    context.new_page().goto(recorder.url("/b"))

    # Then everything arrives
    recorder.wait_for_events(5)
    assert sorted(names(recorder)) == ["One", "Two"]


def test_queue_is_bounded_and_drops_the_oldest(page: Page, recorder: Recorder) -> None:
    recorder.answer = Answer(503)
    page.goto(recorder.url("/a"))
    recorder.wait_for_requests(1)
    page.evaluate("for (let i = 0; i < 510; i++) optiq('track', 'Step ' + i)")

    assert page.evaluate(QUEUE) == 500
    recorder.answer = Answer()
    recorder.wait_for_events(500)
    assert names(recorder)[-1] == "Step 509"
