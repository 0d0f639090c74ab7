"""Task of statemachines/deletion.asl.json: {"organization_id", "deletion_id"} → {"status"}."""

import time
from typing import Any

from optiq.deletion import api as deletion

_SECONDS = 120
"""A run takes turns with others after so long: the next step goes on from where this one wrote that it is."""


def handler(event: dict[str, Any], _: object) -> dict[str, str]:
    until = time.monotonic() + _SECONDS
    found = deletion.step(event["organization_id"], event["deletion_id"], stop=lambda: time.monotonic() > until)
    return {"status": found.status}
