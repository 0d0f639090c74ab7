"""The function that serves the console's pages."""

import base64
import gzip
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from functions.console import pages

SERVED = Path(pages.__file__).with_name("served")
PAGES = json.loads((SERVED / "pages.json").read_text(encoding="utf-8"))["pages"]
FILES = sorted(path.name for path in SERVED.iterdir() if path.suffix in (".js", ".css", ".svg"))
NAMES = [*sorted(PAGES), *FILES]


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
    assert answer["headers"]["x-robots-tag"] == "noindex, nofollow"
    policy = answer["headers"]["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert {"require-trusted-types-for 'script'", "trusted-types 'none'", "form-action 'none'"} <= set(policy)
    assert "unsafe" not in answer["headers"]["content-security-policy"]


@pytest.mark.parametrize("name", [*sorted(PAGES), "nothing"])
def test_page_says_that_it_needs_scripts(name: str) -> None:
    assert "<noscript><p" in _text(name)


def test_the_console_opens_with_the_overview() -> None:
    assert get(None)["body"] == get("overview")["body"]


def test_a_page_answers_to_its_earlier_name_too() -> None:
    assert get("report")["body"] == get("channels")["body"]


@pytest.mark.parametrize(
    "name",
    ["", "nothing", "sign-in.html", "SIGN-IN", "../pages.py", "..%2fpages.py", "%2e%2e/pages", "__init__.py", "\0"],
)
def test_what_is_no_file_of_the_console_is_a_page_that_says_so(name: str) -> None:
    answer = get(name)

    assert answer["statusCode"] == 404
    assert "Page not found" in answer["body"]
    assert "content-security-policy" in answer["headers"]


@pytest.mark.parametrize("name", ["shell.html", "pages.json"])
def test_what_pages_are_made_of_is_not_served(name: str) -> None:
    assert get(name)["statusCode"] == 404


def test_what_a_browser_has_already_is_not_sent_again() -> None:
    first = get("sign-in")

    again = get("sign-in", {"if-none-match": first["headers"]["etag"]})
    assert (again["statusCode"], again["body"]) == (304, "")
    assert get("sign-up", {"if-none-match": first["headers"]["etag"]})["statusCode"] == 200
    assert first["headers"]["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", [name for name in FILES if name != "icon.svg"])
def test_files_whose_names_hold_their_hash_are_kept(name: str) -> None:
    assert re.search(r"-[0-9A-Za-z]{8,10}\.(js|css)$", name)
    assert "immutable" in get(name)["headers"]["cache-control"]


def test_a_body_is_packed_for_who_can_unpack_it() -> None:
    plain = get("sign-in")
    packed = get("sign-in", {"accept-encoding": "br, gzip"})

    assert packed["isBase64Encoded"]
    assert packed["headers"]["content-encoding"] == "gzip"
    assert gzip.decompress(base64.b64decode(packed["body"])).decode() == plain["body"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_only_for_what_is_served_and_holds_no_script_or_style(name: str) -> None:
    text = _text(name)
    asked = re.findall(r'(?:src|href)="([^"#]+)"', text)

    assert not re.search(r"<script(?![^>]*src=)(?! type=\"application/json\")|<style|\sstyle=|\son\w+=", text)
    assert f"<title>{html.escape(PAGES[name]['title'])} · Optiq</title>" in text
    assert asked
    for address in (each for each in asked if not each.startswith("data:image/svg+xml,")):
        assert address.removeprefix("/console/") in FILES, address


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_a_script_makes_no_markup_of_text_and_asks_for_nothing_elsewhere(name: str) -> None:
    text = (SERVED / name).read_text(encoding="utf-8")

    assert not re.search(r"insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function", text)
    for imported in re.findall(r'import[^"]{0,400}from"([^"]+)"', text):
        assert imported.removeprefix("./") in FILES, imported
    assert not re.search(r'https?://(?!www\.w3\.org/|["$`])', text)
