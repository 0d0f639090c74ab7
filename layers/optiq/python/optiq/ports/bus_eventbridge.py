"""The bus on AWS: an event bus of EventBridge, whose rules infra/aws makes from the manifests.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

from collections.abc import Sequence

from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import AwsError, aws_client, upstream_error
from optiq.ports.bus import BusEvent


class EventBridgeBus:
    """The bus port; `name` is the event bus."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = aws_client("events")

    def put(self, events: Sequence[BusEvent]) -> None:
        entries = [
            {
                "EventBusName": self._name,
                "Source": event.source,
                "DetailType": event.kind,
                "Time": event.at_ms / 1000,
                "Detail": event.detail,
            }
            for event in events
        ]
        try:
            answer = self._client.put_events(Entries=entries)
        except AwsError as error:
            raise upstream_error("the events were not taken", error) from error
        if answer["FailedEntryCount"]:
            codes = sorted({entry["ErrorCode"] for entry in answer["Entries"] if "ErrorCode" in entry})
            raise UpstreamError(f"the events were not all taken: {', '.join(codes)}", retryable=True)
