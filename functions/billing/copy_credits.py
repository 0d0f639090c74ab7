"""Every night: copies the ledgers of credits of the days that ended. A second firing finds them copied."""

from dataclasses import asdict
from typing import Any

from optiq.billing.credits import api as credit_ledger

_LAST_DAY_MS = 120_000
"""A day of a ledger takes less than that."""


def handler(_: dict[str, Any], context: Any) -> dict[str, int]:
    return asdict(
        credit_ledger.copy_ended_days(stop=lambda: bool(context.get_remaining_time_in_millis() < _LAST_DAY_MS))
    )
