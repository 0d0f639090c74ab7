"""Reads the stream's events into their customers' histories, and what they say of advertising."""

import base64
from typing import Any

from optiq.billing.usage import api as usage
from optiq.billing.usage.contracts import ShardMark
from optiq.collect.ingest import api as ingest
from optiq.collect.ingest.contracts import FailedEvent, failed_event_id_of
from optiq.consent import api as consent
from optiq.feedback.match_keys import api as match_keys
from optiq.journeys import api as journeys
from optiq.journeys.contracts import StreamMessage
from optiq.kernel.events import EventAccepted, EventRejected, MatchKeysTaken, UsageMark, decode
from pydantic import ValidationError


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Takes a batch whole; an exception has Lambda deliver it again, halved.

    Consent and match keys come first: who hears of a conversion finds what may be told of it.
    """
    read = [message for record in event["Records"] if (message := _message(record)) is not None]
    messages = [message for message in read if isinstance(message, StreamMessage)]
    consent.note([message.content for message in messages if isinstance(message.content, EventAccepted)])
    match_keys.take([message for message in read if isinstance(message, MatchKeysTaken)])
    journeys.take_in(messages)
    # What stands before a mark is counted by now.
    usage.note_marks([message for message in read if isinstance(message, ShardMark)])
    return {"batchItemFailures": []}


def _message(record: dict[str, Any]) -> StreamMessage | MatchKeysTaken | ShardMark | None:
    data = base64.b64decode(record["kinesis"]["data"])
    sequence = int(record["kinesis"]["sequenceNumber"])
    # The same at every delivery.
    arrived_ms = int(record["kinesis"]["approximateArrivalTimestamp"] * 1000)
    try:
        content = decode(data)
    except ValidationError as error:
        # The id follows from the delivery, so that one record is kept once.
        unreadable = FailedEvent(
            organization_id="",
            site_id="",
            failed_event_id=failed_event_id_of(arrived_ms, record["eventID"]),
            received_ms=arrived_ms,
            source="stream",
            reason=f"not a message of ours: {error.errors()[0]['msg']}",
            body=data,
        )
        ingest.keep_failed([unreadable])
        return None
    if isinstance(content, MatchKeysTaken):
        return content
    shard = record["eventID"].partition(":")[0]
    if isinstance(content, UsageMark):
        return ShardMark(content.organization_id, content.month_ms, shard)
    if not isinstance(content, EventAccepted | EventRejected):
        return None
    return StreamMessage(shard, sequence, content, arrived_ms)
