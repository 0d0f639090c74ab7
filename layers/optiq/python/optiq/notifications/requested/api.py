"""A message that a context asked for: it becomes one delivery for each recipient and channel, and notices in inboxes.

The ids of deliveries are made of what the message is about, its period, recipient and channel, so a message that is
asked for again is sent once.
"""

from collections.abc import Sequence

from optiq.events.contracts import Event
from optiq.kernel.ids import id_from
from optiq.kernel.manifest import notice_kinds
from optiq.kernel.table import Put
from optiq.notifications.contracts import Channel, Delivery, NotificationRequested
from optiq.notifications.delivering import sweeping
from optiq.notifications.inbox import api as inbox
from optiq.notifications.inbox.contracts import Notice
from optiq.notifications.outbox import records
from optiq.notifications.outbox.contracts import Envelope
from optiq.notifications.requested.recipients import Recipient, recipients_of

__all__ = ["notify"]

_LOOKED_AT = 100


def notify(event: Event, asked: NotificationRequested, now_ms: int) -> Sequence[Put]:
    """Adds the deliveries, tries those that do not wait, and returns what puts the message into inboxes.

    Raises:
        ValueError: no manifest declares the kind.
    """
    if asked.kind not in notice_kinds():
        raise ValueError(f"no context's manifest has '{asked.kind}' in `notices`")
    puts, added = [], []
    for one in recipients_of(event.organization_id, asked, now_ms):
        if one.in_inbox:
            puts.append(_notice(event, asked, one))
        if one.channel is None or (asked.ends and _ended_unsent(event.organization_id, asked, one, now_ms)):
            continue
        delivery = _delivery(event, asked, one, one.channel)
        envelope = Envelope(to=one.to, message=asked.message)
        records.add(delivery, envelope)
        added.append(delivery)
    sweeping.send_new(added, now_ms)
    return puts


def _ended_unsent(organization_id: str, asked: NotificationRequested, one: Recipient, now_ms: int) -> bool:
    """Drops what still waits about a thing that is over. Whether the recipient got nothing of it, and need not know."""
    about = [
        each
        for each in records.to_target(one.target, _LOOKED_AT)
        if each.organization_id == organization_id and each.about == asked.about and each.channel == one.channel
    ]
    waiting = [each for each in about if each.status == "PENDING"]
    dropped = records.drop(waiting, "SUPPRESSED", "it was over before it was sent", now_ms)
    return bool(dropped) and dropped == len(about)


def _delivery(event: Event, asked: NotificationRequested, one: Recipient, channel: Channel) -> Delivery:
    parts = (asked.kind, asked.about, one.recipient, channel, asked.period)
    return Delivery(
        event.organization_id,
        id_from(channel.lower(), event.at_ms, *parts),
        channel,
        one.target,
        "ALERT" if asked.kind == "alert" else "NOTICE",
        asked.message.title,
        asked.about,
        event.at_ms,
        user_id=one.user_id,
        site_id=asked.site_id,
        topic=asked.kind,
        needs=asked.needs if one.user_id else "",
        severity=asked.severity,
        merges=True,
        waits=one.waits,
        next_ms=one.due_ms,
    )


def _notice(event: Event, asked: NotificationRequested, one: Recipient) -> Put:
    notice_id = id_from("notice", event.at_ms, asked.kind, asked.about, asked.period, one.user_id)
    message = asked.message
    text = " ".join((*message.paragraphs, *message.points))
    notice = Notice(notice_id, asked.severity, message.title, message.url, event.at_ms, text=text)
    return inbox.putting(event.organization_id, one.user_id, notice)
