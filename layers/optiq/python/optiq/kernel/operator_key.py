"""Keys of the operator: of whoever has the platform's secret. A key says when it ends and is signed; none is kept.

A key without an organization is for the routes of `/v1/operator`. One with an organization is for that organization's
routes, and is only given out after the audit log says so (optiq.operators). Imports nothing that is slow: the command
line signs a key for each command.
"""

import base64
import hmac
import re
from dataclasses import dataclass

from optiq.kernel.clock import SECOND_MS
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.secrets import derive

PREFIX = "op_"
_KEY = re.compile(r"op_([0-9]{1,12})\.(|org_[0-9A-Z]{26})\.(?:(user_[0-9A-Z]{26})\.)?[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OperatorKey:
    """What a key says.

    Attributes:
        expires_s: when it ends, in seconds since 1970.
        organization_id: the only organization it is for; "" for the routes of `/v1/operator`.
        user_id: the member of the staff whose it is; "" for whoever has the platform's secret.
    """

    expires_s: int
    organization_id: str = ""
    user_id: str = ""


def sign(platform_secret: bytes, key: OperatorKey) -> str:
    """The key as it is sent, such as `op_1796000000..gq…`."""
    named = (key.user_id,) if key.user_id else ()
    tag = derive(platform_secret, "operator-key", str(key.expires_s), key.organization_id, *named)
    parts = (str(key.expires_s), key.organization_id, *named, base64.urlsafe_b64encode(tag).decode().rstrip("="))
    return PREFIX + ".".join(parts)


def read(platform_secret: bytes, text: str, now_ms: int) -> OperatorKey:
    """What a key that was sent says. Raises UnauthenticatedError for one that is not signed by us, or has ended."""
    found = _KEY.fullmatch(text)
    if found is None:
        raise UnauthenticatedError("unknown operator key")
    key = OperatorKey(int(found[1]), found[2], found[3] or "")
    # Comparing whole keys also refuses a second spelling of the same tag.
    if not hmac.compare_digest(text.encode(), sign(platform_secret, key).encode()):
        raise UnauthenticatedError("unknown operator key")
    if key.expires_s * SECOND_MS <= now_ms:
        raise UnauthenticatedError("the operator key has expired")
    return key
