"""The bodies of the doors of collection, read: which events are in them, and how each is to be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from optiq.collect import measurement, normalise, payloads
from optiq.collect.contracts import Delivery, Sender
from optiq.collect.dialects import batch_context, of_pixel, of_segment, of_tracker, with_context
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.errors import InvalidError

BATCH = "batch"
SHORT_KINDS = {
    "t": "track",
    "p": "page",
    "s": "screen",
    "i": "identify",
    "g": "group",
    "a": "alias",
    "b": BATCH,
    "import": BATCH,
}


@dataclass(frozen=True, slots=True)
class Request:
    """A request whose body could be read.

    Attributes:
        items: its events, unread.
        read: reads one of them; raises InvalidError.
        alone: makes of one event a request like the one it came in, as which a rejected one is kept.
    """

    items: Sequence[object]
    read: Callable[[Mapping[str, Any]], normalise.Statement]
    alone: Callable[[object], object]


def read_beacon(delivery: Delivery) -> payloads.Beacon:
    """Raises InvalidError."""
    return payloads.read_payload(payloads.Beacon, payloads.read_json_object(delivery.body, payloads.MAX_BEACON_BYTES))


def beacon_request(beacon: payloads.Beacon, sender: Sender, delivery: Delivery) -> Request:
    """Raises InvalidError."""
    sent_ms = from_rfc3339(beacon.sent_at) if beacon.sent_at else None
    return Request(
        beacon.events,
        lambda said: of_tracker(said, sent_ms, sender, delivery),
        lambda said: {"k": beacon.k, "sent_at": beacon.sent_at, "events": [said]},
    )


def read_pixel(delivery: Delivery) -> dict[str, str]:
    """Raises InvalidError."""
    if len(delivery.body) > payloads.MAX_ADDRESS:
        raise InvalidError(f"the query is longer than {payloads.MAX_ADDRESS} bytes")
    try:
        return dict(parse_qsl(delivery.body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError as error:
        raise InvalidError(str(error)) from error


def pixel_request(query: Mapping[str, str], sender: Sender, delivery: Delivery) -> Request:
    return Request([query], lambda said: of_pixel(said, sender, delivery), lambda said: said)


def limit_of(kind: str) -> int:
    """How many bytes a request of Segment's API may have."""
    return payloads.MAX_SEGMENT_BATCH_BYTES if kind == BATCH else payloads.MAX_SEGMENT_EVENT_BYTES


def segment_request(kind: str, body: Mapping[str, Any], size_bytes: int) -> Request:
    """Raises InvalidError."""
    items: object = body.get("batch") if kind == BATCH else [{**body, "type": kind}]
    if not isinstance(items, list) or not 1 <= len(items) <= payloads.MAX_SEGMENT_BATCH_EVENTS:
        raise InvalidError(f"batch: must be a list of 1 to {payloads.MAX_SEGMENT_BATCH_EVENTS} messages")
    sent_at = body.get("sentAt")
    sent_ms = from_rfc3339(sent_at) if isinstance(sent_at, str) and sent_at else None
    context = body.get("context") if kind == BATCH else None
    # It is repeated for each message, so its size counts 2,500 times.
    payloads.require_size("the batch's context", context, payloads.MAX_SEGMENT_CONTEXT_BYTES)
    shared = {"context": context, "sentAt": sent_at if sent_ms is not None else None}
    shared = {name: value for name, value in shared.items() if value}
    beneath = batch_context(context)
    may_be_large = size_bytes > payloads.MAX_SEGMENT_EVENT_BYTES

    def read(said: Mapping[str, Any]) -> normalise.Statement:
        if may_be_large:
            payloads.require_size("the message", said, payloads.MAX_SEGMENT_EVENT_BYTES)
        return of_segment(with_context(said, beneath), sent_ms)

    return Request(items, read, lambda said: {**shared, "batch": [said]})


def measurement_request(plain: bytes) -> Request:
    """Raises InvalidError."""
    body = payloads.read_json_object(plain, measurement.MAX_BODY_BYTES)
    request = payloads.read_payload(measurement.MeasurementRequest, body)
    return Request(
        request.events,
        lambda said: measurement.of_measurement(said, request),
        lambda said: request.model_dump(exclude_unset=True) | {"events": [said]},
    )


def statement_of(request: Request, said: object) -> normalise.Statement:
    """One event of a request. Raises InvalidError."""
    if not isinstance(said, dict):
        raise InvalidError("an event must be a JSON object")
    return request.read(said)
