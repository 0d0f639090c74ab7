"""GET /health: the gateway reaches us, and which version answers. Imports next to nothing, so that it always can."""

from typing import Any

from optiq.kernel.routes import answers

VERSION = "0.2.0"


@answers("GET /health", open_because="it tells only that the API is up")
def handler(_event: object, _context: object) -> dict[str, Any]:
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": f'{{"status":"ok","version":"{VERSION}"}}',
    }
