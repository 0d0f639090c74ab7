"""Each minute: sees what works, and writes the status page. A second firing within the minute changes nothing."""

from typing import Any

from optiq.operations.status import api as status


def handler(_: dict[str, Any], _context: object) -> dict[str, Any]:
    return {"works": status.beat()}
