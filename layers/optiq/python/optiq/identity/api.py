"""The identity context: secrets that people and servers hold, and whom they stand for.

A revoked or expired secret stops working within CACHE_SECONDS, wherever it was known. What it was used for is
counted where its events are (the ingest context), so that sending writes nothing here.
"""

import time

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity import keys
from optiq.identity.contracts import Principal, Scope
from optiq.identity.networks import is_within
from optiq.identity.records import CredentialRecord
from optiq.identity.tokens import SECRET_PREFIX, TOKEN_SCOPES, create_token, list_tokens, revoke_token
from optiq.kernel.caller import OPERATOR
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import ForbiddenError, UnauthenticatedError
from optiq.kernel.ids import new_id
from optiq.kernel.secrets import digest_of, new_secret
from optiq.kernel.table import Put, table_outages

__all__ = [
    "TOKEN_SCOPES",
    "authenticate_manager",
    "authenticate_sender",
    "check_sender",
    "create_token",
    "issue_api_key",
    "list_tokens",
    "revoke_token",
]

API_KEY_PREFIX = "ok"
_LONGEST_SECRET = 100
CACHE_SECONDS = 60
"""How long a revoked ingestion token may still send, and an API key or session still manage."""
_CACHED_PRINCIPALS = 1_000
_cache: dict[tuple[str, str], tuple[float, Principal]] = {}


def issue_api_key(organization_id: str, *, name: str) -> str:
    """Makes an API key for the operator and returns its secret; this is the only time it can be seen."""
    secret = new_secret(API_KEY_PREFIX)
    key = keys.credential(secret.digest)
    now_ms = system_clock()
    scope: Scope = "manage"
    key_id = new_id("key", now_ms)
    record = CredentialRecord(
        key.pk,
        key.sk,
        credential_id=key_id,
        organization_id=organization_id,
        scopes=[scope],
        prefix=secret.prefix,
        name=name,
        created_ms=now_ms,
    )
    made = Change(organization_id, OPERATOR, "api_key.created", key_id, after={"name": name})
    audit.commit([Put(record, CredentialRecord.pk.does_not_exist())], [made])
    return secret.plain


def authenticate_manager(secret: str) -> Principal:
    """Whom an organization's API key stands for, known for up to CACHE_SECONDS. Raises as authenticate_sender."""
    return _known(secret, API_KEY_PREFIX)


def authenticate_sender(secret: str) -> Principal:
    """Whom an ingestion token stands for, known for up to CACHE_SECONDS: servers send it with every request.

    Raises:
        UnauthenticatedError: unknown, revoked, expired, or good for something else.
    """
    return _known(secret, SECRET_PREFIX)


def _known(secret: str, prefix: str) -> Principal:
    place = (prefix, digest_of(secret))
    cached = _cache.get(place)
    if cached is not None and cached[0] > time.monotonic():
        return cached[1]
    principal = _authenticate(secret, prefix)
    if len(_cache) >= _CACHED_PRINCIPALS:
        _cache.clear()
    _cache[place] = (time.monotonic() + _seconds_known(principal), principal)
    return principal


def check_sender(principal: Principal, ip: str) -> None:
    """Raises ForbiddenError when this token may send nothing, or not from this address (which is not repeated)."""
    if "ingest" not in principal.scopes:
        raise ForbiddenError("the token may not send events: it lacks the scope 'ingest'")
    if principal.ip_allowlist and not is_within(ip, principal.ip_allowlist):
        raise ForbiddenError("the token may not be used from this address")


def _seconds_known(principal: Principal) -> float:
    if principal.expires_ms is None:
        return CACHE_SECONDS
    return min(CACHE_SECONDS, (principal.expires_ms - system_clock()) / 1000)


def _authenticate(secret: str, prefix: str) -> Principal:
    """One read of the table."""
    if not secret.startswith(f"{prefix}_") or len(secret) > _LONGEST_SECRET:
        raise UnauthenticatedError("the key is not known here")
    key = keys.credential(digest_of(secret))
    try:
        with table_outages():
            record = CredentialRecord.get(key.pk, key.sk)
    except CredentialRecord.DoesNotExist as error:
        raise UnauthenticatedError("the key is not known here") from error
    if record.revoked_ms is not None:
        raise UnauthenticatedError("the key was revoked")
    if record.expires_ms is not None and record.expires_ms <= system_clock():
        raise UnauthenticatedError("the key has expired")
    return record.principal()
