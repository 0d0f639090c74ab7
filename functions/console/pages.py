"""GET /console, GET /console/{name}: the console's pages, style sheet and scripts, from the folder `console/`.

A page is `console/pages/<context>/<name>.html`; its first line is a comment that holds its title and, if the menu shows
it, its place there. The frame around it is added when the function starts. Only names that exist then are answered: a
name never becomes a path. A browser asks each time whether a file has changed, by the hash of its content, so that all
files of a page are of one version. The pages hold no data: their scripts ask the API for it.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from optiq.kernel.http import Event, Response, header
from optiq.kernel.routes import answers

_FOLDER = Path(__file__).parents[2] / "console"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HOME = "report"
_MISSING = "not-found"
# Only our own scripts and styles, never inline, and no text that becomes markup (trusted types). A form whose script
# did not load goes nowhere, lest a password stand in an address. An image may be in its address: the QR code is.
_POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:"),
        *("base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"),
        *("require-trusted-types-for 'script'", "trusted-types 'none'"),
    )
)
_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class _File:
    text: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Page:
    """A page without its frame; `menu` is its place in the menu, 0 for a page that is not in it."""

    name: str
    title: str
    main: str
    script: bool
    menu: int = 0


@answers("GET /console", "GET /console/{name}", open_because="files without data")
def handler(event: Event, _context: object) -> Response:
    name = (event.get("pathParameters") or {}).get("name", _HOME)
    file = _FILES.get(name)
    if file is None:
        return {"statusCode": 404, "headers": _FILES[_MISSING].headers, "body": _FILES[_MISSING].text}
    if header(event, "if-none-match") == file.headers["etag"]:
        return {"statusCode": 304, "headers": file.headers, "body": ""}
    return {"statusCode": 200, "headers": file.headers, "body": file.text}


def _served() -> Iterator[tuple[str, _File]]:
    """Every file by its name in the address; pages go without their extension."""
    paths = [path for folder in ("shared", "pages") for path in (_FOLDER / folder).rglob("*.*")]
    pages = [_page(path) for path in paths if path.suffix == ".html"]
    in_menu = sorted((page for page in pages if page.menu), key=lambda page: page.menu)
    for page in pages:
        yield page.name, _file(_framed(page, in_menu), ".html")
    for path in paths:
        if path.suffix != ".html":
            yield path.name, _file(path.read_text(encoding="utf-8"), path.suffix)


def _page(path: Path) -> _Page:
    head, _, main = path.read_text(encoding="utf-8").partition("\n")
    described = re.fullmatch(r"<!-- (\{.*\}) -->", head)
    if described is None:
        raise ValueError(f'{path}: the first line must be like <!-- {{"title": "Links", "menu": 20}} -->')
    return _Page(path.stem, main=main, script=path.with_suffix(".js").exists(), **json.loads(described[1]))


def _framed(page: _Page, in_menu: list[_Page]) -> str:
    entries = (f"<a {_address(other)}{_current(other, page)}>{other.title}</a>" for other in in_menu)
    frame = "menu" if page.menu else "alone"
    script = f'<script type="module" src="/console/{page.name}.js"></script>' if page.script else ""
    body = _frame(frame).substitute(main=page.main, menu="\n        ".join(entries))
    return _frame("page").substitute(title=page.title, script=script, body=body)


def _address(page: _Page) -> str:
    return 'href="/console"' if page.name == _HOME else f'href="/console/{page.name}"'


def _current(entry: _Page, shown: _Page) -> str:
    return ' aria-current="page"' if entry is shown else ""


@cache
def _frame(name: str) -> Template:
    return Template((_FOLDER / "frames" / f"{name}.html").read_text(encoding="utf-8"))


def _file(text: str, suffix: str) -> _File:
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
    return _File(text, {**_HEADERS, "content-type": _TYPES[suffix], "etag": tag})


_FILES = dict(_served())
