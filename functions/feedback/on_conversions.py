"""ConversionRecorded on the stream → entries of the outbox."""

from collections.abc import Mapping
from typing import Any

from optiq.feedback import api as feedback
from optiq.journeys.contracts import ConversionRef
from optiq.kernel.events import ConversionRecorded, decode
from optiq.kernel.stream_batch import read_batch


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    found, answer = read_batch(event, decode)
    recorded = [one.message for one in found if isinstance(one.message, ConversionRecorded)]
    feedback.add_conversions(
        ConversionRef(one.organization_id, one.site_id, one.customer_id, one.conversion_id) for one in recorded
    )
    return answer
