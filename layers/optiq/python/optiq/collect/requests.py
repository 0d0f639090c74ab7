"""The bodies of the doors of collection, read: which events are in them, and how each is to be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from optiq.collect import consents, measurement, normalise, payloads
from optiq.collect.contracts import Delivery, OversizeError, Sender
from optiq.collect.dialects import batch_context, of_pixel, of_segment, of_tracker, with_context
from optiq.collect.hiding import MEASUREMENT, MESSAGE, PIXEL, Hider
from optiq.collect.instants import read_instant
from optiq.collect.json_bodies import Mended, read_json_object, without_unreadable
from optiq.collect.match_keys import finding
from optiq.collect.match_keys.finding import Person
from optiq.collect.mending import read_payload
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
        hider: of what the request holds.
        read: reads one of them, at a position, and adds to the warnings what it leaves out or hides; raises
            InvalidError.
        person: what one of them says of its buyer, as it came.
        alone: makes of one event, and its position, a request like the one it came in. As that a rejected one is kept.
        warnings: what could not be read of what the request says of all its events.
        first: the position of its first event.
    """

    items: Sequence[object]
    hider: Hider
    read: Callable[[Mapping[str, Any], int, list[str]], normalise.Statement]
    person: Callable[[Mapping[str, Any]], Person]
    alone: Callable[[object, int], object]
    warnings: Sequence[str] = ()
    first: int = 0


def read_beacon(delivery: Delivery) -> tuple[payloads.Beacon, Sequence[str]]:
    """What the tracker posted, and what of it could not be read. Raises InvalidError."""
    body = read_json_object(delivery.body, payloads.MAX_BEACON_BYTES)
    warnings = _warnings_of(body)
    return read_payload(payloads.Beacon, body, warnings, essential=("k", "events")), warnings


def beacon_request(
    beacon: payloads.Beacon, warnings: Sequence[str], sender: Sender, delivery: Delivery, hider: Hider
) -> Request:
    found = hider.texts(warnings)
    sent_ms = read_instant("sent_at", beacon.sent_at, found)
    consent = consents.of_object(beacon.c, "TRACKER") if beacon.c else ""
    said = {"c": beacon.c} if consent else {}
    return Request(
        beacon.events,
        hider,
        lambda sent, _position, noted: of_tracker(
            hider.event(sent, "tracked", noted), sent_ms, sender, delivery, noted, consent
        ),
        lambda sent: finding.of_tracker(sent, beacon.m, delivery),
        lambda sent, position: {"k": beacon.k, "sent_at": beacon.sent_at, **said, **_at(position), "events": [sent]},
        found,
        beacon.position,
    )


def read_pixel(delivery: Delivery) -> dict[str, str]:
    """The parameters of a pixel's address. Raises InvalidError."""
    if len(delivery.body) > payloads.MAX_PIXEL_BYTES:
        raise OversizeError(f"the query is longer than {payloads.MAX_PIXEL_BYTES} bytes")
    query = delivery.body.decode("utf-8", "surrogateescape")
    return dict(parse_qsl(query, keep_blank_values=True, errors="surrogateescape"))


def pixel_request(query: Mapping[str, str], sender: Sender, delivery: Delivery, hider: Hider) -> Request:
    def read(sent: Mapping[str, Any], _position: int, noted: list[str]) -> normalise.Statement:
        return of_pixel(hider.event(without_unreadable(sent, "", noted), PIXEL, noted), sender, delivery, noted)

    return Request([query], hider, read, lambda _sent: Person(), lambda sent, _position: sent)


def limit_of(kind: str) -> int:
    """How many bytes a request of Segment's API may have."""
    return payloads.MAX_SEGMENT_BATCH_BYTES if kind == BATCH else payloads.MAX_SEGMENT_EVENT_BYTES


def segment_request(kind: str, body: Mapping[str, Any], size_bytes: int, hider: Hider) -> Request:
    """Raises InvalidError."""
    items: object = body.get("batch") if kind == BATCH else [{**body, "type": kind}]
    if not isinstance(items, list) or not 1 <= len(items) <= payloads.MAX_SEGMENT_BATCH_EVENTS:
        raise InvalidError(f"batch: must be a list of 1 to {payloads.MAX_SEGMENT_BATCH_EVENTS} messages")
    warnings = hider.texts(_warnings_of(body))
    # A single message says of itself when it was sent.
    sent_ms = read_instant("sentAt", body.get("sentAt"), warnings) if kind == BATCH else None
    context = body.get("context") if kind == BATCH else None
    # It is repeated for each message, so its size counts 2,500 times. The messages may be good, and stay for a replay.
    if wrong := payloads.wrong_size("the batch's context", context, payloads.MAX_SEGMENT_CONTEXT_BYTES):
        raise InvalidError(wrong)
    shared = {"context": context, "sentAt": None if sent_ms is None else body.get("sentAt")}
    shared = {name: value for name, value in shared.items() if value}
    beneath = hider.event(batch_context(context, warnings), {}, warnings)
    may_be_large = size_bytes > payloads.MAX_SEGMENT_EVENT_BYTES

    def read(sent: Mapping[str, Any], _position: int, noted: list[str]) -> normalise.Statement:
        if may_be_large and (wrong := payloads.wrong_size("the message", sent, payloads.MAX_SEGMENT_EVENT_BYTES)):
            raise OversizeError(wrong)
        return of_segment(with_context(hider.event(sent, MESSAGE, noted), beneath, noted), sent_ms, noted)

    def alone(sent: object, position: int) -> object:
        return {**shared, **_at(position), "batch": [sent]}

    def person(sent: Mapping[str, Any]) -> Person:
        return finding.of_segment(sent, context)

    return Request(items, hider, read, person, alone, warnings, _first_position(body) if kind == BATCH else 0)


def measurement_request(plain: bytes, hider: Hider) -> Request:
    """Raises InvalidError."""
    body = read_json_object(plain, measurement.MAX_BODY_BYTES)
    warnings = hider.texts(_warnings_of(body))
    of_all = {name: body[name] for name in measurement.MeasurementRequest.model_fields if name in body}
    events = {"events": of_all.pop("events")} if "events" in of_all else {}
    said_of_all = {**hider.event(of_all, MEASUREMENT, warnings), **events}
    request = read_payload(measurement.MeasurementRequest, said_of_all, warnings, essential=("events",))
    return Request(
        request.events,
        hider,
        lambda sent, position, noted: measurement.of_measurement(
            hider.event(sent, {}, noted), request, position, noted
        ),
        lambda sent: finding.of_measurement(sent, body),
        lambda sent, position: of_all | {**_at(position), "events": [sent]},
        warnings,
        request.position,
    )


def statement_of(request: Request, sent: object, index: int) -> normalise.Statement:
    """One event of a request, by its index in `items`. Raises InvalidError."""
    if not isinstance(sent, dict):
        raise InvalidError("an event must be a JSON object")
    warnings = list(request.warnings)
    if isinstance(sent, Mended):
        warnings += request.hider.texts(sent.warnings)
    return request.read(sent, request.first + index, warnings)


def _warnings_of(sent: Mapping[str, Any]) -> list[str]:
    return [*sent.warnings] if isinstance(sent, Mended) else []


def _at(position: int) -> Mapping[str, int]:
    return {"position": position} if position else {}


def _first_position(body: Mapping[str, Any]) -> int:
    position = body.get("position")
    if not isinstance(position, int) or isinstance(position, bool):
        return 0
    return position if 0 <= position < payloads.MAX_SEGMENT_BATCH_EVENTS else 0
