"""Links that lead away: counted, and between the site's own hosts followed with the visitor id."""

import re
import time

import pytest
from playwright.sync_api import Page

from tests.browser.recorder import Event, Recorder

pytestmark = pytest.mark.browser

KNOWN = "known-visitor-of-a"


def base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def token(visitor: str = KNOWN, age_seconds: float = 1) -> str:
    return f"_oq={visitor}.{base36(int((time.time() - age_seconds) * 1000))}"


def elsewhere(recorder: Recorder, path: str) -> str:
    """A page of the same server under the other name."""
    return f"http://localhost:{recorder.port}{path}"


def clicks(recorder: Recorder, page: Page, *links: str) -> list[tuple[str, dict[str, str]]]:
    """What a click on each link tells; the page stays where it is."""
    stay = "<script>addEventListener('click', (click) => click.preventDefault())</script>"
    recorder.head = "<br>".join(links) + stay
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)
    for link in page.locator("a").all():
        link.click()
    # What the clicks told travels with this, or before.
    page.evaluate("optiq('track', 'Afterwards')")
    recorder.wait(lambda: any(event["name"] == "Afterwards" for event in recorder.events("track")), "what came after")
    told = [event for event in recorder.events("track") if event["name"] != "Afterwards"]
    return [(event["name"], event["properties"]) for event in told]


def test_outbound_link_is_counted(page: Page, recorder: Recorder) -> None:
    told = clicks(recorder, page, '<a href="https://other.example/x?y=1#z"><b>Other</b></a>')

    assert told == [("Outbound Link Clicked", {"url": "https://other.example/x?y=1#z"})]


def test_click_that_leaves_the_page_is_counted_too(page: Page, recorder: Recorder) -> None:
    recorder.head = f'<a href="{elsewhere(recorder, "/b")}">There</a>'
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)

    page.get_by_role("link", name="There").click()

    events = recorder.wait_for_events(3)
    assert sorted(event.get("name", "") for event in events) == ["", "", "Outbound Link Clicked"]


def test_download_is_counted(page: Page, recorder: Recorder) -> None:
    told = clicks(
        recorder,
        page,
        '<a href="/files/Price%20list.PDF">Prices</a>',
        '<a href="/files/report.xlsx?v=2">Report</a>',
        '<a href="/export" download>Export</a>',
    )

    assert {name for name, _ in told} == {"File Downloaded"}
    found = [properties["url"] for _, properties in told]
    assert found == [recorder.url(path) for path in ("/files/Price%20list.PDF", "/files/report.xlsx?v=2", "/export")]


def test_other_links_are_not_counted(page: Page, recorder: Recorder) -> None:
    told = clicks(
        recorder,
        page,
        '<a href="/b">Inside</a>',
        '<a href="#part">Part</a>',
        '<a href="mailto:ada@example.com">Mail</a>',
        '<a href="javascript:void 0">Script</a>',
        "<a>No address</a>",
    )

    assert told == []


class TestHandOver:
    @pytest.fixture
    def recorder(self, recorder: Recorder) -> Recorder:
        """Its two names belong to one site."""
        recorder.attributes += ' data-domains="127.0.0.1, localhost"'
        return recorder

    def arrive(self, page: Page, recorder: Recorder, path: str) -> Event:
        page.goto(elsewhere(recorder, path))
        (event,) = recorder.wait_for_events(1)
        return event

    def test_visitor_stays_the_same_on_the_other_host(self, page: Page, recorder: Recorder) -> None:
        # Given a visitor of one host, and a link to the other
        recorder.head = f'<a href="{elsewhere(recorder, "/b?x=1#part")}">There</a>'
        page.goto(recorder.url("/a"))
        (first,) = recorder.wait_for_events(1)

        # When they follow it
        page.get_by_role("link", name="There").click()

        # Then they are the same visitor, with one view of an address that tells nothing of it
        _, second = recorder.wait_for_events(2)
        assert second["anonymous_id"] == first["anonymous_id"]
        assert second["url"] == elsewhere(recorder, "/b?x=1#part")
        page.wait_for_url(second["url"])
        assert page.evaluate("localStorage.optiq_id") == first["anonymous_id"]

    def test_link_is_as_it_was_after_the_click(self, page: Page, recorder: Recorder) -> None:
        address = elsewhere(recorder, "/b?x=1")
        recorder.head = f'<a href="{address}" target="_blank">There</a>'
        page.goto(recorder.url("/a"))
        recorder.wait_for_events(1)

        requested: list[str] = []
        page.context.on("request", lambda request: requested.append(request.url))
        with page.expect_popup():
            page.get_by_role("link", name="There").click()

        recorder.wait_for_events(2)
        assert page.locator("a").get_attribute("href") == address
        (asked,) = [url for url in requested if "/b?" in url]
        assert re.fullmatch(re.escape(address) + r"&_oq=[\w-]{16,64}\.[\da-z]{8}", asked)

    def test_id_is_taken_from_anywhere_in_the_query(self, page: Page, recorder: Recorder) -> None:
        # Every arrival brings another visitor's id, so that none is the one stored before.
        for number, (path, shown) in enumerate(
            (
                ("/b?{}", "/b"),
                ("/c?{}#part", "/c#part"),
                ("/b?x=a%20b&{}", "/b?x=a%20b"),
                ("/b?{}&x=1", "/b?x=1"),
                ("/b?x=1&{}&y=2", "/b?x=1&y=2"),
            )
        ):
            page.goto(elsewhere(recorder, path.format(token(f"{KNOWN}-{number}"))))
            event = recorder.wait_for_events(number + 1)[-1]
            assert (event["anonymous_id"], event["url"]) == (f"{KNOWN}-{number}", elsewhere(recorder, shown))
            assert page.url == elsewhere(recorder, shown)

    def test_visitor_keeps_the_id_they_bring_over_the_one_they_had(self, page: Page, recorder: Recorder) -> None:
        before = self.arrive(page, recorder, "/b")
        page.goto(elsewhere(recorder, f"/c?{token()}"))

        after = recorder.wait_for_events(2)[1]
        assert after["anonymous_id"] == KNOWN != before["anonymous_id"]

    def test_id_that_is_broken_or_of_another_time_is_removed_and_not_taken(
        self, page: Page, recorder: Recorder
    ) -> None:
        own = self.arrive(page, recorder, "/b")["anonymous_id"]
        assert len(own) == 28
        now = base36(int(time.time() * 1000))
        broken = ("_oq=", f"_oq=short.{now}", f"_oq={KNOWN}", "_oq=a%20b.%00")
        for number, brought in enumerate((token(age_seconds=121), token(age_seconds=-60), *broken), 2):
            page.goto(elsewhere(recorder, f"/b?{brought}&x=1"))
            event = recorder.wait_for_events(number)[-1]
            assert event["anonymous_id"] == own, brought
            assert event["url"] == page.url == elsewhere(recorder, "/b?x=1")

    def test_id_is_not_taken_where_the_site_names_no_hosts(self, page: Page, recorder: Recorder) -> None:
        recorder.attributes = recorder.attributes.partition(" data-domains")[0]
        event = self.arrive(page, recorder, f"/b?{token()}")

        assert event["anonymous_id"] != KNOWN
        assert event["url"] == elsewhere(recorder, "/b")

    def test_id_waits_for_consent_on_both_sides(self, page: Page, recorder: Recorder) -> None:
        # Given pages that ask first
        recorder.attributes += ' data-consent="required"'
        recorder.head = f'<a href="{elsewhere(recorder, "/b")}">There</a>'
        page.goto(recorder.url("/a"))
        page.wait_for_function("window.optiq !== undefined")

        # When a visitor goes on without an answer, the link says nothing
        page.get_by_role("link", name="There").click()
        page.wait_for_url("**/b")

        # And an id they bring is neither stored nor sent until they consent
        page.goto(elsewhere(recorder, f"/c?{token()}"))
        page.wait_for_function("window.optiq !== undefined")
        assert page.evaluate("localStorage.length") == 0
        recorder.wait_for_events(0)
        page.evaluate("optiq('consent', 'granted')")
        assert recorder.wait_for_events(1)[0]["anonymous_id"] == KNOWN
        assert page.evaluate("localStorage.optiq_id") == KNOWN
