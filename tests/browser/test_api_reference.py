"""The API's reference in a real browser: drawn from this server alone, within its policy."""

import pytest
from playwright.sync_api import Page, expect

from infra.local.system import Running

pytestmark = [pytest.mark.browser, pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(1_800)]
_PATIENCE_MS = 600_000
"""The page has all routes, which takes a browser a minute and a half to draw on a quiet machine."""


def test_reference_shows_every_chapter_and_finds_a_route(page: Page, running: Running) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{running.url}/docs", timeout=_PATIENCE_MS)
    # By its element, and what is found, too: roles are worked out for all of the page, each time that is looked.
    heading = page.locator("h1, h2, h3", has_text="Create a team and be its first manager")
    expect(heading).to_be_attached(timeout=_PATIENCE_MS)
    page.get_by_placeholder("Search...").fill("invitation", timeout=_PATIENCE_MS)

    found = page.locator("[data-role='search:results'] [role=menuitem]", has_text="Revoke an invitation")
    expect(found).to_be_visible(timeout=_PATIENCE_MS)
    assert said == []
    assert [url for url in asked if not url.removeprefix("blob:").startswith(running.url)] == []
