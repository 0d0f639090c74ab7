"""Connecting a platform, and ending that."""

from dataclasses import replace

from optiq.ads.connections import attempts, credentials, states
from optiq.ads.connections.contracts import Connection, ConnectStart
from optiq.ads.connections.stores import CONNECTIONS
from optiq.ads.platforms.contract import Platform, Tokens
from optiq.ads.platforms.registry import get_platform, signing_in
from optiq.ads.platforms.verdicts import PlatformError
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError
from optiq.kernel.ids import new_id
from optiq.store.api import Transaction

_MOST = 100
"""Connections of an organization that are in use."""


def start(
    caller: Caller, platform: str, *, connection_id: str = "", uploads: bool = False, clock: Clock = system_clock
) -> ConnectStart:
    """Begins to connect a platform, or, with `connection_id`, to connect it again.

    Args:
        uploads: the person is asked to permit that the platform is told conversions, too.

    Raises:
        InvalidError: the platform cannot be connected here. NotFoundError: there is no such connection.
        ConflictError: the organization has too many connections.
    """
    if connection_id and CONNECTIONS.get(caller, connection_id).platform != platform:
        raise InvalidError("platform: must be the connection's")
    known, now_ms = get_platform(platform), clock()
    if not connection_id:
        _require_room(caller)
    if not known.capabilities.signs_in:
        return ConnectStart(connection=_written(caller, known, connection_id, None, now_ms))
    handshake, expires_ms = attempts.begin(caller, platform, connection_id, now_ms, uploads=uploads)
    return ConnectStart(signing_in(known).authorization_url(handshake), expires_ms)


def finish(caller: Caller, state: str, code: str, clock: Clock = system_clock) -> Connection:
    """Takes whoever comes back from the platform.

    Raises:
        InvalidError: the attempt was used or has ended, or the platform accepts the code no more.
        ForbiddenError: somebody else began it. PlatformError: the platform does not answer.
    """
    now_ms = clock()
    attempt = attempts.take(caller, state, now_ms)
    platform = get_platform(attempt.platform)
    try:
        tokens = signing_in(platform).exchange(code, attempt.handshake, now_ms)
    except PlatformError as error:
        if error.verdict.outcome in ("RETRY", "THROTTLE"):
            raise
        raise InvalidError(f"code: {platform.title} does not accept it: connect again") from error
    return _written(caller, platform, attempt.connection_id, tokens, now_ms)


def disconnect(caller: Caller, connection_id: str) -> Connection:
    """Takes the permission back at the platform, and removes the tokens even where that fails. What was read stays.

    Raises NotFoundError.
    """
    connection = CONNECTIONS.get(caller, connection_id)
    if connection.status == "DISCONNECTED":
        return connection
    after = replace(connection, status="DISCONNECTED", reason=_revoke(connection), expires_ms=None, check_ms=None)
    emptied = credentials.emptied(caller.organization_id, connection_id)
    changed, transaction = CONNECTIONS.changing(caller, connection, after, action="ad_connection.disconnected")
    (transaction + Transaction((emptied,))).commit()
    return changed


def _revoke(connection: Connection) -> str:
    """What people read of it: the platform may be down, or have forgotten the permission."""
    found = credentials.find(connection.organization_id, connection.connection_id)
    if found is None:
        return "disconnected"
    platform = get_platform(connection.platform)
    try:
        signing_in(platform).revoke(found.tokens)
    except PlatformError:
        return f"disconnected; {platform.title} did not confirm it: remove Optiq from the permitted apps there too"
    return "disconnected"


def _written(caller: Caller, platform: Platform, connection_id: str, tokens: Tokens | None, now_ms: int) -> Connection:
    """The connection as CONNECTED, with its tokens: a new one, or the one that is connected again."""
    granted = _granted(caller, platform, tokens, now_ms)
    if connection_id:
        before = CONNECTIONS.get(caller, connection_id)
        after = replace(granted, connection_id=connection_id, created_ms=before.created_ms)
        after, transaction = CONNECTIONS.changing(caller, before, after, action="ad_connection.reconnected")
    else:
        after = granted
        transaction = CONNECTIONS.adding(caller, after)
    ids = (after.organization_id, after.connection_id)
    if tokens:
        transaction += Transaction((credentials.put_of(*ids, tokens, credentials.version_of(*ids)),))
    transaction.commit()
    return after


def _granted(caller: Caller, platform: Platform, tokens: Tokens | None, now_ms: int) -> Connection:
    return Connection(
        organization_id=caller.organization_id,
        connection_id=new_id("adcon", now_ms),
        platform=platform.name,
        status="CONNECTED",
        granted_by=caller.actor,
        granted_ms=now_ms,
        created_ms=now_ms,
        scopes=tokens.scopes if tokens else (),
        expires_ms=states.expires_ms(tokens) if tokens else None,
        check_ms=states.check_ms(platform, tokens) if tokens else None,
    )


def _require_room(caller: Caller) -> None:
    used = sum(one.status != "DISCONNECTED" for one in CONNECTIONS.all_of(caller.organization_id))
    if used >= _MOST:
        raise ConflictError(f"an organization has at most {_MOST} connections: disconnect one that nobody uses")
