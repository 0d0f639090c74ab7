"""The identity context: secrets that people and servers hold, and whom they stand for."""

import time

from optiq.identity.contracts import Principal, Scope
from optiq.identity.records import CredentialRecord
from optiq.kernel import keys
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.ids import new_id
from optiq.kernel.secrets import digest_of, new_secret
from optiq.kernel.table import table_outages

_SECRET_PREFIX: dict[Scope, str] = {"ingest": "wk", "manage": "ok"}
_LONGEST_SECRET = 100
CACHE_SECONDS = 60
"""How long a revoked ingestion token may still send."""
_CACHED_PRINCIPALS = 1_000
_cache: dict[str, tuple[float, Principal]] = {}


def issue_credential(organization_id: str, scope: Scope, *, name: str, site_id: str = "") -> str:
    """Makes a secret and returns it; this is the only time it can be seen."""
    secret = new_secret(_SECRET_PREFIX[scope])
    key = keys.credential(secret.digest)
    now_ms = system_clock()
    CredentialRecord(
        key.pk,
        key.sk,
        credential_id=new_id("key", now_ms),
        organization_id=organization_id,
        site_id=site_id,
        scope=scope,
        prefix=secret.prefix,
        name=name,
        created_ms=now_ms,
    ).save(condition=CredentialRecord.pk.does_not_exist())
    return secret.plain


def authenticate_sender(secret: str) -> Principal:
    """Whom an ingestion token stands for, known for up to CACHE_SECONDS: servers send it with every request.

    Raises:
        UnauthenticatedError: unknown, or good for something else.
    """
    digest = digest_of(secret)
    cached = _cache.get(digest)
    if cached is not None and cached[0] > time.monotonic():
        return cached[1]
    principal = authenticate(secret, "ingest")
    if len(_cache) >= _CACHED_PRINCIPALS:
        _cache.clear()
    _cache[digest] = (time.monotonic() + CACHE_SECONDS, principal)
    return principal


def authenticate(secret: str, scope: Scope) -> Principal:
    """Whom a presented secret stands for; one read of the table.

    Raises:
        UnauthenticatedError: unknown, or good for something else.
    """
    if not secret.startswith(f"{_SECRET_PREFIX[scope]}_") or len(secret) > _LONGEST_SECRET:
        raise UnauthenticatedError("the key is not known here")
    key = keys.credential(digest_of(secret))
    try:
        with table_outages():
            record = CredentialRecord.get(key.pk, key.sk)
    except CredentialRecord.DoesNotExist as error:
        raise UnauthenticatedError("the key is not known here") from error
    if record.scope != scope:
        raise UnauthenticatedError("the key is not good for this")
    return Principal(record.credential_id, record.organization_id, record.site_id, scope)
