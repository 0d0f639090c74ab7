"""GET /console, GET /console/{name}: the console's pages, style sheet and scripts, from the folder beside this module.

What may be asked for is what lies in the folder when the function starts: a name is looked up and never becomes a path.
A page goes by its name without the extension. Browsers keep what they got and ask each time whether it is still so, by
the hash of its content, so that all files of a page are of one version. The pages hold nothing of anybody: what they
show, their scripts ask the API for.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from optiq.kernel.http import Event, Response, header
from optiq.kernel.routes import answers

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


@answers("GET /console", "GET /console/{name}", open_because="files that hold nothing of anybody")
def handler(event: Event, _context: object) -> Response:
    name = (event.get("pathParameters") or {}).get("name", _HOME)
    file = _FILES.get(name)
    if file is None:
        return {"statusCode": 404, "headers": _FILES[_MISSING].headers, "body": _FILES[_MISSING].text}
    if header(event, "if-none-match") == file.headers["etag"]:
        return {"statusCode": 304, "headers": file.headers, "body": ""}
    return {"statusCode": 200, "headers": file.headers, "body": file.text}


def _read(path: Path) -> _File:
    text = path.read_text(encoding="utf-8")
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
    return _File(text, {**_HEADERS, "content-type": _TYPES[path.suffix], "etag": tag})


_FILES = {
    path.stem if path.suffix == ".html" else path.name: _read(path)
    for path in (Path(__file__).parent / "files").iterdir()
}
