"""Every minute: posts what is due in ledgers of credits. A second firing finds nothing due."""

from dataclasses import asdict
from typing import Any

from optiq.billing.credits import api as credit_ledger

_LAST_LEDGER_MS = 20_000
"""One ledger takes less than that."""


def handler(_: dict[str, Any], context: Any) -> dict[str, int]:
    return asdict(credit_ledger.sweep(stop=lambda: bool(context.get_remaining_time_in_millis() < _LAST_LEDGER_MS)))
