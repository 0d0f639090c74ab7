"""A channel and a delivery, for the tests over all routes."""

from collections.abc import Mapping

from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id
from optiq.notifications.channels.contracts import Channel
from optiq.notifications.channels.stores import CHANNELS, masked, sealed
from optiq.notifications.contracts import Delivery
from optiq.notifications.outbox import records
from optiq.notifications.outbox.contracts import Envelope
from optiq.notifications.sending.standard_webhooks import new_secret

_INSIDE = "https://127.0.0.1/hook"
"""Nothing is sent there."""


def _channel(organization_id: str, _: str) -> str:
    channel_id = new_id("channel", system_clock())
    channel = Channel(
        organization_id,
        channel_id,
        "WEBHOOK",
        "Hook",
        "",
        masked(_INSIDE),
        sealed(organization_id, channel_id, _INSIDE),
        ("alert.triggered",),
        "user_1",
        system_clock(),
        sealed_secret=sealed(organization_id, channel_id, new_secret()),
    )
    return CHANNELS.add(Caller.system(organization_id), channel).channel_id


def _delivery(organization_id: str, _: str) -> str:
    now_ms = system_clock()
    delivery_id = new_id("webhook", now_ms)
    # A path names the delivery with its channel.
    newest = next(CHANNELS.all_of(organization_id, newest_first=True), None)
    channel_id = newest.channel_id if newest else _channel(organization_id, "")
    kind = "alert.triggered"
    delivery = Delivery(
        organization_id, delivery_id, "WEBHOOK", channel_id, kind, kind, "alert_1", now_ms, status="FAILED"
    )
    records.add(delivery, Envelope(body="{}"))
    return delivery_id


_CHANNEL = {"kind": "WEBHOOK", "name": "Hook", "url": "https://93.184.216.34/hook", "takes": ["alert.triggered"]}
IDS = {"channel_id": _channel, "delivery_id": _delivery}
BODIES: Mapping[str, object] = {
    "POST /v1/message-channels": _CHANNEL,
    "PATCH /v1/message-channels/{channel_id}": {"name": "Another Name"},
    "PUT /v1/notification-preferences": {"timezone": "Europe/Berlin"},
    "PUT /v1/notification-defaults": {"timezone": "Europe/Berlin"},
}
