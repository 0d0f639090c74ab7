"""The function that serves the console's pages."""

import re
from pathlib import Path
from typing import Any

import pytest
from optiq.reports import api as reports

from functions.console import pages

FILES = Path(pages.__file__).parent / "files"
NAMES = sorted(path.stem if path.suffix == ".html" else path.name for path in FILES.iterdir())


def get(name: str | None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    event: dict[str, Any] = {"headers": headers or {}}
    if name is not None:
        event["pathParameters"] = {"name": name}
    return pages.handler(event, None)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_served_as_what_it_is_and_keeps_strangers_out(name: str) -> None:
    answer = get(name)

    assert answer["statusCode"] == 200
    kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    assert answer["headers"]["content-type"].startswith(kinds.get(name.rpartition(".")[2], "text/html"))
    assert answer["headers"]["x-content-type-options"] == "nosniff"
    assert answer["headers"]["referrer-policy"] == "no-referrer"
    policy = answer["headers"]["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert "unsafe" not in answer["headers"]["content-security-policy"]


def test_the_console_opens_with_the_report() -> None:
    assert get(None)["body"] == get("report")["body"]


@pytest.mark.parametrize(
    "name",
    ["", "nothing", "sign-in.html", "SIGN-IN", "../pages.py", "..%2fpages.py", "%2e%2e/pages", "__init__.py", "\0"],
)
def test_what_is_no_file_of_the_console_is_a_page_that_says_so(name: str) -> None:
    answer = get(name)

    assert answer["statusCode"] == 404
    assert "There is nothing here" in answer["body"]
    assert "content-security-policy" in answer["headers"]


def test_what_a_browser_has_already_is_not_sent_again() -> None:
    first = get("sign-in")

    again = get("sign-in", {"if-none-match": first["headers"]["etag"]})
    assert (again["statusCode"], again["body"]) == (304, "")
    assert get("sign-up", {"if-none-match": first["headers"]["etag"]})["statusCode"] == 200
    assert first["headers"]["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", sorted(FILES.glob("*.html")), ids=lambda path: path.name)
def test_a_page_asks_only_for_what_is_served_and_holds_no_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    asked = re.findall(r'(?:src|href)="([^"#]+)"', text)

    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text)
    assert asked
    for address in asked:
        assert address == "/console" or address.removeprefix("/console/") in NAMES, address


@pytest.mark.parametrize("path", sorted(FILES.glob("*.js")), ids=lambda path: path.name)
def test_a_script_makes_no_markup_of_text_and_imports_only_what_is_served(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(", text)
    for name in re.findall(r"from '([^']+)'", text):
        assert name.removeprefix("./") in NAMES, name


def test_every_model_and_dimension_can_be_chosen() -> None:
    text = (FILES / "models.js").read_text(encoding="utf-8")

    assert tuple(re.findall(r"^  ([A-Z_]+): \[", text, re.MULTILINE)) == reports.MODELS
    dimensions = text.partition("DIMENSIONS")[2]
    assert tuple(re.findall(r"([a-z_]+): '", dimensions)) == reports.ATTRIBUTION_DIMENSIONS
