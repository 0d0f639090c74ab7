"""The identity context: the secrets that people and servers send, and what each allows.

A revoked or expired secret stops working within CACHE_SECONDS, wherever it was known. What it was used for is
counted where its events are (the collect context), so that sending writes nothing here.
"""

import time

from optiq.audit.contracts import Change
from optiq.identity.contracts import Credential
from optiq.identity.credentials import CREDENTIALS
from optiq.identity.networks import is_within
from optiq.identity.tokens import SECRET_PREFIX, TOKEN_SCOPES, create_token, list_tokens, revoke_token
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import ForbiddenError, UnauthenticatedError
from optiq.kernel.ids import new_id
from optiq.kernel.secrets import digest_of, new_secret
from optiq.kernel.table import table_outages

__all__ = [
    "TOKEN_SCOPES",
    "authenticate_manager",
    "authenticate_sender",
    "check_sender",
    "create_token",
    "issue_api_key",
    "known_organization",
    "list_tokens",
    "revoke_token",
]

API_KEY_PREFIX = "ok"
_LONGEST_SECRET = 100
CACHE_SECONDS = 60
"""How long a revoked ingestion token may still send, and an API key or session still manage."""
_CACHED = 1_000
_cache: dict[tuple[str, str], tuple[float, Credential]] = {}


def issue_api_key(caller: Caller, *, name: str) -> str:
    """Creates an API key of the caller's organization and returns its secret; it can be seen only now."""
    secret, now_ms = new_secret(API_KEY_PREFIX), system_clock()
    key = Credential(
        organization_id=caller.organization_id,
        digest=secret.digest,
        credential_id=new_id("key", now_ms),
        name=name,
        prefix=secret.prefix,
        scopes=("manage",),
        created_ms=now_ms,
    )
    action, after = "api_key.created", {"name": name}
    entry = Change(key.organization_id, caller.actor, action, key.credential_id, {}, after, caller.origin)
    CREDENTIALS.adding(caller, key, entry=entry).commit()
    return secret.plain


def authenticate_manager(secret: str) -> Credential:
    """An organization's API key by its secret, known for up to CACHE_SECONDS. Raises as authenticate_sender."""
    return _known(secret, API_KEY_PREFIX)


def authenticate_sender(secret: str) -> Credential:
    """An ingestion token by its secret, known for up to CACHE_SECONDS: servers send it with every request.

    Raises:
        UnauthenticatedError: unknown, revoked, expired, or good for something else.
    """
    return _known(secret, SECRET_PREFIX)


def known_organization(secret: str, ip: str) -> str:
    """Whose ingestion token this is, where this process knows that already and it may send from the address.

    Nothing is read: "" for every other.
    """
    token = _remembered((SECRET_PREFIX, digest_of(secret)))
    if token is None or (token.ip_allowlist and not is_within(ip, token.ip_allowlist)):
        return ""
    return token.organization_id


def _remembered(place: tuple[str, str]) -> Credential | None:
    until, credential = _cache.get(place, (0.0, None))
    return credential if until > time.monotonic() else None


def _known(secret: str, prefix: str) -> Credential:
    place = (prefix, digest_of(secret))
    remembered = _remembered(place)
    if remembered is not None:
        return remembered
    credential = _authenticate(secret, prefix)
    if len(_cache) >= _CACHED:
        _cache.clear()
    _cache[place] = (time.monotonic() + _seconds_known(credential), credential)
    return credential


def check_sender(token: Credential, ip: str) -> None:
    """Raises ForbiddenError when this token may send nothing, or not from this address (which is not repeated)."""
    if "ingest" not in token.scopes:
        raise ForbiddenError("the token may not send events: it lacks the scope 'ingest'")
    if token.ip_allowlist and not is_within(ip, token.ip_allowlist):
        raise ForbiddenError("the token may not be used from this address")


def _seconds_known(credential: Credential) -> float:
    if credential.expires_ms is None:
        return CACHE_SECONDS
    return min(CACHE_SECONDS, (credential.expires_ms - system_clock()) / 1000)


def _authenticate(secret: str, prefix: str) -> Credential:
    """One read of the table."""
    if not secret.startswith(f"{prefix}_") or len(secret) > _LONGEST_SECRET:
        raise UnauthenticatedError("the key is not known here")
    with table_outages():
        credential = CREDENTIALS.find(digest_of(secret), consistent=False)
    if credential is None:
        raise UnauthenticatedError("the key is not known here")
    if credential.revoked_ms is not None:
        raise UnauthenticatedError("the key was revoked")
    if credential.expires_ms is not None and credential.expires_ms <= system_clock():
        raise UnauthenticatedError("the key has expired")
    return credential
