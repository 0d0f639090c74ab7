"""The event a Kinesis event source mapping hands to a function (events/samples/kinesis_batch.json)."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optiq.ports.log_file import shard_name
from optiq.ports.stream import Record

_ARN = "arn:aws:kinesis:local:000000000000:stream/optiq"
_ROLE = "arn:aws:iam::000000000000:role/optiq"


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A record as it stands in the log."""

    sequence: int
    partition_key: str
    arrived_ms: int
    data: bytes


def sequence_number(sequence: int) -> str:
    """56 digits, as Kinesis gives them; their order as text is their order as numbers."""
    return f"49{sequence:054d}"


def to_event(shard: int, records: Sequence[StreamRecord]) -> dict[str, Any]:
    return {"Records": [_record(shard, record) for record in records]}


def bus_event(_shard: int, records: Sequence[StreamRecord]) -> dict[str, Any]:
    """What EventBridge hands to a function: one event, as the bus wrote it (ports/bus_log.py)."""
    (record,) = records
    event: dict[str, Any] = json.loads(record.data)
    return event


def _record(shard: int, record: StreamRecord) -> dict[str, Any]:
    number = sequence_number(record.sequence)
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": record.partition_key,
            "sequenceNumber": number,
            "data": base64.b64encode(record.data).decode(),
            "approximateArrivalTimestamp": record.arrived_ms / 1000,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard_name(shard)}:{number}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": _ROLE,
        "awsRegion": "local",
        "eventSourceARN": _ARN,
    }


def from_event(record: Mapping[str, Any]) -> Record:
    """What a producer appended, of one record of an event."""
    data = base64.b64decode(record["kinesis"]["data"])
    message = json.loads(data)
    kind = message["type"] if "type" in message else message["detail-type"]
    organization_id = message.get("detail", message).get("organization_id", "")
    return Record(record["kinesis"]["partitionKey"], str(kind), data, str(organization_id))


def lowest_failure(answer: object, numbers: Sequence[str]) -> int | None:
    """The position of the first record to retry, by a function's answer; None when the whole batch succeeded.

    As Lambda reads a ReportBatchItemFailures answer: nothing, or an empty or null list of failures, is complete
    success; an empty, null, unknown or misnamed identifier is complete failure; of several, the lowest
    sequence number counts.
    """
    failures = answer.get("batchItemFailures") if isinstance(answer, Mapping) else None
    if not failures:
        return None
    position = {number: index for index, number in enumerate(numbers)}
    try:
        return min(position[failure["itemIdentifier"]] for failure in failures)
    except (KeyError, TypeError):
        return 0
