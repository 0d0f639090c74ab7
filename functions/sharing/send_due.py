"""Every five minutes: sends the scheduled mails that are due. A second firing finds nothing to send."""

from dataclasses import asdict
from typing import Any

from optiq.sharing.mails import api as mails

_LAST_MAIL_MS = 180_000
"""One schedule takes less than that."""


def handler(_: dict[str, Any], context: Any) -> dict[str, int]:
    return asdict(mails.send_due(stop=lambda: bool(context.get_remaining_time_in_millis() < _LAST_MAIL_MS)))
