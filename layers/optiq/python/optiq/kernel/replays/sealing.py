"""Kept answers are sealed: some show a secret once, and nothing in the table may show it again.

The key is derived from the platform's secret, the place of the item and the caller's Idempotency-Key, which the table
does not have. So neither the table nor the table with the platform's secret opens an answer.
"""

import hmac
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from optiq.kernel.secrets import platform_secret, sealing_key

_NONCE_BYTES = 12


def mark(request: bytes, place: str, key: str) -> str:
    """Tells a request from others with its key. It is keyed, because a request may have a password in it."""
    return hmac.digest(sealing_key(platform_secret(), "request", place, key), request, "sha256").hex()


def seal(answer: dict[str, Any], place: str, key: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(place, key).encrypt(nonce, json.dumps(answer).encode(), place.encode())


def unseal(sealed: bytes, place: str, key: str) -> dict[str, Any]:
    """Raises cryptography's InvalidTag for what was sealed otherwise."""
    nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    answer: dict[str, Any] = json.loads(_cipher(place, key).decrypt(nonce, text, place.encode()))
    return answer


def _cipher(place: str, key: str) -> AESGCM:
    return AESGCM(sealing_key(platform_secret(), "answer", place, key))
