"""GET /health: the gateway reaches us, and which version answers. Imports nothing, so that it always can."""

from typing import Any

VERSION = "0.1.0"


def handler(_event: object, _context: object) -> dict[str, Any]:
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": f'{{"status":"ok","version":"{VERSION}"}}',
    }
