"""GET /openapi.json: the document of every route, made by scripts/build_openapi.py."""

from pathlib import Path
from typing import Any

from optiq.kernel.routes import answers

_DOCUMENT = Path(__file__).with_name("openapi.json").read_text(encoding="utf-8")


@answers("GET /openapi.json", open_because="it is documentation")
def handler(_event: object, _context: object) -> dict[str, Any]:
    return {
        "statusCode": 200,
        "headers": {
            "content-type": "application/json",
            "cache-control": "public, max-age=300",
            "access-control-allow-origin": "*",
        },
        "body": _DOCUMENT,
    }
