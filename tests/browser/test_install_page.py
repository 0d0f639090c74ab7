"""What docs/install-the-tracker.md tells people to do works as written."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.recorder import ROOT, SITE_KEY, Recorder

pytestmark = pytest.mark.browser


PAGE = (ROOT / "docs/install-the-tracker.md").read_text()


def documented(language: str, nth: int = 0) -> str:
    return str(re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[nth])


def page_with(recorder: Recorder, markup: str) -> str:
    """A page of the documented markup and nothing else of ours."""
    markup = markup.replace("YOUR_PUBLIC_KEY", SITE_KEY)
    return "<!doctype html><title>Mine</title>" + markup.replace(
        "https://optiq.example", f"http://localhost:{recorder.port}"
    )


def test_snippet_and_calls_work_as_documented(page: Page, recorder: Recorder) -> None:
    # Given a page with the documented snippet and nothing else of ours
    recorder.documents["/mine"] = page_with(recorder, documented("html"))

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


@pytest.mark.parametrize(("choice", "views", "stored"), [("Yes", 1, "granted"), ("No", 0, "denied")])
def test_question_works_as_documented(page: Page, recorder: Recorder, choice: str, views: int, stored: str) -> None:
    recorder.documents["/mine"] = page_with(recorder, documented("html", 1))
    page.goto(recorder.url("/mine"))
    recorder.wait_for_events(0)

    page.get_by_role("button", name=choice).click()

    recorder.wait_for_events(views)
    assert page.evaluate("localStorage.optiq_consent") == stored


def test_every_attribute_and_key_is_documented() -> None:
    source = (ROOT / "layers/optiq/python/optiq/collect/tracker/tracker.js").read_text()

    known = set(re.findall(r"Attribute\('(data-[a-z]+)'\)", source)) | set(re.findall(r"'(optiq_[a-z.]+)'", source))

    assert known - set(re.findall(r"`(data-[a-z]+|optiq_[a-z.]+)", PAGE)) == set()
    assert len(known) == 9
