"""AES-256-GCM over bytes that the table keeps. What is sealed opens only with its key and where it was sealed for."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """The nonce, then the text and its tag. `place` is bound to it and not kept in it.

    Args:
        key: 32 bytes, such as of `kernel.secrets.sealing_key`.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Raises cryptography's InvalidTag for another key or place, or changed bytes."""
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
