"""Standard Webhooks: who receives a message can tell that Optiq sent it (github.com/standard-webhooks, spec v1)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

_PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    """A secret of one endpoint, as its owner keeps it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(message_id: str, at_seconds: int, body: bytes, secrets_of_endpoint: Sequence[str]) -> dict[str, str]:
    """The headers of one attempt.

    Args:
        message_id: the same for every attempt. at_seconds: of this attempt.
        secrets_of_endpoint: one; two while the owner changes to a new one.
    """
    content = f"{message_id}.{at_seconds}.".encode() + body
    signatures = [f"v1,{_signature(secret, content)}" for secret in secrets_of_endpoint]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at_seconds),
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
