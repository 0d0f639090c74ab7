"""Sealing: what is kept, but not to be read in the table (AES-256-GCM). Most keys follow from the platform's secret."""

import secrets
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from optiq.kernel.secrets import platform_secret, sealing_key

_NONCE_BYTES = 12


def seal(content: bytes, place: str, *of: str) -> bytes:
    """
    Args:
        place: where it is kept; what is moved to another place cannot be opened.
        of: what the key is of, beside the platform's secret.
    """
    return seal_with(sealing_key(platform_secret(), *of), content, place)


def unseal(sealed: bytes, place: str, *of: str) -> bytes:
    """Raises cryptography's InvalidTag for what was sealed otherwise."""
    return unseal_with(sealing_key(platform_secret(), *of), sealed, place)


def seal_with(key: bytes, content: bytes, place: str) -> bytes:
    """As `seal`, with a key of 32 bytes."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, content, place.encode())


def unseal_with(key: bytes, sealed: bytes, place: str) -> bytes:
    """As `unseal`, with a key of 32 bytes."""
    return _cipher(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())


# Making one costs several times what it takes to seal a kilobyte.
@lru_cache(maxsize=256)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
