"""Every minute: begins to tell the conversions that are due."""

from typing import Any

from optiq.feedback import api as feedback


def handler(_: dict[str, Any], __: object) -> dict[str, int]:
    return {"destinations": feedback.start_due()}
