"""Kept answers are sealed: some show a secret once, and nothing in the table may show it again.

The key is derived from the platform's secret, the place of the item and the caller's Idempotency-Key, which the table
does not have. So neither the table nor the table with the platform's secret opens an answer.
"""

import hmac
import json
from typing import Any

from optiq.kernel import sealing
from optiq.kernel.secrets import platform_secret, sealing_key


def mark(request: bytes, place: str, key: str) -> str:
    """Tells a request from others with its key. It is keyed, because a request may have a password in it."""
    return hmac.digest(sealing_key(platform_secret(), "request", place, key), request, "sha256").hex()


def seal(answer: dict[str, Any], place: str, key: str) -> bytes:
    return sealing.seal(json.dumps(answer).encode(), place, "answer", place, key)


def unseal(sealed: bytes, place: str, key: str) -> dict[str, Any]:
    """Raises cryptography's InvalidTag for what was sealed otherwise."""
    answer: dict[str, Any] = json.loads(sealing.unseal(sealed, place, "answer", place, key))
    return answer
