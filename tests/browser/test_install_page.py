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


MAKE = """
const made = document.createElement('script');
made.async = true;
made.src = '%s';
document.head.appendChild(made);
"""


def made_anew(recorder: Recorder, address: str, before: str = "") -> str:
    """A page on which a tag manager makes the script anew, with nothing but its src."""
    made = MAKE % f"http://localhost:{recorder.port}{address}"
    return f"<!doctype html><title>Mine</title>{before}<script>{made}</script>"


def test_snippet_for_a_tag_manager_works_as_documented(page: Page, recorder: Recorder) -> None:
    (address,) = re.findall(r'src="https://optiq.example(.*)"', documented("html", 1))
    recorder.documents["/mine"] = made_anew(recorder, address.replace("YOUR_PUBLIC_KEY", SITE_KEY))

    page.goto(recorder.url("/mine"))

    (view,) = recorder.wait_for_events(1)
    assert (view["kind"], view["title"]) == ("page", "Mine")
    assert {payload["k"] for _, _, payload in recorder.requests} == {SITE_KEY}


@pytest.mark.parametrize(
    ("address", "before", "views"),
    [
        # The options stand in the address too.
        (f"/o.js?site={SITE_KEY}&consent=required", "", 0),
        (f"/o.js?consent=granted&site={SITE_KEY}", "", 1),
        # A consent tool keeps the element it was given, with its attributes, and runs another.
        (
            "/o.js",
            f'<script type="text/plain" src="http://localhost/o.js" data-site="{SITE_KEY}" data-endpoint="/b">',
            1,
        ),
    ],
)
def test_a_script_made_anew_finds_its_options(
    page: Page, recorder: Recorder, address: str, before: str, views: int
) -> None:
    recorder.documents["/mine"] = made_anew(recorder, address, before + "</script>" if before else "")

    page.goto(recorder.url("/mine"))

    recorder.wait_for_events(views)
    assert {payload["k"] for _, _, payload in recorder.requests} == ({SITE_KEY} if views else set())


@pytest.mark.parametrize("query", ["", f"?site={SITE_KEY}"])
def test_a_script_without_a_site_says_so_once_and_sends_nothing(page: Page, recorder: Recorder, query: str) -> None:
    # A site in the page's own address, which anybody may write, is none.
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Optiq" in message.text else None)
    recorder.documents["/mine"] = made_anew(recorder, "/o.js")

    with page.expect_console_message(lambda message: "Optiq" in message.text):
        page.goto(recorder.url(f"/mine{query}"))

    recorder.wait_for_events(0)
    assert said == ["Optiq: no data-site"]
    assert recorder.requests == []


@pytest.mark.parametrize(("choice", "views", "stored"), [("Yes", 1, "granted"), ("No", 0, "denied")])
def test_question_works_as_documented(page: Page, recorder: Recorder, choice: str, views: int, stored: str) -> None:
    recorder.documents["/mine"] = page_with(recorder, documented("html", 2))
    page.goto(recorder.url("/mine"))
    recorder.wait_for_events(0)

    page.get_by_role("button", name=choice).click()

    recorder.wait_for_events(views)
    assert page.evaluate("localStorage.optiq_consent") == stored


def test_every_attribute_and_key_is_documented() -> None:
    source = (ROOT / "layers/optiq/python/optiq/collect/tracker/tracker.js").read_text()

    options = {f"data-{name}" for name in re.findall(r"option\('([a-z]+)'\)", source)}
    known = options | set(re.findall(r"'(optiq_[a-z.]+)'", source))

    assert known - set(re.findall(r"`(data-[a-z]+|optiq_[a-z.]+)", PAGE)) == set()
    assert len(known) == 10
