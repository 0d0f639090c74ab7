"""Ending a mail that recurs for oneself, by the address in it: without signing in (RFC 8058).

The address names organization, topic and recipient, and is signed; it works for ever and does nothing else. A topic is
a kind of notification, such as `alert`, or the id of a scheduled mail.
"""

import base64
import hmac

from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import NotFoundError
from optiq.kernel.secrets import derive
from optiq.kernel.settings import settings
from optiq.notifications.ending import records
from optiq.notifications.ending.records import begin_again, ended_by_topic, has_ended
from optiq.ports import wiring

__all__ = ["begin_again", "check_token", "ended_by_topic", "has_ended", "unsubscribe", "unsubscribe_url"]

_TAG_BYTES = 16
_LONGEST_TOKEN = 400
_APART = "\x1f"


def unsubscribe_url(organization_id: str, topic: str, recipient: str) -> str:
    return f"{settings().public_url}/u/{_token(organization_id, topic, recipient)}"


def check_token(token: str) -> tuple[str, str, str]:
    """Organization, topic and recipient of a token of ours. Raises NotFoundError for another text."""
    refusal = NotFoundError("the address is incomplete: copy it as a whole from the mail")
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise refusal
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        organization_id, topic, recipient = raw[:-_TAG_BYTES].decode("ascii").split(_APART)
    except ValueError as error:
        raise refusal from error
    # Comparing whole tokens also refuses a second spelling of the same bytes.
    if not hmac.compare_digest(token, _token(organization_id, topic, recipient)):
        raise refusal
    return organization_id, topic, recipient


def unsubscribe(token: str, *, clock: Clock = system_clock) -> None:
    """The recipient gets the mail no more, from now on. Raises NotFoundError."""
    records.end(*check_token(token), clock())


def _token(*names: str) -> str:
    tag = derive(wiring.platform_secret(), "unsubscribe", *names)[:_TAG_BYTES]
    return base64.urlsafe_b64encode(_APART.join(names).encode() + tag).decode().rstrip("=")
