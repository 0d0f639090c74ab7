"""ConversionRecorded on the stream → credits by every model.

A message that cannot be read is reported as failed, and what stands before it is done. An error while crediting
fails the whole batch, which the event source mapping then halves until the culprit stands alone.
"""

import base64
from collections.abc import Mapping
from typing import Any

from optiq.attribution import api
from optiq.journeys.contracts import ConversionRef
from optiq.kernel.events import ConversionRecorded, decode


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    refs: list[ConversionRef] = []
    failures: list[dict[str, str]] = []
    for record in event["Records"]:
        try:
            message = decode(base64.b64decode(record["kinesis"]["data"]))
        except ValueError:
            failures.append({"itemIdentifier": record["kinesis"]["sequenceNumber"]})
            break
        if isinstance(message, ConversionRecorded):
            refs.append(
                ConversionRef(message.organization_id, message.site_id, message.customer_id, message.conversion_id)
            )
    if refs:
        api.credit_arrivals(refs)
    return {"batchItemFailures": failures}
