"""What becomes of a connection, and who hears of it: each turn for the worse is one event, in the same transaction."""

from dataclasses import replace
from typing import Literal

from optiq.ads.connections.contracts import AdConnectionFailing, Connection
from optiq.ads.connections.stores import CONNECTIONS
from optiq.ads.platforms.contract import Platform, Tokens
from optiq.events import api as events
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, to_rfc3339
from optiq.kernel.errors import VersionError
from optiq.store.api import Transaction

WARNED_MS = 14 * DAY_MS
"""How long before its end a connection that cannot be renewed is EXPIRING."""


def require_reauth(organization_id: str, connection_id: str, platform: Platform, code: str, now_ms: int) -> None:
    """A person must connect again. Nothing happens to a connection where that is known, or that was disconnected."""
    reason = f"{platform.title} accepts the permission no more ({code}): connect again"
    _worsen(organization_id, connection_id, "REAUTH_REQUIRED", reason, now_ms)


def warn(connection: Connection, platform: Platform, now_ms: int) -> None:
    """The connection ends at its `expires_ms` unless somebody connects again."""
    ends = to_rfc3339(connection.expires_ms or now_ms)[:10]
    reason = f"the permission of {platform.title} ends on {ends}: connect again before"
    _worsen(connection.organization_id, connection.connection_id, "EXPIRING", reason, now_ms)


def check_ms(platform: Platform, tokens: Tokens) -> int | None:
    """When to look at tokens that nobody uses: to renew them, or to warn of their end."""
    ends_ms = expires_ms(tokens)
    if ends_ms is None:
        return None
    if platform.capabilities.renews_early:
        return tokens.issued_ms + (ends_ms - tokens.issued_ms) // 2
    return ends_ms - WARNED_MS


def expires_ms(tokens: Tokens) -> int | None:
    """When a permission ends unless it is renewed. An access token that its use renews does not end it."""
    return tokens.refresh_expires_ms if tokens.refresh else tokens.access_expires_ms


def renewed(connection: Connection, platform: Platform, tokens: Tokens) -> None:
    """Another end, after a renewal that nobody asked for: no entry in the audit log."""
    after = replace(
        connection,
        status="CONNECTED",
        reason="",
        expires_ms=expires_ms(tokens),
        check_ms=check_ms(platform, tokens),
    )
    _, transaction = CONNECTIONS.changing(Caller.system(connection.organization_id), connection, after)
    transaction.unaudited().commit()


def look_again(connection: Connection, now_ms: int) -> None:
    """A renewal that did not succeed is tried again in an hour."""
    after = replace(connection, check_ms=now_ms + HOUR_MS)
    _, transaction = CONNECTIONS.changing(Caller.system(connection.organization_id), connection, after)
    transaction.unaudited().commit()


def _worsen(
    organization_id: str,
    connection_id: str,
    status: Literal["EXPIRING", "REAUTH_REQUIRED"],
    reason: str,
    now_ms: int,
) -> None:
    connection = CONNECTIONS.find(organization_id, connection_id)
    if connection is None or connection.status in (status, "REAUTH_REQUIRED", "DISCONNECTED"):
        return
    next_ms = connection.check_ms if status == "EXPIRING" else None
    after = replace(connection, status=status, reason=reason, check_ms=next_ms)
    fact = AdConnectionFailing(connection_id, connection.platform, status, reason)
    event = events.event_of("ads", organization_id, fact, now_ms)
    _, transaction = CONNECTIONS.changing(Caller.system(organization_id), connection, after)
    try:
        (transaction + Transaction(events=(event,))).commit()
    except VersionError:
        # Somebody changed it just then: another worker noted the same, or a person connected again.
        return
