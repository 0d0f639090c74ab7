"""Stripe's signature of a delivery: HMAC-SHA256 over `<t>.<raw body>`.

The package `stripe` takes any instant of the future; here it may differ from now by 300 seconds either way.
"""

import hmac
from collections.abc import Iterable

TOLERANCE_SECONDS = 300


def is_signed(body: bytes, header: str, secrets: Iterable[str], now_ms: int) -> bool:
    """Whether one of the secrets signed the very bytes, within the tolerance.

    Args:
        header: `Stripe-Signature`: exactly one `t`, and one `v1` or several while a secret is replaced.
    """
    parts = [part.partition("=")[::2] for part in header.split(",")]
    instants = [value for name, value in parts if name.strip() == "t"]
    signatures = [value.strip() for name, value in parts if name.strip() == "v1"]
    if len(instants) != 1 or not instants[0].isdecimal() or not instants[0].isascii():
        return False
    if abs(now_ms // 1000 - int(instants[0])) > TOLERANCE_SECONDS:
        return False
    signed = instants[0].encode() + b"." + body
    wanted = [hmac.digest(secret.encode(), signed, "sha256").hex() for secret in secrets]
    return any(hmac.compare_digest(one.encode(), each.encode()) for one in wanted for each in signatures)
