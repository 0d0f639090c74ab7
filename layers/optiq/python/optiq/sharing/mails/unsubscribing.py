"""Ending a scheduled mail for oneself, by the address in it: without signing in (RFC 8058).

The address names recipient, schedule and organization, and is signed; it works for ever and does nothing else.
"""

import base64
import hmac

from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import NotFoundError
from optiq.kernel.secrets import derive
from optiq.kernel.settings import settings
from optiq.ports import wiring
from optiq.sharing.mails import records

_TAG_BYTES = 16
_LONGEST_TOKEN = 400
_APART = "\x1f"


def unsubscribe_url(organization_id: str, schedule_id: str, user_id: str) -> str:
    return f"{settings().public_url}/u/{_token(organization_id, schedule_id, user_id)}"


def check_token(token: str) -> tuple[str, str, str]:
    """Organization, schedule and user of a token of ours. Raises NotFoundError for another text."""
    refusal = NotFoundError("the address is incomplete: copy it as a whole from the mail")
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise refusal
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        organization_id, schedule_id, user_id = raw[:-_TAG_BYTES].decode("ascii").split(_APART)
    except ValueError as error:
        raise refusal from error
    # Comparing whole tokens also refuses a second spelling of the same bytes.
    if not hmac.compare_digest(token, _token(organization_id, schedule_id, user_id)):
        raise refusal
    return organization_id, schedule_id, user_id


def unsubscribe(token: str, *, clock: Clock = system_clock) -> None:
    """The recipient gets the mail no more, from now on. Raises NotFoundError."""
    records.unsubscribe(*check_token(token), clock())


def _token(*names: str) -> str:
    tag = derive(wiring.platform_secret(), "unsubscribe", *names)[:_TAG_BYTES]
    return base64.urlsafe_b64encode(_APART.join(names).encode() + tag).decode().rstrip("=")
