"""The tokens of a connection: read, written and renewed. Only this module opens them.

One process renews at a time: it takes a lease of 30 seconds on the version that it read. The others wait for the next
version, and never ask the platform for one themselves.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from optiq.ads import keys
from optiq.ads.connections.records import CredentialRecord
from optiq.ads.connections.sealing import seal, unseal
from optiq.ads.platforms.contract import SigningIn, Tokens
from optiq.ads.platforms.verdicts import PlatformError, Verdict
from optiq.kernel.clock import MINUTE_MS, SECOND_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError
from optiq.kernel.table import Condition, Put, Update, put_one, update_if, whole_or_none

_LEASE_MS = 30 * SECOND_MS
_EARLY_MS = MINUTE_MS
"""A token that ends so soon is renewed before it is used."""
_LOOKS, _LOOK_SECONDS = 350, 0.1

Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Credential:
    """The tokens of a connection, and the version that they are."""

    organization_id: str
    connection_id: str
    tokens: Tokens
    version: int


class NoCredentialError(ConflictError):
    """The connection has no tokens that the platform accepts."""

    def __init__(self) -> None:
        super().__init__("the connection must be connected again")


def put_of(organization_id: str, connection_id: str, tokens: Tokens, after_version: int) -> Put:
    """What writes the tokens that follow a version, 0 for none, to be committed with the connection."""
    ids = (organization_id, connection_id)
    record = CredentialRecord(
        *keys.credential(*ids),
        version=after_version + 1,
        access=seal(*ids, "access", tokens.access),
        renewal=seal(*ids, "refresh", tokens.refresh) if tokens.refresh else None,
        issued_ms=tokens.issued_ms,
        access_expires_ms=tokens.access_expires_ms,
        refresh_expires_ms=tokens.refresh_expires_ms,
    )
    same = CredentialRecord.version == after_version
    return Put(record, same if after_version else CredentialRecord.pk.does_not_exist())


def emptied(organization_id: str, connection_id: str) -> Put:
    """What removes the tokens of a connection."""
    version = version_of(organization_id, connection_id)
    record = CredentialRecord(
        *keys.credential(organization_id, connection_id), version=version + 1, issued_ms=0, refused=True
    )
    return Put(record, None)


def version_of(organization_id: str, connection_id: str) -> int:
    """The version of a connection's tokens; 0 when it never had any."""
    record = _record(organization_id, connection_id)
    return int(record.version) if record else 0


def find(organization_id: str, connection_id: str) -> Credential | None:
    """The tokens that the platform accepted last; None when there are none."""
    record = _record(organization_id, connection_id)
    return None if record is None else _opened(organization_id, connection_id, record)


def usable(
    platform: SigningIn,
    organization_id: str,
    connection_id: str,
    *,
    after_version: int = 0,
    clock: Clock = system_clock,
    sleep: Sleep = time.sleep,
) -> Credential:
    """Tokens to ask the platform with, renewed where they have ended or will in a minute.

    Args:
        after_version: tokens of this version and earlier ones were refused, whatever their end.

    Raises:
        NoCredentialError: there are none. PlatformError: REAUTH, or the platform did not renew them now.
    """
    for _ in range(_LOOKS):
        found = find(organization_id, connection_id)
        if found is None:
            raise NoCredentialError
        ends_ms = found.tokens.access_expires_ms
        if found.version > after_version and (ends_ms is None or ends_ms - _EARLY_MS > clock()):
            return found
        if take_lease(found, clock()):
            return renew(platform, found, clock)
        sleep(_LOOK_SECONDS)
    raise PlatformError(platform.name, Verdict("RETRY", "RENEWAL_TAKES_LONG"))


def renew(platform: SigningIn, credential: Credential, clock: Clock) -> Credential:
    """The next version, by whoever has the lease.

    Raises:
        PlatformError: the platform did not renew them. What it refuses is marked, so that nobody asks again.
    """
    ids = (credential.organization_id, credential.connection_id)
    try:
        tokens = platform.refresh(credential.tokens, clock())
    except PlatformError as error:
        if error.verdict.outcome == "REAUTH":
            refuse(credential)
        update_if(Update(_at(credential), [CredentialRecord.lease_ms.remove()], _same(credential)))
        raise
    if put_one(put_of(*ids, tokens, credential.version)):
        return Credential(*ids, tokens, credential.version + 1)
    found = find(*ids)  # Somebody connected again meanwhile.
    if found is None:
        raise NoCredentialError
    return found


def refuse(credential: Credential) -> bool:
    """Notes that the platform accepts these tokens no more; says whether they were the last ones, and not noted yet."""
    accepted = _same(credential) & (CredentialRecord.refused == False)  # noqa: E712 - a condition of the table
    return update_if(Update(_at(credential), [CredentialRecord.refused.set(True)], accepted))


def take_lease(credential: Credential, now_ms: int) -> bool:
    """Whether this process may renew these tokens, alone, for half a minute."""
    lease = CredentialRecord.lease_ms
    free = _same(credential) & (lease.does_not_exist() | (lease < now_ms))
    return update_if(Update(_at(credential), [lease.set(now_ms + _LEASE_MS)], free))


def _at(credential: Credential) -> CredentialRecord:
    return CredentialRecord(*keys.credential(credential.organization_id, credential.connection_id))


def _same(credential: Credential) -> Condition:
    same: Condition = CredentialRecord.version == credential.version
    return same


def _opened(organization_id: str, connection_id: str, record: CredentialRecord) -> Credential | None:
    if record.refused or record.access is None:
        return None
    ids = (organization_id, connection_id)
    tokens = Tokens(
        access=unseal(*ids, "access", record.access),
        issued_ms=int(record.issued_ms),
        refresh=unseal(*ids, "refresh", record.renewal) if record.renewal else "",
        access_expires_ms=whole_or_none(record.access_expires_ms),
        refresh_expires_ms=whole_or_none(record.refresh_expires_ms),
    )
    return Credential(*ids, tokens, int(record.version))


def _record(organization_id: str, connection_id: str) -> CredentialRecord | None:
    try:
        return CredentialRecord.get(*keys.credential(organization_id, connection_id), consistent_read=True)
    except CredentialRecord.DoesNotExist:
        return None
