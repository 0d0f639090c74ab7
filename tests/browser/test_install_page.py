"""What docs/install-the-tracker.md tells people to do works as written."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.recorder import ROOT, SITE_KEY, Recorder

pytestmark = pytest.mark.browser


def documented(language: str) -> str:
    text = (ROOT / "docs/install-the-tracker.md").read_text()
    (block,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return str(block)


def test_snippet_and_calls_work_as_documented(page: Page, recorder: Recorder) -> None:
    # Given a page with the documented snippet and nothing else of ours
    snippet = documented("html").replace("YOUR_PUBLIC_KEY", SITE_KEY)
    snippet = snippet.replace("https://optiq.example", f"http://localhost:{recorder.port}")
    recorder.documents["/mine"] = f"<!doctype html><title>Mine</title>{snippet}"

    # When a visitor opens it and the page makes the documented calls
    page.goto(recorder.url("/mine"))
    recorder.wait_for_events(1)
    page.evaluate(documented("js"))

    # Then all of it arrives under the site's key
    first, order, identify, view = recorder.wait_for_events(4)
    assert (first["kind"], first["title"]) == ("page", "Mine")
    assert (order["name"], order["properties"]["revenue"]) == ("Order Completed", 49.9)
    assert (identify["user_id"], identify["properties"]) == ("customer-42", {"plan": "gold"})
    assert (view["kind"], view["name"], view["properties"]) == ("page", "Pricing", {"variant": "b"})
    assert {payload["k"] for _, _, payload in recorder.requests} == {SITE_KEY}


def test_only_the_documented_keys_are_stored(page: Page, recorder: Recorder) -> None:
    page.goto(recorder.url("/a"))
    recorder.wait_for_events(1)

    assert page.evaluate("[Object.keys(localStorage), document.cookie]") == [["optiq_id"], ""]
