"""What is told of a page when it is left: how much of it was seen, and for how long."""

import pytest
from playwright.sync_api import Page

from tests.browser.recorder import Recorder

pytestmark = pytest.mark.browser

TALL = "<style>body{margin:0}p{height:4000px;margin:0}</style>"
CLOCK = "<script>window.passed = 1000; performance.now = () => passed</script>"
"""A clock of the page that goes on only where a test says so (`passed`, in milliseconds)."""
SCROLL = "(to) => new Promise((done) => { addEventListener('scroll', done, {once: true}); scrollTo(0, to) })"
"""Ends once the page has been told that it was scrolled."""
HIDE = (
    "Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => '%s'});"
    "document.dispatchEvent(new Event('visibilitychange'))"
)


def test_leaving_a_page_tells_depth_and_time(page: Page, recorder: Recorder) -> None:
    # Given a page ten windows high
    recorder.head = CLOCK + TALL
    page.set_viewport_size({"width": 600, "height": 400})
    page.goto(recorder.url("/a"), referer="https://news.example/")
    (view,) = recorder.wait_for_events(1)

    # When a visitor scrolls to the middle, up again, and leaves after some seconds
    page.evaluate(SCROLL, 1600)
    page.evaluate(SCROLL, 0)
    page.evaluate("passed += 2600")
    page.goto(recorder.url("/b"))

    # Then that is told once, by the same visitor
    (end,) = recorder.wait_for_ends(1)
    assert (end["kind"], end["url"], end["anonymous_id"]) == ("track", recorder.url("/a"), view["anonymous_id"])
    assert "referrer" not in end
    assert end["properties"]["scroll_depth"] == 50
    assert end["properties"]["seconds"] == 3


def test_page_that_fits_the_window_was_seen_whole(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.goto("about:blank")

    assert recorder.wait_for_ends(1)[0]["properties"]["scroll_depth"] == 100


def test_in_page_navigation_ends_the_page_before_it(page: Page, recorder: Recorder) -> None:
    recorder.head = CLOCK + TALL
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate(SCROLL, 1e6)
    page.evaluate("passed += 9000; scrollTo(0, 0); history.pushState({}, '', '/b')")
    page.evaluate("history.pushState({}, '', '/c')")
    recorder.wait_for_events(3)
    first, second = recorder.wait_for_ends(2)

    assert [first["url"], second["url"]] == [recorder.url("/a"), recorder.url("/b")]
    assert first["properties"]["scroll_depth"] == 100
    # The page after it begins anew
    assert second["properties"]["scroll_depth"] < 50
    assert [first["properties"]["seconds"], second["properties"]["seconds"]] == [9, 0]


def test_order_of_sending_is_the_order_of_happening(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    page.evaluate("optiq('track', 'Clicked'); history.pushState({}, '', '/b')")
    recorder.wait_for_events(3)

    sent = [event.get("name") or event["url"] for _, _, payload in recorder.requests for event in payload["events"]]
    assert sent == [recorder.url("/a"), "Clicked", "page_leave", recorder.url("/b")]


def test_only_visible_time_counts(page: Page, recorder: Recorder) -> None:
    recorder.head = CLOCK
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate("passed += 1000")
    page.evaluate(HIDE % "hidden")
    page.evaluate("passed += 60000")
    page.evaluate(HIDE % "visible")
    page.evaluate("passed += 1000")
    page.goto("about:blank")

    assert recorder.wait_for_ends(1)[0]["properties"]["seconds"] == 2


def test_page_back_from_the_cache_ends_again(page: Page, recorder: Recorder) -> None:
    # Given a page left after two seconds and brought back by the browser
    recorder.head = CLOCK
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate("window.kept = true; passed += 2000")
    page.goto(recorder.url("/b"))
    recorder.wait_for_events(2)
    page.evaluate("history.back()")
    recorder.wait_for_events(3)
    assert page.evaluate("window.kept")
    page.evaluate("passed += 3000")

    # When it is left again, then each of the three views has one end
    page.goto(recorder.url("/c"))
    recorder.wait_for_events(4)
    ends = recorder.wait_for_ends(3)
    assert [end["url"] for end in ends] == [recorder.url(path) for path in ("/a", "/b", "/a")]
    assert [end["properties"]["seconds"] for end in ends] == [2, 0, 3]


def test_end_of_a_page_is_sent_once(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.goto(recorder.url("/b"))
    recorder.wait_for_events(2)

    recorder.wait_for_ends(1)
    sent = [event for _, _, payload in recorder.requests for event in payload["events"]]
    assert [event.get("name") for event in sent].count("page_leave") == 1
