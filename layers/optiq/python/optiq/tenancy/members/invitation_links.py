"""The links of invitations: a link's secret says which organization and invitation it is of, so one read finds it."""

import base64
import secrets

from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.ids import decode_ulid, encode_ulid
from optiq.kernel.settings import settings

INVALID = UnauthenticatedError("the invitation is used, revoked or expired: ask for another")
_PREFIX = "oi_"
_RANDOM_BYTES = 24


def new_secret(organization_id: str, invitation_id: str) -> str:
    raw = decode_ulid(organization_id.removeprefix("org_")) + decode_ulid(invitation_id.removeprefix("invitation_"))
    return _PREFIX + base64.urlsafe_b64encode(raw + secrets.token_bytes(_RANDOM_BYTES)).decode().rstrip("=")


def named_by(secret: str) -> tuple[str, str]:
    """The organization and the invitation that a secret is of. Raises UnauthenticatedError."""
    try:
        raw = base64.b64decode(secret.removeprefix(_PREFIX) + "=", altchars=b"-_", validate=True)
    except ValueError as error:
        raise INVALID from error
    if len(raw) != 32 + _RANDOM_BYTES:
        raise INVALID
    return f"org_{encode_ulid(raw[:16])}", f"invitation_{encode_ulid(raw[16:32])}"


def link_with(secret: str) -> str:
    """The page that an invitation is answered on; what follows # stays in the browser."""
    return f"{settings().public_url}/console/invitation#token={secret}"
