"""The collect context: takes events in, in several dialects, and puts them on the stream.

Nothing is acknowledged before it is durable there, and nothing that reached us is dropped: what cannot be
accepted goes on the stream as an `EventRejected`, with what was sent and the reason. Neither holds an address, a phone
number or a secret (`hiding`, `kept_bodies`). Receiving reads no table; the consumer of the events counts them by their
results (`ingest`). Only what is over the limit of a site or its organization is not kept: its sender is told
when to send it again (LimitExceededError, from every function that receives), and so is not what an organization sends
that its plan has no room for (PlanLimitError). Of what cannot be accepted and shows no
secret key, only so much is kept a second; the rest is counted.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from optiq.collect import measurement, normalise, payloads, replaying, requests
from optiq.collect.bodies import plain_body
from optiq.collect.contracts import Delivery, Posted, Reception, Rejection, Replay, Sender
from optiq.collect.hiding import Hider
from optiq.collect.identities import identifiers_of
from optiq.collect.json_bodies import read_json_object
from optiq.collect.limits import keeping_limits
from optiq.collect.personal_data import may_hold
from optiq.collect.rejections import MAX_REASON, rejection
from optiq.collect.stops import stops
from optiq.kernel.ad_consent import lets_user_data
from optiq.kernel.caller import Caller
from optiq.kernel.counts import count
from optiq.kernel.errors import InvalidError, OptiqError
from optiq.kernel.events import EventAccepted, IdentityType, encode
from optiq.kernel.limits import sending_limits
from optiq.kernel.quotas import Quota
from optiq.kernel.secrets import identity_hash, read_public_site_key
from optiq.ports import wiring
from optiq.ports.stream import Record


def hashes_of(organization_id: str, text: str) -> tuple[str, ...]:
    """The keyed hashes by which a text that people know of somebody may be kept, the surest first."""
    secret = wiring.platform_secret()
    return tuple(identity_hash(secret, organization_id, kind, value) for kind, value in identifiers_of(text))


def customer_id_of(organization_id: str, kind: IdentityType, value: str) -> str:
    """The customer that events with this identifier alone belong to."""
    return f"cus_{identity_hash(wiring.platform_secret(), organization_id, kind, value)}"


def without_personal_data(organization_id: str, value: Any) -> Any:
    """A value of JSON without e-mail addresses, phone numbers, secrets and network addresses, for what is kept."""
    return Hider(wiring.platform_secret(), organization_id, kept=True).anything(value, "whatever", [])


def receive_beacon(delivery: Delivery) -> Reception:
    """Takes what the tracker posted.

    Raises:
        InvalidError: the body or its site key cannot be read; it is kept as one failed event.
        UpstreamError: nothing was acknowledged; send it again.
    """
    try:
        beacon, warnings = requests.read_beacon(delivery)
        sender = _public_sender(beacon.k)
        hider = _hider(sender, delivery.body)
        delivery = _without_personal_data(delivery, hider)
        request = requests.beacon_request(beacon, warnings, sender, delivery, hider)
    except InvalidError as error:
        _keep_rejected(delivery, error)
        raise
    return _receive(request, sender, delivery)


def receive_pixel(delivery: Delivery) -> None:
    """Takes one event from the pixel's query string (`k e u r a v c o`); what is wrong with it becomes a failed event.

    Raises:
        UpstreamError: nothing was kept.
    """
    try:
        query = requests.read_pixel(delivery)
        sender = _public_sender(query.get("k", ""))
    except InvalidError as error:
        _keep_rejected(delivery, error)
        return
    hider = _hider(sender)
    delivery = _without_personal_data(delivery, hider)
    _receive(requests.pixel_request(query, sender, delivery, hider), sender, delivery)


def read_segment(kind: str, delivery: Delivery, sender: Sender | None = None) -> Posted:
    """Reads a request of Segment's HTTP API; `sender` is known already when its key came in a header.

    Raises:
        InvalidError: the body cannot be read; it is kept as one failed event.
    """
    limit = requests.limit_of(kind)
    try:
        plain = plain_body(delivery, limit)
        body = read_json_object(plain, limit)
    except InvalidError as error:
        _keep_rejected(delivery, error, sender)
        raise
    write_key = body.get("writeKey")
    return Posted(_inflated(delivery, plain), body, write_key if isinstance(write_key, str) else "")


def receive_segment(sender: Sender, kind: str, posted: Posted) -> Reception:
    """Takes messages of Segment's HTTP API; `kind` is what it calls them: track, page, … or batch.

    Raises:
        InvalidError: the messages cannot be read; the request is kept as one failed event.
        UpstreamError: nothing was acknowledged; send it again.
    """
    delivery = posted.delivery
    try:
        hider = _hider(sender, delivery.body)
        request = requests.segment_request(kind, posted.body, len(delivery.body), hider)
    except InvalidError as error:
        _keep_rejected(delivery, error, sender)
        raise
    return _receive(request, sender, delivery)


def receive_measurement(sender: Sender, delivery: Delivery) -> Reception:
    """Takes a request of Google's Measurement Protocol.

    Raises:
        InvalidError: the body cannot be read; it is kept as one failed event.
        UpstreamError: nothing was acknowledged; send it again.
    """
    try:
        plain = plain_body(delivery, measurement.MAX_BODY_BYTES)
        request = requests.measurement_request(plain, _hider(sender, plain))
    except InvalidError as error:
        _keep_rejected(delivery, error, sender)
        raise
    return _receive(request, sender, _inflated(delivery, plain))


def segment_kind(name: str) -> str:
    """What Segment calls the messages of a route, by the last part of its path: track, page, … or batch."""
    return requests.SHORT_KINDS.get(name, name)


def replay(caller: Caller, site_id: str, failed: Sequence[Replay]) -> list[str]:
    """Reads failed events of a site again, and puts on the stream what can be read now: each whole, or not at all.

    Returns why each is still failing, "" for those that are durable on the stream.

    Raises:
        UpstreamError: not all could be put; replay them again.
    """
    records: list[Record] = []
    reasons: list[str] = []
    for one in failed:
        try:
            events = replaying.events_of(caller.organization_id, site_id, one)
        except InvalidError as error:
            reasons.append(str(error)[:MAX_REASON])
        else:
            records += [_acceptance(event) for event in events]
            reasons.append("")
    wiring.stream().put(records)
    return reasons


def refuse(delivery: Delivery, error: OptiqError, sender: Sender | None = None) -> None:
    """Keeps a request that was refused before its events were looked at, such as one with an unknown key."""
    _keep_rejected(delivery, error, sender, refused=True)


def _receive(request: requests.Request, sender: Sender, delivery: Delivery) -> Reception:
    quotas = _take(sender, len(request.items), delivery)
    secret = wiring.platform_secret()
    records: list[Record] = []
    rejected: list[Rejection] = []
    consenting: list[tuple[EventAccepted, Mapping[str, Any]]] = []
    for index, (sent, receipt) in enumerate(
        zip(request.items, normalise.new_receipts(len(request.items)), strict=True)
    ):
        try:
            statement = requests.statement_of(request, sent, index)
            event = normalise.accept(statement, sender, delivery, secret, request.first + index, receipt)
        except InvalidError as error:
            event_id = str(sent.get("event_id") or sent.get("messageId") or "") if isinstance(sent, dict) else ""
            rejected.append(Rejection(index, event_id[: payloads.MAX_ID], str(error)))
            # A server's are all kept.
            not_kept = 0 if sender.from_server else _room_to_keep(delivery, sender)
            if not_kept is None:
                continue
            alone = len(request.items) == 1
            body = delivery.body if alone else normalise.canonical_json(request.alone(sent, request.first + index))
            records.append(rejection(replace(delivery, body=body), error, sender, not_kept=not_kept))
        else:
            records.append(_acceptance(event))
            if event.ads and isinstance(sent, dict) and lets_user_data(event.ads):
                consenting.append((event, sent))
    # Ahead of their events: whoever hears of a conversion finds its keys.
    wiring.stream().put([*_keys_of(consenting, request, secret), *records])
    accepted = len(request.items) - len(rejected)
    count("Accepted", accepted)
    if rejected:
        count("Rejected", len(rejected))
    return Reception(accepted, tuple(rejected), quotas)


def _take(sender: Sender, events: int, delivery: Delivery) -> tuple[Quota, ...]:
    """What is left to a server. A page gets none: anybody with its public key would see how busy its site is.

    A request counts for no fewer events than its bytes make: work grows with both.

    Raises:
        PlanLimitError: its organization is refused. LimitExceededError: it sends too much at a time.
    """
    stops().require_open(sender.organization_id)
    events = max(events, math.ceil(len(delivery.body) / payloads.MAX_SEGMENT_EVENT_BYTES))
    return sending_limits().take(sender.organization_id, sender.site_id, events, shown=sender.from_server)


def _acceptance(event: EventAccepted) -> Record:
    return Record(f"{event.site_id}:{_shard_key(event)}", event.type, encode(event), event.organization_id)


def _keys_of(
    consenting: Sequence[tuple[EventAccepted, Mapping[str, Any]]], request: requests.Request, secret: bytes
) -> Iterator[Record]:
    """On the shards of their events."""
    if not consenting:
        return
    # Imported late: who captures nothing does not pay for sealing and the table.
    from optiq.collect.match_keys.capturing import capture

    for taken in capture(consenting, request.person, _shard_key, secret):
        yield Record(f"{taken.site_id}:{taken.subject}", taken.type, encode(taken), taken.organization_id)


def _shard_key(event: EventAccepted) -> str:
    """The device, else the person: events of one visitor stay in order."""
    by_type = {identity.type: identity.hash for identity in event.identities}
    return by_type.get("anonymous_id") or by_type.get("ga_cid") or event.identities[0].hash


def _public_sender(key: str) -> Sender:
    organization_id, site_id = read_public_site_key(wiring.platform_secret(), key)
    return Sender(organization_id, site_id, trusted_clock=False)


def _keep_rejected(
    delivery: Delivery, error: OptiqError, sender: Sender | None = None, *, refused: bool = False
) -> None:
    not_kept: int | None = 0
    if sender and sender.from_server and not refused:
        _take(sender, 1, delivery)
    else:
        not_kept = _room_to_keep(delivery, sender)
    if not_kept is not None:
        wiring.stream().put([rejection(delivery, error, sender, refused=refused, not_kept=not_kept)])
    count("Rejected", 1)


def _room_to_keep(delivery: Delivery, sender: Sender | None) -> int | None:
    """None for what is only counted; else how many were, since the last that was kept."""
    return keeping_limits().take(sender.site_id if sender else "", delivery.ip)


def _without_personal_data(delivery: Delivery, hider: Hider) -> Delivery:
    """Programs write into their user agent whom to ask."""
    if not _agent_may_hold(delivery.user_agent):
        return delivery
    return replace(delivery, user_agent=hider.text(delivery.user_agent))


# Few agents send most events.
_agent_may_hold = lru_cache(maxsize=1_024)(may_hold)


def _inflated(delivery: Delivery, plain: bytes) -> Delivery:
    return delivery if plain is delivery.body else replace(delivery, body=plain, encoding="")


def _hider(sender: Sender, body: bytes | None = None) -> Hider:
    return Hider(wiring.platform_secret(), sender.organization_id, body)
