"""Every hour, where somebody pays: reminds of trials that end, and compares the mirror with Stripe once a day."""

from dataclasses import asdict
from typing import Any

from optiq.billing.gateways.api import gateway, stripe_account
from optiq.billing.subscribing import api as subscribing

_LAST_PAGE_MS = 120_000
"""A page of a hundred objects takes less than that, each of them mirrored again."""


def handler(_: dict[str, Any], context: Any) -> dict[str, int]:
    if stripe_account() is None:
        return {}

    def stop() -> bool:
        return bool(context.get_remaining_time_in_millis() < _LAST_PAGE_MS)

    return asdict(subscribing.look_after(gateway(), stop))
