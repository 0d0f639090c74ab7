"""Posting to a channel's receiver, and what its answers mean for the channel."""

from collections.abc import Callable, Mapping

from optiq.kernel.outside_targets import RefusedAddressError, target_of
from optiq.notifications.channels.contracts import Channel
from optiq.notifications.channels.disabling import disable
from optiq.notifications.channels.networks import permitted_networks
from optiq.notifications.channels.records import note_fails, note_works
from optiq.notifications.outbox.contracts import Outcome
from optiq.notifications.sending.posting import Answer, post
from optiq.notifications.sending.retrying import DISABLED_AFTER_MS, Next

_SHOWN = 120


def posted(
    channel: Channel,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    judge: Callable[[Answer], Next],
    now_ms: int,
) -> Outcome:
    """Posts once, to the address that the name has now, if it may be reached."""
    try:
        target = target_of(url, permitted_networks())
    except RefusedAddressError as error:
        return Outcome("FAILED", f"nothing was sent: {error}")
    except OSError:
        answer = Answer(0, "the name has no address")
    else:
        answer = post(target, body, headers)
    found = judge(answer)
    if found.fate == "SENT":
        note_works(channel.organization_id, channel.channel_id)
        return Outcome("SENT", answer=answer.status)
    reason = _reason(answer)
    since_ms = note_fails(channel.organization_id, channel.channel_id, now_ms, found.at_ms)
    if found.fate == "DISABLE":
        disable(channel, f"its receiver refuses messages for good: {reason}", now_ms)
    elif now_ms - since_ms >= DISABLED_AFTER_MS:
        disable(channel, f"its receiver has taken nothing for five days: {reason}", now_ms)
    elif found.fate == "RETRY":
        return Outcome("PENDING", reason, found.at_ms, answer.status)
    return Outcome("FAILED", reason, answer=answer.status)


def _reason(answer: Answer) -> str:
    text = " ".join(answer.text.split())[:_SHOWN]
    if not answer.status:
        return text
    return f"answer {answer.status}: {text}" if text else f"answer {answer.status}"
