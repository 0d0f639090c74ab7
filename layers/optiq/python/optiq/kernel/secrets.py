"""Secrets people hold, and the keys we derive.

A secret (API key, ingestion token) is random; only its SHA-256 is kept, which suffices for 192 random bits.
Everything keyed is derived from one platform secret: each organization's hashing key and the signature of
public site keys, so that collection needs no look-up (docs/decisions/0003).
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import decode_ulid, encode_ulid

PUBLIC_KEY_PREFIX = "pk_"
_readers: list[Callable[[], bytes]] = []
_TAG_BYTES = 10


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret at the only moment it is known: `plain` is shown once, `digest` and `prefix` are kept."""

    plain: str
    digest: str
    prefix: str


def new_secret(prefix: str) -> NewSecret:
    """A fresh secret such as `ok_…` with 192 random bits."""
    plain = f"{prefix}_{secrets.token_urlsafe(24)}"
    return NewSecret(plain=plain, digest=digest_of(plain), prefix=plain[:12])


def digest_of(plain: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(plain.encode()).hexdigest()


def derive(platform_secret: bytes, purpose: str, *parts: str) -> bytes:
    """32 bytes that only the platform's secret gives: for one purpose, and of these parts."""
    return hmac.digest(platform_secret, "\x1f".join((purpose, *parts)).encode(), "sha256")


def read_platform_secret_by(reader: Callable[[], bytes]) -> None:
    """Says how this process reads the platform secret. The ports do, because the kernel knows no substrate."""
    _readers[:] = [reader]


def platform_secret() -> bytes:
    """The platform secret. Raises LookupError in a process that has not imported optiq.ports.wiring."""
    if not _readers:
        raise LookupError("nothing reads the platform secret: optiq.ports.wiring is not imported")
    return _readers[0]()


# An organization's things are sealed by the same few keys.
@lru_cache(maxsize=1_024)
def sealing_key(platform_secret: bytes, *of: str) -> bytes:
    """32 bytes that seal one thing, such as the answer to one request."""
    return derive(platform_secret, "sealing", *of)


def public_site_key(platform_secret: bytes, organization_id: str, site_id: str) -> str:
    """The key a site's pages carry: its organization and site, signed. Public, and good for sending only."""
    payload = decode_ulid(organization_id.removeprefix("org_")) + decode_ulid(site_id.removeprefix("site_"))
    tag = derive(platform_secret, "site-key", organization_id, site_id)[:_TAG_BYTES]
    return PUBLIC_KEY_PREFIX + base64.urlsafe_b64encode(payload + tag).decode().rstrip("=")


@lru_cache(maxsize=1_024)
def read_public_site_key(platform_secret: bytes, key: str) -> tuple[str, str]:
    """The organization and site a public key names.

    Raises:
        InvalidError: not a key we signed.
    """
    try:
        raw = base64.b64decode(key.removeprefix(PUBLIC_KEY_PREFIX) + "==", altchars=b"-_", validate=True)
    except ValueError as error:
        raise InvalidError("unknown site key") from error
    if not key.startswith(PUBLIC_KEY_PREFIX) or len(raw) != 32 + _TAG_BYTES:
        raise InvalidError("unknown site key")
    organization_id, site_id = f"org_{encode_ulid(raw[:16])}", f"site_{encode_ulid(raw[16:32])}"
    # Comparing whole keys also refuses a second spelling of the same bytes.
    if not hmac.compare_digest(key.encode(), public_site_key(platform_secret, organization_id, site_id).encode()):
        raise InvalidError("unknown site key")
    return organization_id, site_id


@lru_cache(maxsize=1_024)
def _organization_key(platform_secret: bytes, organization_id: str) -> bytes:
    return derive(platform_secret, "identity", organization_id)


# The events of a request mostly name the same visitor.
@lru_cache(maxsize=256)
def identity_hash(platform_secret: bytes, organization_id: str, identity_type: str, value: str) -> str:
    """HMAC-SHA-256 of an identifier under its organization's own key, 128 bits in base 32 (26 characters)."""
    key = _organization_key(platform_secret, organization_id)
    return encode_ulid(hmac.digest(key, f"{identity_type}\x1f{value}".encode(), "sha256")[:16])
