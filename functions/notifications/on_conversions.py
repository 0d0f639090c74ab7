"""ConversionRecorded on the stream → webhooks `conversion.recorded`."""

from collections.abc import Mapping
from typing import Any

from optiq.kernel.events import ConversionRecorded, decode
from optiq.kernel.stream_batch import read_batch
from optiq.notifications.integrating import api as integrating


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    found, answer = read_batch(event, decode)
    integrating.publish_conversions(one.message for one in found if isinstance(one.message, ConversionRecorded))
    return answer
