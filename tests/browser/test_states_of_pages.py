"""Every page of the console while it waits, without data, when the server fails, refuses or is not reached.

OPTIQ_PICTURES=<folder> keeps a picture of each page in each state, to be looked at.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from infra.local.system import Running
from tests.browser.console_people import ConsoleUser
from tests.browser.test_console_quality import PAGES

# Every page in every state: minutes.
pytestmark = [pytest.mark.browser, pytest.mark.system, pytest.mark.slow]

API = "**/v1/**"
WHO = "/v1/session"
"""Without it a page does not know who looks at it."""
RAW = ("undefined", "NaN", "[object Object]", "Invalid Date", "null ")
"""What a value looks like that no page formatted."""


@pytest.fixture(scope="module")
def nina(browser: Browser, running: Running) -> Iterator[ConsoleUser]:
    """An owner whose site has got nothing yet."""
    person = ConsoleUser(browser, running, "nina.states@shop.example", "Nina States")
    person.join("States Works")
    person.ask("POST", "/v1/sites", {"name": "Empty", "domains": ["empty.example"]})
    # Which pages there are is known once; links to them do not ask again.
    person.open("/console")
    yield person
    assert person.strayed == []
    person.context.close()


def never(_: Route) -> None:
    """The request is neither answered nor refused."""


def fails(route: Route) -> None:
    problem = {"type": "about:blank", "title": "Unavailable", "status": 503, "code": "upstream", "detail": "no answer"}
    route.fulfill(status=503, json=problem)


def refused(route: Route) -> None:
    problem = {"type": "about:blank", "title": "Forbidden", "status": 403, "code": "forbidden"}
    route.fulfill(status=403, json=problem | {"detail": "You need the permission reports:read."})


def lost(route: Route) -> None:
    route.abort("connectionfailed")


def of_the_page(answer: Callable[[Route], None]) -> Callable[[Route], None]:
    """Answers what the page itself asks so; who looks at it is known."""

    def handle(route: Route) -> None:
        if WHO in route.request.url:
            route.continue_()
        else:
            answer(route)

    return handle


def shown(page: Page) -> str:
    return page.locator("body").inner_text()


def faults_of(person: ConsoleUser, name: str, state: str) -> list[str]:
    page = person.page
    text = shown(page)
    found = [f"{name}, {state}: shows {raw!r}" for raw in RAW if raw in text]
    if len(text.strip()) < 20:
        found.append(f"{name}, {state}: is empty")
    if folder := os.environ.get("OPTIQ_PICTURES"):
        page.screenshot(path=Path(folder) / f"{state}-{name.replace('/', '-')}.png", full_page=True)
    return found


@pytest.mark.parametrize(
    ("state", "answer"), [("failing", fails), ("refused", refused), ("lost", lost), ("waiting", never)]
)
def test_every_page_says_what_it_waits_for_or_what_went_wrong(
    nina: ConsoleUser, state: str, answer: Callable[[Route], None]
) -> None:
    page, faults = nina.page, list[str]()
    handle: Any = of_the_page(answer)
    page.route(API, handle)
    to = nina.open if state == "waiting" else nina.turn_to
    for name in PAGES:
        to(f"/console/{name}")
        page.wait_for_timeout(400)
        if state != "waiting":
            expect(page.locator(".skeleton")).to_have_count(0)
        faults += faults_of(nina, name, state)
    page.unroute(API, handle)
    nina.open("about:blank")
    assert faults == []


def test_every_page_of_an_empty_site_says_what_to_do(nina: ConsoleUser) -> None:
    page, faults = nina.page, list[str]()
    for name in PAGES:
        nina.turn_to(f"/console/{name}")
        page.wait_for_timeout(400)
        expect(page.locator(".skeleton")).to_have_count(0)
        faults += faults_of(nina, name, "empty")
    assert faults == []
