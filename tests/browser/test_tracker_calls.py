"""What a page may tell the tracker, and what it is spared."""

import pytest
from playwright.sync_api import Page

from tests.browser.recorder import Recorder

pytestmark = pytest.mark.browser

STUB = "window.optiq=window.optiq||function(){(optiq.q=optiq.q||[]).push(arguments)};"


def test_calls_made_before_the_script_arrives_are_replayed(page: Page, recorder: Recorder) -> None:
    recorder.head = (
        f"<script>{STUB} optiq('page', 'Pricing', {{plan: 'all'}}); optiq('identify', 'u-1', {{tier: 'gold'}});"
        "optiq('track', 'Signed Up', {value: 5})</script>"
    )
    page.goto(recorder.url("/a"))

    view, identify, track = recorder.wait_for_events(3)

    assert (view["kind"], view["name"], view["properties"]) == ("page", "Pricing", {"plan": "all"})
    assert (identify["kind"], identify["user_id"]) == ("identify", "u-1")
    assert identify["properties"] == {"tier": "gold"}
    assert (track["name"], track["properties"], track["user_id"]) == ("Signed Up", {"value": 5}, "u-1")


def test_page_call_later_counts_one_more_view(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate("optiq('page', {step: 2})")

    assert recorder.wait_for_events(2)[1]["properties"] == {"step": 2}


def test_properties_are_those_of_the_moment(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate("const cart = {total: 1}; optiq('track', 'Cart', cart); cart.total = 2")

    assert recorder.wait_for_events(2)[1]["properties"] == {"total": 1}


def test_any_text_arrives_as_it_was(page: Page, recorder: Recorder) -> None:
    texts = ["Crème brûlée 🍮 </script>", 'a "quoted" \\ line\nbreak', "\u2028\u0000", "日本語"]
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    for text in texts:
        page.evaluate("(text) => optiq('track', text, {[text]: text})", text)

    events = recorder.wait_for_events(1 + len(texts))[1:]

    assert [(event["name"], event["properties"]) for event in events] == [(text, {text: text}) for text in texts]


def test_half_a_character_does_not_spoil_the_batch(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate("optiq('track', 'Cut', {text: '🍮'.slice(0, 1)})")

    assert recorder.wait_for_events(2)[1]["properties"] == {"text": "\N{REPLACEMENT CHARACTER}"}


def test_a_wrong_call_harms_nothing(page: Page, recorder: Recorder) -> None:
    calls = [
        "optiq()",
        "optiq('unknown', 1)",
        "optiq('constructor')",
        "optiq('track')",
        "optiq('identify', null)",
        "optiq('identify', {plan: 'gold'})",
        "optiq('track', 'Order', {amount: 10n})",
        "const loop = {}; loop.loop = loop; optiq('track', 'Order', loop)",
        "optiq('track', {toString() { throw new Error('no') }})",
    ]
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    for number, call in enumerate(calls):
        page.evaluate(f"{call}; optiq('track', 'Next {number}')")

    events = recorder.wait_for_events(1 + len(calls))[1:]

    assert [event["name"] for event in events] == [f"Next {number}" for number in range(len(calls))]
    assert not any("user_id" in event for event in events)


def test_page_works_where_storage_is_refused(page: Page, recorder: Recorder) -> None:
    # Given a page in a frame that may not store anything
    page.goto(recorder.url("/outer"))
    recorder.wait_for_events(1)
    page.evaluate(
        "const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts';"
        "frame.src = '/framed'; document.body.append(frame)"
    )
    recorder.wait_for_events(2)
    frame = page.frames[1]
    assert frame.evaluate("(() => { try { localStorage } catch (error) { return error.name } })()") == "SecurityError"

    # When it sends an event, then it has one visitor for as long as it lasts
    frame.evaluate("optiq('track', 'Played')")
    outer, view, played = recorder.wait_for_events(3)
    assert view["anonymous_id"] == played["anonymous_id"] != outer["anonymous_id"]


def test_full_storage_does_not_stop_events(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate(
        "for (let size = 5e6; size >= 1; size = Math.floor(size / 2))"
        " try { localStorage['fill' + size] = 'x'.repeat(size) } catch {}"
    )
    page.evaluate("optiq('track', 'Full')")

    assert recorder.wait_for_events(2)[1]["name"] == "Full"


def test_emptied_storage_does_not_lose_an_order(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate("optiq('track', 'Order Completed'); localStorage.clear()")

    assert recorder.wait_for_events(2)[1]["name"] == "Order Completed"


def test_endpoint_can_be_elsewhere(page: Page, recorder: Recorder) -> None:
    recorder.attributes += f' data-endpoint="{recorder.url("/elsewhere")}"'
    with page.expect_request("**/elsewhere"):
        page.goto(recorder.url("/a"))

    recorder.wait_for_events(1)


def test_script_without_a_site_does_nothing(page: Page, recorder: Recorder) -> None:
    recorder.attributes = ""
    page.goto(recorder.url("/a"))

    recorder.wait_for_events(0)
    assert page.evaluate("[typeof window.optiq, localStorage.length]") == ["undefined", 0]


def test_reset_begins_another_visitor_after_the_one_before(page: Page, recorder: Recorder) -> None:
    # Given a visitor who is known, with an event that waits
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    page.evaluate("optiq('identify', 'u-1'); optiq('track', 'Before')")

    # When the page begins another one
    page.evaluate("optiq('reset'); optiq('track', 'After'); history.pushState({}, '', '/b')")

    # Then what was before belongs to the first, what comes after to somebody unknown
    view, identify, before, after, second = recorder.wait_for_events(5)
    assert [before["name"], after["name"]] == ["Before", "After"]
    assert view["anonymous_id"] == identify["anonymous_id"] == before["anonymous_id"]
    assert after["anonymous_id"] == second["anonymous_id"] == page.evaluate("localStorage.optiq_id")
    assert after["anonymous_id"] != before["anonymous_id"]
    assert before["user_id"] == "u-1"
    assert "user_id" not in after
    assert [end["anonymous_id"] for end in recorder.wait_for_ends(1)] == [view["anonymous_id"]]


def test_reset_holds_in_other_tabs(page: Page, recorder: Recorder) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(recorder.url("/a"))
    recorder.wait_for_events(2)

    before = other.evaluate("localStorage.optiq_id")
    page.evaluate("optiq('reset')")
    other.wait_for_function("(before) => localStorage.optiq_id != before", arg=before)
    other.evaluate("optiq('track', 'Clicked')")

    assert recorder.wait_for_events(3)[2]["anonymous_id"] == page.evaluate("localStorage.optiq_id")
