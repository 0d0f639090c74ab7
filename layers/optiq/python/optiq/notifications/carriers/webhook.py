"""An event for a program of the organization, signed as Standard Webhooks says."""

from optiq.kernel.clock import SECOND_MS
from optiq.notifications.carriers.receivers import posted
from optiq.notifications.channels.contracts import Channel
from optiq.notifications.channels.stores import secrets_of, url_of
from optiq.notifications.contracts import Delivery
from optiq.notifications.outbox.contracts import Envelope, Outcome
from optiq.notifications.sending.retrying import next_of
from optiq.notifications.sending.standard_webhooks import signed_headers


def carry(delivery: Delivery, envelope: Envelope, channel: Channel, now_ms: int) -> Outcome:
    """Posts an event. Its id is the same at every attempt, the time is that of the attempt."""
    body = envelope.body.encode()
    headers = signed_headers(delivery.delivery_id, now_ms // SECOND_MS, body, secrets_of(channel, now_ms))
    return posted(
        channel, url_of(channel), body, headers, lambda answer: next_of(answer, delivery.attempts, now_ms), now_ms
    )
