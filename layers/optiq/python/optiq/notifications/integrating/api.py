"""What integrators get: facts of contexts, as each manifest declares them, for the programs of an organization."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cachetools import TTLCache, cached

from optiq.events.contracts import Event
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock, to_rfc3339
from optiq.kernel.errors import ConflictError, NotFoundError
from optiq.kernel.events import ConversionRecorded
from optiq.kernel.ids import id_from, instant_of, new_id
from optiq.kernel.manifest import Webhook, webhooks
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.table import Put
from optiq.notifications.channels.api import get_channel
from optiq.notifications.channels.contracts import Channel
from optiq.notifications.channels.stores import channels_of
from optiq.notifications.contracts import Delivery, Message
from optiq.notifications.delivering import sweeping
from optiq.notifications.delivering.attempting import attempt
from optiq.notifications.outbox import records
from optiq.notifications.outbox.contracts import Envelope

__all__ = ["list_deliveries", "publish", "publish_conversions", "redeliver", "send_test"]

NEW_MS = 5 * DAY_MS
"""A conversion that is older when it is recorded was imported, and is not sent."""
_TEST = "optiq.test"
_KNOWN_SECONDS = 30


def publish(event: Event, fact: type, now_ms: int) -> Sequence[Put]:
    """Adds a delivery for each webhook that takes the fact, and tries them."""
    added = []
    for shown in _webhooks_of(fact, event.data):
        for channel in _taking(channels_of(event.organization_id), shown.name, str(event.data.get("site_id", ""))):
            added.append(_add(channel, shown.name, event.at_ms, event.event_id, event.data))
    sweeping.send_new(added, now_ms)
    return ()


def publish_conversions(recorded: Iterable[ConversionRecorded], clock: Clock = system_clock) -> None:
    """Adds deliveries of conversions; one that is recorded again, as its touches changed, is sent once."""
    for one in recorded:
        at_ms = instant_of(one.conversion_id)
        if at_ms < clock() - NEW_MS:
            continue
        data = {"site_id": one.site_id, "conversion_id": one.conversion_id, "customer_id": one.customer_id}
        for shown in _webhooks_of(ConversionRecorded, data):
            for channel in _taking(_known_channels(one.organization_id), shown.name, one.site_id):
                _add(channel, shown.name, at_ms, one.conversion_id, data)


def send_test(caller: Caller, channel_id: str, clock: Clock = system_clock) -> Delivery:
    """Sends a test message at once, and returns what came of it. Raises NotFoundError; ConflictError when it is off."""
    channel, now_ms = get_channel(caller, channel_id), clock()
    _require_on(channel)
    delivery_id = new_id(channel.kind.lower(), now_ms)
    if channel.kind == "WEBHOOK":
        delivery = _add(channel, _TEST, now_ms, delivery_id, {"channel_id": channel_id})
    else:
        message = Message("A test message from Optiq", (f"Messages for {channel.name} come here.",))
        delivery = Delivery(
            channel.organization_id, delivery_id, "SLACK", channel_id, _TEST, message.title, "", now_ms, next_ms=now_ms
        )
        records.add(delivery, Envelope(message=message))
    return attempt(delivery.organization_id, delivery.delivery_id, now_ms) or delivery


def list_deliveries(caller: Caller, channel_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[Delivery]:
    """What a channel was sent, newest first. Raises NotFoundError; InvalidError for another list's cursor."""
    channel = get_channel(caller, channel_id)
    of_list = f"deliveries:{channel.channel_id}"
    found = records.to_target(channel.channel_id, limit + 1, place_after(cursor, of_list) or "")
    return page_of(of_list, found, limit, lambda one: one.delivery_id)


def redeliver(caller: Caller, channel_id: str, delivery_id: str, clock: Clock = system_clock) -> Delivery:
    """Sends an event again, under its id.

    Raises:
        NotFoundError: the channel has no such delivery. ConflictError: it is being sent, or the channel is off.
    """
    channel, now_ms = get_channel(caller, channel_id), clock()
    found = records.find(caller.organization_id, delivery_id)
    if found is None or found.target != channel.channel_id:
        raise NotFoundError("there is no such delivery")
    _require_on(channel)
    if not records.begin_again(found, now_ms):
        raise ConflictError("only an event that is over can be sent again")
    return attempt(found.organization_id, delivery_id, now_ms) or found


def _require_on(channel: Channel) -> None:
    if channel.status != "ACTIVE":
        raise ConflictError("turn the channel on first")


def _webhooks_of(fact: type, data: Mapping[str, Any]) -> list[Webhook]:
    return [
        one for one in webhooks().values() if one.fact is fact and (not one.field or data.get(one.field) == one.value)
    ]


def _taking(channels: Iterable[Channel], name: str, site_id: str) -> list[Channel]:
    return [
        one
        for one in channels
        if one.kind == "WEBHOOK" and one.status == "ACTIVE" and name in one.takes and one.site_id in ("", site_id)
    ]


def _add(channel: Channel, name: str, at_ms: int, about: str, data: Mapping[str, Any]) -> Delivery:
    body = json.dumps({"type": name, "timestamp": to_rfc3339(at_ms), "data": dict(data)}, separators=(",", ":"))
    delivery = Delivery(
        channel.organization_id,
        id_from("webhook", at_ms, name, about, channel.channel_id),
        "WEBHOOK",
        channel.channel_id,
        name,
        name,
        about,
        at_ms,
        next_ms=at_ms,
    )
    records.add(delivery, Envelope(body=body))
    return delivery


@cached(TTLCache(maxsize=10_000, ttl=_KNOWN_SECONDS))
def _known_channels(organization_id: str) -> tuple[Channel, ...]:
    """The channels of an organization as of half a minute ago: conversions are many, and channels change rarely."""
    return tuple(channels_of(organization_id))
