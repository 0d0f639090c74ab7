"""Sealing: what is kept, but not to be read in the table (AES-GCM). Keys are derived from the platform's secret."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from optiq.kernel.secrets import platform_secret, sealing_key

_NONCE_BYTES = 12


def seal(content: bytes, place: str, *of: str) -> bytes:
    """
    Args:
        place: where it is kept; what is moved to another place cannot be opened.
        of: what the key is of, beside the platform's secret.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(sealing_key(platform_secret(), *of)).encrypt(nonce, content, place.encode())


def unseal(sealed: bytes, place: str, *of: str) -> bytes:
    """Raises cryptography's InvalidTag for what was sealed otherwise."""
    nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    return AESGCM(sealing_key(platform_secret(), *of)).decrypt(nonce, text, place.encode())
