"""Every minute: sends the mails that changes owe and that nobody sent, because a process ended in between."""

from typing import Any

from optiq.notifications import api as notifications


def handler(_: dict[str, Any], __: object) -> dict[str, int]:
    return {"sent": notifications.send_owed()}
