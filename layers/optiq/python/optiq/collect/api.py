"""The collect context: takes events in, in several dialects, and puts them on the stream.

Nothing is acknowledged before it is durable there, and nothing that reached us is dropped: what cannot be
accepted goes on the stream as an `EventRejected`, with its bytes and the reason. Receiving reads no table;
what became of the events is counted by their consumer (the ingest context). Only what is over a site's limit is
not kept: its sender is told when to send it again (LimitExceededError, from every function that receives).
"""

import base64
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from optiq.collect import measurement, normalise, payloads
from optiq.collect.bodies import plain_body
from optiq.collect.contracts import Delivery, Posted, Reception, Rejection, Sender
from optiq.collect.dialects import batch_context, of_pixel, of_segment, of_tracker, with_context
from optiq.collect.limits import site_limits
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.errors import InvalidError, OptiqError
from optiq.kernel.events import EventAccepted, EventRejected, encode
from optiq.kernel.secrets import read_public_site_key
from optiq.ports import wiring
from optiq.ports.stream import Record

MAX_KEPT_BYTES = 512 * 1024
"""How much of a refused body is kept; more can only be something that was never an event."""
MAX_STRANGERS_BYTES = 8 * 1024
"""And of one that names no site we know: anybody can send those."""
MAX_REASON = 500
BATCH = "batch"
_WRITE_KEY = re.compile(r"wk_[A-Za-z0-9_-]+")
_HIDDEN = b"(hidden)"

Read = Callable[[Mapping[str, Any]], normalise.Statement]


def receive_beacon(delivery: Delivery) -> Reception:
    """Takes what the tracker posted.

    Raises:
        InvalidError: the body or its site key cannot be read; it is kept as one failed event.
        UpstreamError: nothing was acknowledged; send it again.
    """
    try:
        body = payloads.read_json_object(delivery.body, payloads.MAX_BEACON_BYTES)
        beacon = payloads.read_payload(payloads.Beacon, body)
        sender = _public_sender(beacon.k)
        sent_ms = from_rfc3339(beacon.sent_at) if beacon.sent_at else None
    except InvalidError as error:
        _keep_rejected(delivery, str(error))
        raise
    return _receive(
        beacon.events,
        sender,
        delivery,
        lambda said: of_tracker(said, sent_ms, sender, delivery),
        lambda said: {"k": beacon.k, "sent_at": beacon.sent_at, "events": [said]},
    )


def receive_pixel(delivery: Delivery) -> None:
    """Takes one event from the pixel's query string (`k e u r a v c`); what is wrong with it becomes a failed event.

    Raises:
        UpstreamError: nothing was kept.
    """
    try:
        if len(delivery.body) > payloads.MAX_ADDRESS:
            raise InvalidError(f"the query is longer than {payloads.MAX_ADDRESS} bytes")
        query = dict(parse_qsl(delivery.body.decode(), keep_blank_values=True, errors="strict"))
        sender = _public_sender(query.get("k", ""))
    except (InvalidError, UnicodeDecodeError) as error:
        _keep_rejected(delivery, str(error))
        return
    _receive([query], sender, delivery, lambda said: of_pixel(said, sender, delivery), lambda said: said)


def read_segment(kind: str, delivery: Delivery, sender: Sender | None = None) -> Posted:
    """Reads a request of Segment's HTTP API; `sender` is known already when its key came in a header.

    Raises:
        InvalidError: the body cannot be read; it is kept as one failed event.
    """
    limit = payloads.MAX_SEGMENT_BATCH_BYTES if kind == BATCH else payloads.MAX_SEGMENT_EVENT_BYTES
    try:
        plain = plain_body(delivery, limit)
        body = payloads.read_json_object(plain, limit)
    except InvalidError as error:
        _keep_rejected(delivery, str(error), sender)
        raise
    write_key = body.get("writeKey")
    if not isinstance(write_key, str):
        return Posted(replace(delivery, body=plain), body, "")
    if _WRITE_KEY.fullmatch(write_key):
        # A secret is never kept, so it must not stand in a failed event either.
        plain = plain.replace(write_key.encode(), _HIDDEN)
        body = payloads.read_json_object(plain, len(plain)) if plain.count(_HIDDEN) > 1 else body
        body["writeKey"] = _HIDDEN.decode()
    return Posted(replace(delivery, body=plain), body, write_key)


def receive_segment(sender: Sender, kind: str, posted: Posted) -> Reception:
    """Takes messages of Segment's HTTP API; `kind` is what it calls them: track, page, … or batch.

    Raises:
        InvalidError: the messages cannot be read; the request is kept as one failed event.
        UpstreamError: nothing was acknowledged; send it again.
    """
    body, delivery = posted.body, posted.delivery
    try:
        items: object = body.get("batch") if kind == BATCH else [{**body, "type": kind}]
        if not isinstance(items, list) or not 1 <= len(items) <= payloads.MAX_SEGMENT_BATCH_EVENTS:
            raise InvalidError(f"batch: must be a list of 1 to {payloads.MAX_SEGMENT_BATCH_EVENTS} messages")
        sent_at = body.get("sentAt")
        sent_ms = from_rfc3339(sent_at) if isinstance(sent_at, str) and sent_at else None
        context = body.get("context") if kind == BATCH else None
        # It is repeated for each message, so its size counts 2,500 times.
        payloads.require_size("the batch's context", context, payloads.MAX_SEGMENT_CONTEXT_BYTES)
    except InvalidError as error:
        _keep_rejected(delivery, str(error), sender)
        raise
    shared = {"context": context, "sentAt": sent_at if sent_ms is not None else None}
    shared = {name: value for name, value in shared.items() if value}
    beneath = batch_context(context)
    may_be_large = len(delivery.body) > payloads.MAX_SEGMENT_EVENT_BYTES

    def read(said: Mapping[str, Any]) -> normalise.Statement:
        if may_be_large:
            payloads.require_size("the message", said, payloads.MAX_SEGMENT_EVENT_BYTES)
        return of_segment(with_context(said, beneath), sent_ms)

    return _receive(items, sender, delivery, read, lambda said: {**shared, "batch": [said]})


def receive_measurement(sender: Sender, delivery: Delivery) -> Reception:
    """Takes a request of Google's Measurement Protocol.

    Raises:
        InvalidError: the body cannot be read; it is kept as one failed event.
        UpstreamError: nothing was acknowledged; send it again.
    """
    try:
        plain = plain_body(delivery, measurement.MAX_BODY_BYTES)
        body = payloads.read_json_object(plain, measurement.MAX_BODY_BYTES)
        request = payloads.read_payload(measurement.MeasurementRequest, body)
    except InvalidError as error:
        _keep_rejected(delivery, str(error), sender)
        raise
    return _receive(
        request.events,
        sender,
        replace(delivery, body=plain),
        lambda said: measurement.of_measurement(said, request),
        lambda said: request.model_dump(exclude_unset=True) | {"events": [said]},
    )


def refuse(delivery: Delivery, error: OptiqError, sender: Sender | None = None) -> None:
    """Keeps a request that was refused before its events were looked at, such as one with an unknown key."""
    _keep_rejected(delivery, str(error), sender)


def _receive(
    items: Sequence[object], sender: Sender, delivery: Delivery, read: Read, alone: Callable[[object], object]
) -> Reception:
    """Puts each event on the stream; `alone` makes of one event a request like the one it came in, as which a
    rejected one is kept, so that it can be sent again."""
    site_limits().take(sender.site_id, len(items))
    secret = wiring.platform_secret()
    records: list[Record] = []
    rejected: list[Rejection] = []
    for index, said in enumerate(items):
        try:
            if not isinstance(said, dict):
                raise InvalidError("an event must be a JSON object")
            event = normalise.accept(read(said), sender, delivery, secret)
        except InvalidError as error:
            event_id = str(said.get("event_id") or said.get("messageId") or "") if isinstance(said, dict) else ""
            rejected.append(Rejection(index, event_id[: payloads.MAX_ID], str(error)))
            body = delivery.body if len(items) == 1 else normalise.canonical_json(alone(said))
            records.append(_rejection(delivery, str(error), body, sender))
        else:
            records.append(Record(f"{sender.site_id}:{_shard_key(event)}", event.type, encode(event)))
    wiring.stream().put(records)
    return Reception(len(items) - len(rejected), tuple(rejected))


def _shard_key(event: EventAccepted) -> str:
    """The device, else the person: events of one visitor stay in order."""
    by_type = {identity.type: identity.hash for identity in event.identities}
    return by_type.get("anonymous_id") or event.identities[0].hash


def _public_sender(key: str) -> Sender:
    organization_id, site_id = read_public_site_key(wiring.platform_secret(), key)
    return Sender(organization_id, site_id, trusted_clock=False)


def _keep_rejected(delivery: Delivery, reason: str, sender: Sender | None = None) -> None:
    # What names no site we know shares one limit.
    site_limits().take(sender.site_id if sender else "", 1)
    wiring.stream().put([_rejection(delivery, reason, delivery.body, sender)])


def _rejection(delivery: Delivery, reason: str, body: bytes, sender: Sender | None) -> Record:
    rejected = EventRejected(
        organization_id=sender.organization_id if sender else "",
        site_id=sender.site_id if sender else "",
        token_id=sender.token_id if sender else "",
        receipt=secrets.token_urlsafe(9),
        received_ms=delivery.received_ms,
        source=delivery.source,
        reason=reason[:MAX_REASON],
        body=base64.b64encode(body[: MAX_KEPT_BYTES if sender else MAX_STRANGERS_BYTES]).decode(),
    )
    return Record(f"{rejected.site_id}:{rejected.receipt}", rejected.type, encode(rejected))
