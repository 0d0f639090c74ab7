"""Attempts to connect: begun by one caller, for ten minutes, and good once.

PKCE's verifier follows from the state and the platform's secret, so it is kept nowhere.
"""

from dataclasses import dataclass

from optiq.ads import keys
from optiq.ads.connections.records import AttemptRecord
from optiq.ads.platforms.contract import Handshake
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, SECOND_MS
from optiq.kernel.errors import ForbiddenError, InvalidError
from optiq.kernel.secrets import derive, digest_of, new_secret, platform_secret
from optiq.kernel.settings import settings
from optiq.kernel.table import Put, Update, put_one, update_if

_LIFETIME_MS = 10 * MINUTE_MS
_EXPIRED = "state: this attempt was used, or is older than ten minutes: connect again"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that came back. `connection_id` is "" for a new connection."""

    platform: str
    connection_id: str
    handshake: Handshake


def begin(caller: Caller, platform: str, connection_id: str, now_ms: int, *, uploads: bool) -> tuple[Handshake, int]:
    """A new attempt, and when it ends."""
    state = new_secret("oa")
    expires_ms = now_ms + _LIFETIME_MS
    record = AttemptRecord(
        *keys.attempt(state.digest),
        organization_id=caller.organization_id,
        actor=caller.actor,
        platform=platform,
        connection_id=connection_id,
        uploads=uploads,
        forget_at=expires_ms // SECOND_MS,
    )
    put_one(Put(record, AttemptRecord.pk.does_not_exist()))
    return _handshake(state.plain, uploads=uploads), expires_ms


def take(caller: Caller, state: str, now_ms: int) -> Attempt:
    """Uses an attempt up.

    Raises:
        InvalidError: there is no such attempt, it was used, or it ended. ForbiddenError: somebody else began it.
    """
    try:
        record = AttemptRecord.get(*keys.attempt(digest_of(state)), consistent_read=True)
    except AttemptRecord.DoesNotExist as error:
        raise InvalidError(_EXPIRED) from error
    if (record.organization_id, record.actor) != (caller.organization_id, caller.actor):
        raise ForbiddenError("state: somebody else began to connect, or in another organization: connect again")
    fresh = (AttemptRecord.used == False) & AttemptRecord.lasting(now_ms)  # noqa: E712 - a condition of the table
    if not update_if(Update(record, [AttemptRecord.used.set(True)], fresh)):
        raise InvalidError(_EXPIRED)
    return Attempt(record.platform, record.connection_id, _handshake(state, uploads=bool(record.uploads)))


def _handshake(state: str, *, uploads: bool) -> Handshake:
    verifier = derive(platform_secret(), "ad-oauth-verifier", state).hex()
    return Handshake(f"{settings().public_url}/console/ad-connections", state, verifier, uploads)
