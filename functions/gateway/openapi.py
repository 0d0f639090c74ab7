"""The document of every route, made by scripts/build_openapi.py."""

from pathlib import Path

from optiq.kernel.http import Response

_DOCUMENT = Path(__file__).with_name("openapi.json").read_text(encoding="utf-8")


def document() -> Response:
    return {
        "statusCode": 200,
        "headers": {
            "content-type": "application/json",
            "cache-control": "public, max-age=300",
            "access-control-allow-origin": "*",
        },
        "body": _DOCUMENT,
    }
