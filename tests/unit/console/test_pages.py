"""The function that serves the console's pages."""

import re
from pathlib import Path
from typing import Any

import pytest
from optiq.reports import api as reports

from functions.console import pages

FILES = Path(pages.__file__).parents[2] / "console"
SERVED = sorted(path for folder in ("pages", "shared") for path in (FILES / folder).rglob("*.*"))
SCRIPTS = [path for path in SERVED if path.suffix == ".js"]
NAMES = sorted(path.stem if path.suffix == ".html" else path.name for path in SERVED)
PAGES = [name for name in NAMES if "." not in name]


def get(name: str | None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    event: dict[str, Any] = {"headers": headers or {}}
    if name is not None:
        event["pathParameters"] = {"name": name}
    return pages.handler(event, None)


def _text(page: str) -> str:
    return str(get(page)["body"])


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
    assert "Page not found" in answer["body"]
    assert "content-security-policy" in answer["headers"]


def test_what_a_browser_has_already_is_not_sent_again() -> None:
    first = get("sign-in")

    again = get("sign-in", {"if-none-match": first["headers"]["etag"]})
    assert (again["statusCode"], again["body"]) == (304, "")
    assert get("sign-up", {"if-none-match": first["headers"]["etag"]})["statusCode"] == 200
    assert first["headers"]["cache-control"] == "no-cache"


def test_no_two_files_have_one_name() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_the_menu_is_the_same_on_every_page_that_has_one_and_shows_where_one_is() -> None:
    menus = {name: found[1] for name in PAGES if (found := re.search(r"<nav .*?>(.*?)</nav>", _text(name), re.DOTALL))}

    assert {"report", "links", "organization", "account"} <= menus.keys()
    assert len({menu.replace(' aria-current="page"', "") for menu in menus.values()}) == 1
    for name, menu in menus.items():
        address = "/console" if name == "report" else f"/console/{name}"
        assert re.findall(r'href="([^"]*)" aria-current', menu) == [address]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_only_for_what_is_served_and_holds_no_script_or_style(name: str) -> None:
    text = _text(name)
    asked = re.findall(r'(?:src|href)="([^"#]+)"', text)

    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text)
    assert asked
    for address in asked:
        assert address == "/console" or address.removeprefix("/console/") in NAMES, address


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_makes_no_markup_of_text_and_imports_only_what_is_served(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(", text)
    for name in re.findall(r"from '([^']+)'", text):
        assert name.removeprefix("./") in NAMES, name


def test_every_model_and_dimension_can_be_chosen() -> None:
    text = (FILES / "shared" / "models.js").read_text(encoding="utf-8")

    assert tuple(re.findall(r"^  ([A-Z_]+): \[", text, re.MULTILINE)) == reports.MODELS
    dimensions = text.partition("DIMENSIONS")[2]
    assert tuple(re.findall(r"([a-z_]+): '", dimensions)) == reports.ATTRIBUTION_DIMENSIONS
