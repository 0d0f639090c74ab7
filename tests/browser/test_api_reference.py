"""The API's reference in a real browser: drawn from this server alone, within its policy."""

import pytest
from playwright.sync_api import Page, expect

from infra.local.system import Running

pytestmark = [pytest.mark.browser, pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(300)]


def test_reference_shows_every_chapter_and_finds_a_route(page: Page, running: Running) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{running.url}/docs")
    # By its element: roles are worked out for all of the page, each time that is looked.
    heading = page.locator("h1, h2, h3", has_text="Create a team and be its first manager")
    expect(heading).to_be_attached()
    page.get_by_placeholder("Search...").fill("invitation")

    found = page.locator("[data-role='search:results']").get_by_role("menuitem")
    expect(found.filter(has_text="Revoke an invitation")).to_be_visible()
    assert said == []
    assert [url for url in asked if not url.removeprefix("blob:").startswith(running.url)] == []
