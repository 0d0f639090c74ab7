"""Switching a channel off, and telling its owner once."""

from dataclasses import replace

from optiq.events import api as events
from optiq.kernel.caller import Caller
from optiq.kernel.errors import VersionError
from optiq.kernel.settings import settings
from optiq.notifications.channels.contracts import Channel
from optiq.notifications.channels.stores import CHANNELS
from optiq.notifications.contracts import Message, NotificationRequested
from optiq.store.api import Transaction
from optiq.tenancy.members import api as members

_PERSON = "user_"
KIND = "channel"


def disable(channel: Channel, reason: str, now_ms: int) -> None:
    """Nothing is sent to the channel until somebody turns it on again; its owner is told with the same change."""
    organization_id = channel.organization_id
    current = CHANNELS.find(organization_id, channel.channel_id)
    if current is None or current.status != "ACTIVE":
        return
    caller = Caller.system(organization_id)
    after, transaction = CHANNELS.changing(caller, current, replace(current, status="DISABLED", reason=reason))
    fact = NotificationRequested(
        KIND,
        "WARNING",
        channel.channel_id,
        f"disabled {after.version}",
        Message(
            "A channel for messages was switched off",
            (
                f"Nothing is sent to {channel.name} any more: {reason}.",
                "Repair it, and turn it on again in the console.",
            ),
            action="See the channels",
            url=f"{settings().public_url}/console/message-channels?channel={channel.channel_id}",
        ),
        user_ids=_owners(channel),
    )
    event = events.event_of("notifications", organization_id, fact, now_ms)
    try:
        (transaction + Transaction(events=(event,))).commit()
    except VersionError:
        # Another attempt disabled it, or a person changed it just then.
        return


def _owners(channel: Channel) -> tuple[str, ...]:
    """Who made it; the organization's owners where a key did."""
    if channel.owner_id.startswith(_PERSON):
        return (channel.owner_id,)
    return tuple(members.owners(channel.organization_id))
