"""Renews what nobody's use renews in time, and warns of what ends."""

from optiq.ads.connections import credentials, states
from optiq.ads.connections.contracts import Connection
from optiq.ads.connections.stores import CHECKS, CONNECTIONS
from optiq.ads.platforms.contract import Platform
from optiq.ads.platforms.registry import get_platform, signing_in
from optiq.ads.platforms.verdicts import PlatformError
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, UpstreamError


def renew_due(clock: Clock = system_clock) -> int:
    """Looks at every connection that is due; returns how many there were.

    Raises:
        UpstreamError: what kept it from one of them, after all others were looked at.
    """
    due = [one for one in CONNECTIONS.in_index(CHECKS) if (one.check_ms or 0) <= clock()]
    errors: list[UpstreamError] = []
    for listed in due:
        # The index may be a second behind.
        connection = CONNECTIONS.find(listed.organization_id, listed.connection_id)
        if connection is None or connection.check_ms is None:
            continue
        try:
            _look_at(connection, clock)
        except ConflictError:
            continue  # Somebody changed it just then: the next run looks at what they made of it.
        except UpstreamError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return len(due)


def _look_at(connection: Connection, clock: Clock) -> None:
    platform, ids = get_platform(connection.platform), (connection.organization_id, connection.connection_id)
    credential = credentials.find(*ids)
    if credential is None:
        states.require_reauth(*ids, platform, "NO_CREDENTIAL", clock())
        return
    if not platform.capabilities.renews_early:
        _end_or_warn(connection, platform, clock())
        return
    if not credentials.take_lease(credential, clock()):
        return
    try:
        tokens = credentials.renew(signing_in(platform), credential, clock).tokens
    except PlatformError as error:
        if error.verdict.outcome == "REAUTH":
            states.require_reauth(*ids, platform, error.verdict.code, clock())
        elif _ends_soon(connection, clock()):
            states.warn(connection, platform, clock())
        else:
            states.look_again(connection, clock())
        return
    states.renewed(connection, platform, tokens)


def _end_or_warn(connection: Connection, platform: Platform, now_ms: int) -> None:
    if connection.expires_ms is not None and connection.expires_ms <= now_ms:
        ids = (connection.organization_id, connection.connection_id)
        states.require_reauth(*ids, platform, "EXPIRED", now_ms)
    else:
        states.warn(connection, platform, now_ms)


def _ends_soon(connection: Connection, now_ms: int) -> bool:
    return connection.expires_ms is not None and connection.expires_ms - now_ms <= states.WARNED_MS
