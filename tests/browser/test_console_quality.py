"""Every page of the console: WCAG 2.2 AA in both themes, the content policy, 320 px, keys alone, paper.

One walk looks at every page in every way: loading a page costs more than looking at it again.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from functions.console import pages as console_pages
from infra.local.system import Running
from tests.browser.accessibility import AXE, fits, violations
from tests.browser.console_people import ConsoleUser, sell
from tests.support.waiting import wait_until

# Every page, in both themes and at several widths: minutes.
pytestmark = [pytest.mark.browser, pytest.mark.system, pytest.mark.slow]

PAGES = json.loads((Path(console_pages.__file__).parent / "served/pages.json").read_text())["pages"]
HOSTILE = "=1+1<script>alert(1)</script>"
BACKWARDS = "\u202etxt.exe"
MOST_REQUESTS = 6
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module")
def olga(browser: Browser, running: Running) -> Iterator[ConsoleUser]:
    """An owner with a site, a sale, a link, a dashboard, and names that try to be more than names."""
    person = ConsoleUser(browser, running, "olga.quality@shop.example", f"Olga {HOSTILE}")
    person.sign_up()
    person.make_organization("Quality Works")
    sell(person, "friend", HOSTILE + BACKWARDS)
    site = f"/v1/sites/{person.ask('GET', '/v1/sites')['items'][0]['site_id']}"
    link = {"path": "spring", "target": "https://shop.example/", "label": HOSTILE}
    person.ask("POST", f"{site}/links", link)
    person.ask("POST", "/v1/teams", {"name": HOSTILE})
    person.ask("POST", f"{site}/dashboards", {"name": HOSTILE, "template": "SHOP"})
    segment = {"filters": [{"dimension": "device", "operator": "is", "values": [BACKWARDS]}]}
    person.ask("POST", f"{site}/views", {"name": "Odd devices", "kind": "SEGMENT", "question": segment})
    # The console read its sites when there was none.
    person.open("/console")
    yield person
    assert person.strayed == []
    person.context.close()


def addresses(person: ConsoleUser) -> dict[str, str]:
    """Every page by its name, with what it needs in its address."""
    site = f"/v1/sites/{person.ask('GET', '/v1/sites')['items'][0]['site_id']}"
    (conversion,) = person.ask("GET", f"{site}/conversions")["items"]
    (board,) = person.ask("GET", f"{site}/dashboards")["items"]
    share = {"kind": "DASHBOARD", "shared_id": board["dashboard_id"], "label": HOSTILE}
    known = {
        "conversion": f"?id={conversion['conversion_id']}",
        "journey": f"?customer={conversion['customer_id']}",
        "dashboard": f"?id={board['dashboard_id']}",
        "shared": f"#{urlsplit(person.ask('POST', f'{site}/shares', share)['address']).fragment}",
    }
    return {name: f"/console/{name}{known.get(name, '')}" for name in PAGES} | {
        "a row's panel": "/console/channels?row=channel~Friends",
        "a dashboard's editor": f"/console/dashboard{known['dashboard']}&edit=1",
        "an opened row": "/console/channels?open=Friends&sort=-visits&find=fr",
    }


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator(".skeleton")).to_have_count(0)
    expect(page.locator("h1, dialog[open]").first).to_be_visible()


def test_every_page_is_accessible_in_both_themes_fits_320_pixels_and_keeps_names_inert(olga: ConsoleUser) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed")
    page = olga.page
    faults: list[str] = []
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    for name, address in addresses(olga).items():
        # What a link shares stands in the fragment, which only a page that is loaded reads.
        (olga.open if "#" in address else olga.turn_to)(address)
        page.wait_for_timeout(300)
        settled(page)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            faults += [f"{name}, {theme}: {fault}" for fault in violations(page)]
        if not fits(page):
            faults.append(f"{name}: wider than 320 pixels")
        page.set_viewport_size({"width": 1440, "height": 900})
        if page.locator("main :is(script, img[src='x'])").count():
            faults.append(f"{name}: a name became markup")
    page.emulate_media(color_scheme="light")
    assert faults == []
    assert [text for text in heard if "Content Security Policy" in text or "TrustedHTML" in text] == []


def test_marks_of_direction_in_a_name_turn_nothing_beside_it(olga: ConsoleUser) -> None:
    page = olga.page
    for address in ("/console/channels?by=campaign", "/console/campaigns"):
        olga.open(address)
        settled(page)
        texts = page.locator("main").evaluate(
            """main => {
              const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
              const found = [];
              while (walker.nextNode()) found.push(walker.currentNode.data);
              return found;
            }"""
        )
        assert any("txt.exe" in text for text in texts)
        assert not [text for text in texts if "\u202e" in text]


def test_a_number_appears_after_six_requests_and_two_in_a_row_to_the_api(olga: ConsoleUser) -> None:
    asked: list[Request] = []
    page = olga.page
    page.goto("about:blank")
    page.on("request", lambda request: asked.append(request))
    with page.expect_response(re.compile("/overview[?]")):
        page.goto("/console")
    urls = [request.url for request in asked]
    first = next(place for place, url in enumerate(urls) if "/overview?" in url)

    print("\n".join(urls[: first + 1]))
    assert first + 1 <= MOST_REQUESTS
    assert [url for url in urls[:first] if "/v1/" in url] == [f"{olga.running.url}/v1/session"]


def test_names_stay_names_in_files(olga: ConsoleUser) -> None:
    page = olga.page
    olga.open("/console/channels?by=campaign")
    settled(page)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV", exact=True).click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    rows = text.splitlines()[1:]
    assert rows
    assert not [row for row in rows if re.match(r'"?[=+\-@]', row)]


def test_a_report_is_read_with_keys_alone(olga: ConsoleUser) -> None:
    page = olga.page
    olga.open("/console")
    settled(page)
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search pages")).to_be_focused()
    page.keyboard.type("chann")
    expect(page.get_by_role("listbox", name="Found").get_by_role("option", selected=True)).to_contain_text("Channels")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/channels")
    settled(page)
    table = page.get_by_role("table", name="Numbers by Channel")
    expect(table).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    wait_until(lambda: "row=" not in page.url, "the address names no row")
    page.keyboard.press("d")
    days = page.get_by_role("radio", name="Last 7 days")
    days.focus()
    expect(days).to_be_focused()
    days.press("Space")
    wait_until(lambda: "period=last7d" in page.url, "the days are chosen")
    page.keyboard.press("Escape")
    expect(days).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Help and keys")).to_be_visible()
    page.keyboard.press("Escape")
    chart = page.locator("svg.line-chart").first
    chart.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tip")).to_be_visible()
    page.keyboard.press("Enter")
    wait_until(lambda: "from=" in page.url, "the day is shown alone")


def test_a_card_that_fails_says_so_and_leaves_the_others(olga: ConsoleUser) -> None:
    page = olga.page

    def fail_campaigns(route: Any) -> None:
        if '"campaign"' in (route.request.post_data or ""):
            route.fulfill(status=503, json={"detail": "the lake does not answer"})
        else:
            route.continue_()

    page.route("**/query", fail_campaigns)
    olga.open("/console?basis=TOUCH_DAY")
    expect(page.get_by_role("region", name="Campaigns").get_by_role("alert")).to_contain_text("The server failed")
    expect(page.get_by_role("region", name="Channels").get_by_role("table")).to_be_visible()
    page.unroute("**/query")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("region", name="Campaigns").get_by_role("table")).to_be_visible()


def test_filters_of_which_one_is_enough_become_a_segment_that_addresses_name(olga: ConsoleUser) -> None:
    page = olga.page
    olga.open("/console/channels")
    settled(page)
    page.get_by_role("button", name="Add a filter").click()
    page.get_by_label("Value").fill("Friends")
    page.get_by_label("How", exact=True).select_option("starts_with")
    page.get_by_role("button", name="Add the filter").click()
    expect(page.get_by_text("Channel begins with Friends")).to_be_visible()
    page.get_by_role("button", name="Add a filter").click()
    page.get_by_label("Beside the others").select_option(label="or: this, or Channel begins with Friends")
    page.get_by_label("Filter by").select_option("customer")
    page.get_by_role("button", name="Add the filter").click()
    both = "Channel begins with Friends or New or returning customer is New"
    expect(page.get_by_text(both, exact=True)).to_be_visible()
    page.get_by_role("button", name="Add a filter").click()
    page.get_by_text("Save these filters as a segment").click()
    page.get_by_label("Name", exact=True).fill("Ours")
    page.get_by_role("button", name="Save the segment").click()
    expect(page.get_by_text("Segment: Ours")).to_be_visible()
    assert "where=" not in page.url

    page.goto(page.url.replace("/channels", "/overlap"))
    settled(page)
    expect(page.get_by_text("Segment: Ours")).to_be_visible()
    expect(page.get_by_role("table", name="Reach")).to_contain_text("Friends")
    page.goto(page.url.replace("/overlap", "/funnels"))
    expect(page.get_by_text("This report cannot be filtered by new or returning customer")).to_be_visible()
    page.goto(page.url.replace("/funnels", "/compare-models"))
    settled(page)
    expect(page.get_by_role("table", name="Revenue under each model")).to_contain_text("Friends")
    page.goto(page.url.replace("/compare-models", "/cohort-value"))
    expect(page.get_by_text("Not filtered by: Ours.")).to_be_visible()
    page.goto(re.sub("segment=[^&]*", "segment=view_gone", page.url))
    expect(page.get_by_role("alert")).to_contain_text("This link names a segment that you cannot see here")


def test_numbers_of_one_dimension_are_not_shown_under_another(olga: ConsoleUser) -> None:
    page = olga.page
    olga.open("/console/channels?period=last365d")
    settled(page)
    expect(page.get_by_role("table", name="Numbers by Channel")).to_contain_text("Friends")
    held: list[Any] = []
    page.route("**/query", lambda route: held.append(route))
    page.get_by_role("button", name="Source", exact=True).click()
    wait_until(lambda: page.evaluate("1") and len(held) > 1, "the next numbers are asked for")
    expect(page.locator("main table")).to_have_count(0)
    for route in held:
        route.continue_()
    page.unroute("**/query")
    expect(page.get_by_role("table", name="Numbers by Source")).to_contain_text("friend")


def test_the_console_says_when_the_connection_is_gone(olga: ConsoleUser) -> None:
    olga.open("/console")
    settled(olga.page)
    olga.context.set_offline(offline=True)
    expect(olga.page.get_by_text("You are offline.")).to_be_visible()
    olga.context.set_offline(offline=False)
    expect(olga.page.get_by_text("You are offline.")).to_have_count(0)


def test_a_dashboard_is_made_changed_and_shown_to_a_stranger(olga: ConsoleUser, browser: Browser) -> None:
    page = olga.page
    olga.open("/console/dashboards")
    page.get_by_role("radio", name="Content").check()
    page.get_by_label("Name").fill("Readers")
    page.get_by_role("button", name="Create the dashboard").click()
    expect(page.get_by_role("heading", name="Readers", level=1)).to_be_visible()
    expect(page.get_by_role("region", name="Sources").get_by_role("table")).to_be_visible()

    page.get_by_role("button", name="Edit").click()
    page.get_by_role("button", name="Remove Sources").click()
    page.get_by_role("button", name="Add a text").click()
    page.get_by_label("Text", exact=True).fill(f"{HOSTILE} for the editors")
    page.get_by_role("button", name=re.compile("^Move .* up$")).last.click()
    page.get_by_role("button", name="Save the dashboard").click()
    expect(page.locator(".text-card")).to_contain_text("for the editors")
    expect(page.get_by_role("region", name="Sources")).to_have_count(0)

    page.get_by_role("button", name="Share by link").click()
    page.get_by_label("For whom").fill("Our client")
    page.get_by_role("button", name="Create the link").click()
    address = page.locator(".popover-panel code").inner_text()
    stranger = browser.new_page()
    stranger.goto(olga.running.url + address[address.index("/console/") :])
    expect(stranger.get_by_role("heading", name="Readers", level=1)).to_be_visible()
    expect(stranger.get_by_text("for the editors")).to_be_visible()
    expect(stranger.get_by_role("navigation")).to_have_count(0)

    olga.open("/console/share-links")
    page.get_by_role("button", name="Revoke the link to Readers").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The link is revoked.")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("heading", name="This link shows nothing any more")).to_be_visible()
    stranger.context.close()


def test_the_overview_prints_on_paper(olga: ConsoleUser, tmp_path: Path) -> None:
    olga.open("/console")
    settled(olga.page)
    olga.page.emulate_media(media="print")
    expect(olga.page.get_by_role("navigation")).to_be_hidden()
    expect(olga.page.locator("main")).to_contain_text("data until")
    assert olga.page.pdf(format="A4").startswith(b"%PDF")
    olga.page.emulate_media(media="screen")
