"""When the tracker counts a page view, and with which referrer."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.recorder import SITE_KEY, Recorder

pytestmark = pytest.mark.browser


def views(recorder: Recorder, count: int) -> list[tuple[str, str]]:
    """(address, referrer) of exactly `count` page views, without the host."""
    events = recorder.wait_for_events(count, "page")
    return [(short(recorder, event["url"]), short(recorder, event.get("referrer", ""))) for event in events]


def short(recorder: Recorder, url: str) -> str:
    return url.removeprefix(recorder.url(""))


def test_a_visit_counts_one_page_view(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a?utm_source=newsletter#top"), referer="https://news.example/letter")

    (event,) = recorder.wait_for_events(1)

    assert event["kind"] == "page"
    assert event["url"] == recorder.url("/a?utm_source=newsletter#top")
    assert event["referrer"] == "https://news.example/letter"
    assert event["title"] == "A page"
    assert event["event_id"].startswith(event["anonymous_id"] + ".")
    assert len(event["timestamp"]) == len("2026-01-31T09:30:00.123Z")


def test_beacons_need_no_preflight(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))

    recorder.wait_for_events(1)

    ((method, content_type, payload),) = recorder.requests
    assert (method, content_type) == ("POST", "text/plain")
    assert payload["k"] == SITE_KEY
    assert payload["sent_at"] >= payload["events"][0]["timestamp"]


def test_in_page_navigation_counts_once_each_with_the_address_before_as_referrer(
    page: Page, recorder: Recorder
) -> None:
    page.goto(recorder.url("/a"))
    page.evaluate("history.pushState({}, '', '/b?x=1')")
    page.evaluate("history.replaceState({}, '', '/c')")

    a, b, c = "/a", "/b?x=1", "/c"
    assert views(recorder, 3) == [(a, ""), (b, a), (c, b)]


def test_title_is_the_one_the_new_page_sets(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    page.evaluate("history.pushState({}, '', '/b'); document.title = 'Second'")

    assert [event["title"] for event in recorder.wait_for_events(2)] == ["A page", "Second"]


def test_same_page_is_not_counted_again(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a?x=1"))
    for change in (
        "history.replaceState({changed: 1}, '')",
        "history.replaceState({}, '', location.href)",
        "history.pushState({}, '', location.href)",
        "history.pushState({}, '', '#part')",
        "location.hash = 'another'",
        "dispatchEvent(new PopStateEvent('popstate'))",
    ):
        page.evaluate(change)

    assert views(recorder, 1) == [("/a?x=1", "")]


def test_push_followed_by_popstate_counts_once(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    page.evaluate("history.pushState({}, '', '/b'); dispatchEvent(new PopStateEvent('popstate'))")

    assert views(recorder, 2) == [("/a", ""), ("/b", "/a")]


def test_back_and_forward_inside_a_page_count(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    page.evaluate("history.pushState({}, '', '/b')")
    page.evaluate("history.back()")
    page.wait_for_url("**/a")
    page.evaluate("history.forward()")
    page.wait_for_url("**/b")

    assert views(recorder, 4) == [("/a", ""), ("/b", "/a"), ("/a", "/b"), ("/b", "/a")]


def test_hash_names_a_page_where_the_site_says_so(page: Page, recorder: Recorder) -> None:
    recorder.attributes += " data-hash"
    page.goto(recorder.url("/a#/one"))
    page.evaluate("location.hash = '/two'")
    page.evaluate("history.pushState({}, '', '#/three')")

    assert views(recorder, 3) == [("/a#/one", ""), ("/a#/two", "/a#/one"), ("/a#/three", "/a#/two")]


def test_return_from_the_back_forward_cache_counts_once(page: Page, recorder: Recorder) -> None:
    # Given a page left for another one in a way that keeps it alive
    recorder.head = "<script>addEventListener('pageshow', (e) => { window.shown = e.persisted })</script>"
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate("window.kept = true")
    page.goto(recorder.url("/b"))
    recorder.wait_for_events(2)

    # When the visitor goes back
    page.evaluate("history.back()")
    page.wait_for_url("**/a", wait_until="commit")

    # Then the browser brought the very page back, and it is one more view
    assert [address for address, _ in views(recorder, 3)] == ["/a", "/b", "/a"]
    assert page.evaluate("[window.kept, window.shown]") == [True, True]


def test_prerendered_page_counts_when_it_is_shown(page: Page, recorder: Recorder) -> None:
    # Given a page the browser prepares in the background
    recorder.head = (
        "<script>let hidden = true; Object.defineProperty(document, 'prerendering', {get: () => hidden});"
        "window.show = () => { hidden = false; document.dispatchEvent(new Event('prerenderingchange')) }</script>"
    )
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(0)

    # When it is shown, then it is a view
    page.evaluate("show()")
    assert views(recorder, 1) == [("/a", "")]


def test_visitor_stays_the_same_over_reloads_and_tabs(context: BrowserContext, page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    page.reload()
    context.new_page().goto(recorder.url("/b"))

    events = recorder.wait_for_events(3)

    assert len({event["anonymous_id"] for event in events}) == 1
    assert page.evaluate("localStorage.optiq_id") == events[0]["anonymous_id"]


def test_script_included_twice_counts_once(page: Page, recorder: Recorder) -> None:
    recorder.head = f'<script defer src="http://localhost:{recorder.port}/o.js" {recorder.attributes}></script>'
    page.goto(recorder.url("/a"))

    assert views(recorder, 1) == [("/a", "")]
