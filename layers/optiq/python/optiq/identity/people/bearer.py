"""Secrets that say whose they are: `os_` sessions and `ok_` API keys of people.

Prefix, then 75 characters: the user's ULID, the organization's (zeros while none is chosen) and 24 random bytes. So
one read by key finds the credential together with what else stands by its user.
"""

import base64
import secrets

from optiq.kernel.ids import decode_ulid, encode_ulid
from optiq.kernel.secrets import NewSecret, digest_of

SESSION_PREFIX = "os"
KEY_PREFIX = "ok"
_NONE = bytes(16)
_RANDOM_BYTES = 24
_BYTES = 16 + 16 + _RANDOM_BYTES
_SHOWN = 12


def new_bearer(prefix: str, user_id: str, organization_id: str) -> NewSecret:
    """A fresh secret of a user; `organization_id` may be ""."""
    organization = decode_ulid(organization_id.removeprefix("org_")) if organization_id else _NONE
    raw = decode_ulid(user_id.removeprefix("user_")) + organization + secrets.token_bytes(_RANDOM_BYTES)
    plain = f"{prefix}_{base64.urlsafe_b64encode(raw).decode().rstrip('=')}"
    # Keys of one user begin alike: what is shown to tell them apart is the end of the random part.
    return NewSecret(plain=plain, digest=digest_of(plain), prefix=f"{prefix}_…{plain[-_SHOWN // 2 :]}")


def named_by(secret: str) -> tuple[str, str] | None:
    """The user and the organization ("" for none) that a secret names; None when it names no user."""
    _, _, text = secret.partition("_")
    try:
        raw = base64.b64decode(text + "=", altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != _BYTES:
        return None
    organization = raw[16:32]
    return f"user_{encode_ulid(raw[:16])}", "" if organization == _NONE else f"org_{encode_ulid(organization)}"
