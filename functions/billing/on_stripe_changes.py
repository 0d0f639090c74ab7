"""StripeChanged on the stream → what Stripe has now, mirrored."""

from collections.abc import Mapping
from typing import Any

from optiq.billing.mirror import api as mirror
from optiq.billing.webhooks.contracts import StripeChanged
from optiq.kernel.stream_batch import read_batch


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    changed, answer = read_batch(event, StripeChanged.model_validate_json)
    mirror.mirror_changes([one.message for one in changed])
    return answer
