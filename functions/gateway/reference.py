"""The reference of the API, drawn in the browser from /openapi.json; all of it from here.

The page may run and style by files of its own only. Redoc adds style sheets as it draws; a number that is good for one
answer lets it. It searches in a worker that it makes itself.
"""

import base64
import gzip
import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from optiq.kernel.errors import NotFoundError
from optiq.kernel.http import Event, Response, header, problem
from optiq.kernel.routes import answers

from functions.gateway import openapi

_OPENAPI = "GET /openapi.json"
_FOLDER = Path(__file__).parent / "files"
_NONCE = "{{NONCE}}"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
# Of the scroll bar, which the bundle adds before it knows the number: an empty sheet, and what it is filled with.
_SCROLL_BAR = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"
)
_POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", f"style-src 'self' 'nonce-{{nonce}}' {_SCROLL_BAR}"),
        *("connect-src 'self'", "img-src 'self' data:", "worker-src blob:"),
        *("base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"),
    )
)
_ALWAYS = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class _File:
    """Attributes: packed: the body by gzip."""

    packed: bytes
    headers: dict[str, str]


@answers(_OPENAPI, "GET /docs", "GET /docs/{name}", open_because="it is documentation")
def handler(event: Event, _context: object) -> Response:
    if event["routeKey"] == _OPENAPI:
        return openapi.document()
    name = (event.get("pathParameters") or {}).get("name")
    if name is None:
        return _page()
    file = _FILES.get(name)
    if file is None:
        return problem(NotFoundError(f"there is no {name[:100]} here"))
    if header(event, "if-none-match") == file.headers["etag"]:
        return {"statusCode": 304, "headers": file.headers, "body": ""}
    if "gzip" not in header(event, "accept-encoding"):
        return {"statusCode": 200, "headers": file.headers, "body": gzip.decompress(file.packed).decode()}
    headers = {**file.headers, "content-encoding": "gzip"}
    return {
        "statusCode": 200,
        "headers": headers,
        "body": base64.b64encode(file.packed).decode(),
        "isBase64Encoded": True,
    }


def _page() -> Response:
    nonce = secrets.token_urlsafe(16)
    headers = {
        **_ALWAYS,
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "content-security-policy": _POLICY.format(nonce=nonce),
    }
    return {"statusCode": 200, "headers": headers, "body": _PAGE.replace(_NONCE, nonce)}


def _file(packed: bytes, suffix: str) -> _File:
    tag = f'"{hashlib.sha256(packed).hexdigest()[:16]}"'
    headers = {**_ALWAYS, "content-type": _TYPES[suffix], "cache-control": "no-cache", "vary": "accept-encoding"}
    return _File(packed, {**headers, "etag": tag})


_PAGE = (_FOLDER / "reference.html").read_text(encoding="utf-8")
_FILES = {
    "redoc.js": _file((_FOLDER / "redoc.js.gz").read_bytes(), ".js"),
    **{
        name: _file(gzip.compress((_FOLDER / name).read_bytes(), mtime=0), Path(name).suffix)
        for name in ("reference.css", "reference.js")
    },
}
