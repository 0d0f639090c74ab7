"""Failed events, read again by the reader of the door they came by, as if they had just come there.

They keep the time they were received. Their address was never kept, so who was known by it for a day is a visitor of
their own. An event without an id gets one that follows from the failed event, so replaying twice never doubles.
"""

import secrets
from collections.abc import Sequence

from pydantic import ValidationError

from optiq.collect import normalise, payloads, requests
from optiq.collect.contracts import Delivery, Replay, Sender
from optiq.collect.hiding import Hider
from optiq.collect.json_bodies import read_json_object
from optiq.kernel.errors import InvalidError
from optiq.kernel.events import EventAccepted, decode
from optiq.ports import wiring

_MAX_MESSAGE_BYTES = 1_000_000


def events_of(organization_id: str, site_id: str, failed: Replay) -> Sequence[EventAccepted]:
    """The events of a failed event: all of them, or InvalidError says why one cannot be read."""
    if failed.source == "stream":
        return [_renamed(failed)]
    if failed.source == "held":
        return [_as_kept(failed)]
    from_page = failed.source in ("POST /b", "GET /p.gif")
    sender = Sender(organization_id, site_id, trusted_clock=not from_page, may_import=not from_page)
    body = failed.body if failed.corrected is None else failed.corrected
    delivery = Delivery(failed.source, body, failed.user_agent, failed.failed_event_id, failed.received_ms)
    secret = wiring.platform_secret()
    hider = Hider(secret, organization_id, replayed=True)
    request = _request(sender, delivery, hider)
    events = []
    for index, sent in enumerate(request.items):
        statement = requests.statement_of(request, sent, index)
        event = normalise.accept(statement, sender, delivery, secret, request.first + index)
        # An id of ours proves nothing of a corrected event's visitor, so it is claimed like a foreign one.
        own = {} if statement.event_id else {"event_id": f"{failed.failed_event_id}.{index}", "own_id": False}
        events.append(event.model_copy(update={"replay_of": failed.failed_event_id, **own}))
    return events


def _request(sender: Sender, delivery: Delivery, hider: Hider) -> requests.Request:
    if delivery.source == "POST /b":
        return requests.beacon_request(*requests.read_beacon(delivery), sender, delivery, hider)
    if delivery.source == "GET /p.gif":
        return requests.pixel_request(requests.read_pixel(delivery), sender, delivery, hider)
    if delivery.source == "POST /mp/collect":
        return requests.measurement_request(delivery.body, hider)
    if delivery.source.startswith("POST /v1/"):
        name = delivery.source.rpartition("/")[2]
        kind = requests.SHORT_KINDS.get(name, name)
        body = read_json_object(delivery.body, requests.limit_of(kind))
        return requests.segment_request(kind, body, len(delivery.body), hider)
    raise InvalidError(f"events of '{delivery.source[:60]}' cannot be read again")


def _as_kept(failed: Replay) -> EventAccepted:
    """An event that came while its site was not active."""
    kept = decode(failed.body)
    if failed.corrected is not None or not isinstance(kept, EventAccepted):
        raise InvalidError("it was good, only its site was not active: replay it without a body")
    delivered = {"receipt": secrets.token_urlsafe(6), "token_id": "", "replay_of": failed.failed_event_id}
    return kept.model_copy(update=delivered)


def _renamed(failed: Replay) -> EventAccepted:
    """An event whose id was used before, under the id it was given since."""
    if failed.corrected is None:
        raise InvalidError("its event id was used before: send its body again with another event_id")
    kept = decode(failed.body)
    try:
        given = decode(failed.corrected[:_MAX_MESSAGE_BYTES])
    except ValidationError as error:
        raise InvalidError("the body is not the kept one with another event_id") from error
    if not isinstance(kept, EventAccepted) or not isinstance(given, EventAccepted):
        raise InvalidError("the body is not the kept one with another event_id")
    if not 1 <= len(given.event_id) <= payloads.MAX_ID or given.event_id == kept.event_id:
        raise InvalidError(f"event_id: must be another, of 1 to {payloads.MAX_ID} characters")
    named = {"event_id": given.event_id, "own_id": False, "replay_of": kept.replay_of}
    if given.model_copy(update=named) != kept.model_copy(update=named):
        raise InvalidError("only the event_id of this body may be changed")
    delivered = {"receipt": secrets.token_urlsafe(6), "token_id": "", "replay_of": failed.failed_event_id}
    return kept.model_copy(update=named | delivered)
