"""A message for a channel of Slack."""

from optiq.notifications.carriers.receivers import posted
from optiq.notifications.channels.contracts import Channel
from optiq.notifications.channels.stores import url_of
from optiq.notifications.contracts import Delivery
from optiq.notifications.outbox.contracts import Envelope, Outcome
from optiq.notifications.sending import slack
from optiq.notifications.sending.posting import Answer
from optiq.notifications.sending.retrying import Next, next_of


def carry(delivery: Delivery, envelope: Envelope, channel: Channel, now_ms: int) -> Outcome:
    """Posts a message to Slack."""
    if envelope.message is None:
        raise ValueError(f"the message {delivery.delivery_id} has nothing to send")
    body = slack.body_of(envelope.message)
    return posted(channel, url_of(channel), body, {}, lambda answer: _next(answer, delivery, now_ms), now_ms)


def _next(answer: Answer, delivery: Delivery, now_ms: int) -> Next:
    if slack.refuses_for_good(answer):
        return Next("DISABLE")
    return Next("FAILED") if slack.is_our_fault(answer) else next_of(answer, delivery.attempts, now_ms)
