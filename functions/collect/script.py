"""GET /o.js: the tracker script."""

import hashlib
from importlib.resources import files

from optiq.kernel.http import Event, Response, header
from optiq.kernel.routes import answers

_SCRIPT = (files("optiq.collect") / "tracker" / "o.js").read_text(encoding="utf-8")
_TAG = f'"{hashlib.sha256(_SCRIPT.encode()).hexdigest()[:16]}"'
_HEADERS = {
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": "public, max-age=3600",
    "etag": _TAG,
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}


@answers("GET /o.js", open_because="every page of every site loads it")
def handler(event: Event, _context: object) -> Response:
    if header(event, "if-none-match") == _TAG:
        return {"statusCode": 304, "headers": _HEADERS, "body": ""}
    return {"statusCode": 200, "headers": _HEADERS, "body": _SCRIPT}
