"""Proof Key for Code Exchange (RFC 7636): the challenge that a platform compares the verifier with."""

import base64
import hashlib


def challenge(verifier: str) -> str:
    """S256: the verifier's SHA-256 in base64url without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
