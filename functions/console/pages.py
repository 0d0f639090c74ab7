"""GET /console, GET /console/{name}: the console's pages, scripts and style sheet, from the folder `served`.

`make console` writes that folder from `console/`. Every page is the same shell with its own title; its scripts are
named in `pages.json`, so that a browser asks for them at once. Only names that exist are answered: a name never
becomes a path. Names of scripts and styles hold a hash of their content, so browsers keep them; the shell they ask for
each time. The pages hold no data: their scripts ask the API for it.
"""

import base64
import gzip
import hashlib
import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template

from optiq.kernel.http import Event, Response, header
from optiq.kernel.routes import answers

_FOLDER = Path(__file__).with_name("served")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HTML = "text/html; charset=utf-8"
_MISSING = "not-found"
_FOR_EVER = "public, max-age=31536000, immutable"
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
    "vary": "accept-encoding",
    "x-content-type-options": "nosniff",
    # Addresses of shared reports are for who was given them.
    "x-robots-tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class _File:
    """Attributes: packed: the text by gzip."""

    text: str
    packed: str
    headers: dict[str, str]


@answers("GET /console", "GET /console/", "GET /console/{name}", open_because="files without data")
def handler(event: Event, _context: object) -> Response:
    name = (event.get("pathParameters") or {}).get("name", _HOME)
    file = _FILES.get(name)
    if file is None:
        return {"statusCode": 404, "headers": _FILES[_MISSING].headers, "body": _FILES[_MISSING].text}
    if header(event, "if-none-match") == file.headers["etag"]:
        return {"statusCode": 304, "headers": file.headers, "body": ""}
    if "gzip" not in header(event, "accept-encoding"):
        return {"statusCode": 200, "headers": file.headers, "body": file.text}
    headers = {**file.headers, "content-encoding": "gzip"}
    return {"statusCode": 200, "headers": headers, "body": file.packed, "isBase64Encoded": True}


def _served() -> Iterator[tuple[str, _File]]:
    """Every page by its name and its earlier names, every other file by its own."""
    shell = Template((_FOLDER / "shell.html").read_text(encoding="utf-8"))
    for name, page in _PAGES.items():
        preloads = "\n  ".join(f'<link rel="modulepreload" href="/console/{script}">' for script in page["scripts"])
        text = shell.substitute(title=html.escape(page["title"]), preloads=preloads)
        for each in (name, *page.get("was", ())):
            yield each, _file(text, _HTML)
    for path in _FOLDER.iterdir():
        if path.suffix in _TYPES:
            hashed = {} if path.suffix == ".svg" else {"cache-control": _FOR_EVER}
            yield path.name, _file(path.read_text(encoding="utf-8"), _TYPES[path.suffix], hashed)


def _file(text: str, content_type: str, more: dict[str, str] | None = None) -> _File:
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
    packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    return _File(text, packed, {**_HEADERS, "content-type": content_type, "etag": tag, **(more or {})})


_PAGES = json.loads((_FOLDER / "pages.json").read_text(encoding="utf-8"))["pages"]
_HOME = next(name for name, page in _PAGES.items() if page.get("home"))
_FILES = dict(_served())
