"""Channels of Slack and webhooks: where an organization wants messages and events."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.manifest import webhooks
from optiq.kernel.schemas import Limit
from optiq.notifications.channels import api as channels
from optiq.notifications.integrating import api as integrating

from functions.notifications.app import app
from functions.notifications.schemas_channels import (
    ChannelIn,
    ChannelOut,
    ChannelPatch,
    ChannelsOut,
    ChannelTypeOut,
    ChannelTypesOut,
    DeliveriesOut,
    DeliveryOut,
    NewChannelOut,
)

_ALL = "/v1/message-channels"
_ONE = f"{_ALL}/{{channel_id}}"
_SENT = f"{_ONE}/deliveries"
_ChannelId = Annotated[str, Path(max_length=60, description="id of the channel, as the list has it")]
_DeliveryId = Annotated[str, Path(max_length=60, description="id of the delivery, as the list has it")]


@app.get("/v1/message-channel-types", needs="message_channels:read", summary="What a channel may take")
def list_types() -> ChannelTypesOut:
    return ChannelTypesOut(
        slack=[ChannelTypeOut.model_validate(one) for one in channels.shared_kinds()],
        webhook=[ChannelTypeOut.model_validate(one) for one in webhooks().values()],
    )


@app.get(_ALL, needs="message_channels:read", summary="The organization's channels, newest first")
def list_channels(limit: Limit = 50, cursor: Cursor = None) -> ChannelsOut:
    return ChannelsOut.model_validate(channels.list_channels(caller_of(app), limit=limit, cursor=cursor))


@app.post(_ALL, needs="message_channels:write", summary="Create a channel", status_code=201)
def create_channel(request: ChannelIn) -> tuple[NewChannelOut, int]:
    return NewChannelOut.of(channels.create_channel(caller_of(app), **request.given())), 201


@app.get(_ONE, needs="message_channels:read", summary="One channel")
def get_channel(channel_id: _ChannelId) -> ChannelOut:
    return ChannelOut.model_validate(channels.get_channel(caller_of(app), channel_id))


@app.patch(_ONE, needs="message_channels:write", summary="Change a channel, pause it, or turn it on again")
def change_channel(channel_id: _ChannelId, request: ChannelPatch) -> ChannelOut:
    changes = channels.ChannelChange(**request.given("version"))  # type: ignore[typeddict-item]
    changed = channels.change_channel(caller_of(app), channel_id, changes, expected_version=request.version)
    return ChannelOut.model_validate(changed)


@app.delete(_ONE, needs="message_channels:write", summary="Remove a channel", status_code=204)
def remove_channel(channel_id: _ChannelId) -> tuple[None, int]:
    channels.remove_channel(caller_of(app), channel_id)
    return None, 204


@app.post(f"{_ONE}/secret", needs="message_channels:write", summary="A new secret; the old one signs a day")
def rotate_secret(channel_id: _ChannelId) -> NewChannelOut:
    return NewChannelOut.of(channels.rotate_secret(caller_of(app), channel_id))


@app.post(f"{_ONE}/test", needs="message_channels:write", summary="Send a test message now")
def send_test(channel_id: _ChannelId) -> DeliveryOut:
    return DeliveryOut.of(integrating.send_test(caller_of(app), channel_id))


@app.get(_SENT, needs="message_channels:read", summary="What a channel was sent, newest first")
def list_deliveries(channel_id: _ChannelId, limit: Limit = 50, cursor: Cursor = None) -> DeliveriesOut:
    page = integrating.list_deliveries(caller_of(app), channel_id, limit=limit, cursor=cursor)
    return DeliveriesOut(items=[DeliveryOut.of(one) for one in page.items], cursor=page.cursor)


@app.post(f"{_SENT}/{{delivery_id}}/again", needs="message_channels:write", summary="Send it again")
def redeliver(channel_id: _ChannelId, delivery_id: _DeliveryId) -> DeliveryOut:
    return DeliveryOut.of(integrating.redeliver(caller_of(app), channel_id, delivery_id))
