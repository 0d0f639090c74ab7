"""What makes a page one for everybody: WCAG 2.2 AA by axe, and no page wider than a narrow telephone."""

from typing import Any

from playwright.sync_api import Page

from scripts.build_console import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW = 320
DRAWN_WIDTH = """() => new Promise(done =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(document.documentElement.scrollWidth))))"""
"""How wide the page is once charts have followed a change of the window."""


def violations(page: Page) -> list[str]:
    """What axe finds on a page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"runOnly": {"type": "tag", "values": RULES}}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


def fits(page: Page) -> bool:
    """Makes the window narrow, and says whether the page is no wider."""
    page.set_viewport_size({"width": NARROW, "height": 640})
    return bool(page.evaluate(DRAWN_WIDTH) <= NARROW)


def require_for_everybody(page: Page) -> None:
    """Asserts that a page breaks no rule of axe, where that is installed, and fits a narrow window, as it is then."""
    if AXE.exists():
        assert violations(page) == []
    assert fits(page)
