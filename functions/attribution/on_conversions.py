"""ConversionRecorded on the stream → credits by every model.

A message that cannot be read is reported as failed, and what stands before it is done. An error while crediting
fails the whole batch, which the event source mapping then halves until the culprit stands alone.
"""

from collections.abc import Mapping
from typing import Any

from optiq.attribution import api
from optiq.journeys.contracts import ConversionRef
from optiq.kernel.events import ConversionRecorded, decode
from optiq.kernel.stream_batch import read_batch


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    found, answer = read_batch(event, decode)
    recorded = [one.message for one in found if isinstance(one.message, ConversionRecorded)]
    if recorded:
        api.credit_arrivals(
            [ConversionRef(one.organization_id, one.site_id, one.customer_id, one.conversion_id) for one in recorded]
        )
    return answer
