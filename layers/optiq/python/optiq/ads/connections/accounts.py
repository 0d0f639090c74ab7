"""The accounts that a connection may read, and those that people chose."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from optiq.ads.connections.asking import asking
from optiq.ads.connections.contracts import AdAccount, Connection
from optiq.ads.connections.sites import only_site
from optiq.ads.connections.stores import ACCOUNTS, CONNECTIONS
from optiq.ads.platforms.contract import VendorAccount
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.paging import Page

_MOST = 5_000
"""Accounts that one login may see."""


def refresh(caller: Caller, connection_id: str, clock: Clock = system_clock) -> int:
    """Reads the accounts of a login from the platform; returns how many it lists.

    New ones are added, not chosen. One that this connection had and the platform lists no more is NO_ACCESS. One that
    is chosen at another connection stays there, unless that one is connected no more.

    Raises:
        NotFoundError: there is no such connection. InvalidError: it has too many accounts.
        NoCredentialError, PlatformError: as `asking`.
    """
    connection = CONNECTIONS.get(caller, connection_id)
    answer = asking(connection, lambda platform, access: platform.accounts(access), clock=clock)
    listed = {one.external_id: one for one in answer}
    if len(listed) > _MOST:
        raise InvalidError(f"the login has {len(listed)} accounts; at most {_MOST} can be read: connect one with fewer")
    known = {one.external_id: one for one in ACCOUNTS.all_of(caller.organization_id, connection.platform)}
    now_ms, lost = clock(), _lost_connections(caller)
    for external_id, found in listed.items():
        before = known.get(external_id)
        if before is None:
            ACCOUNTS.add(caller, _new(connection, found, now_ms))
        elif before.connection_id == connection_id or before.connection_id in lost or not before.chosen:
            ACCOUNTS.change(caller, before, _as_listed(before, connection_id, found))
    for external_id, before in known.items():
        if before.connection_id == connection_id and external_id not in listed:
            ACCOUNTS.change(caller, before, replace(before, status="NO_ACCESS", platform_status="NOT_LISTED"))
    return len(listed)


def choose(caller: Caller, connection_id: str, external_ids: Collection[str]) -> Page[AdAccount]:
    """Chooses these accounts of a connection and no others of it; what was read of the others stays.

    Costs of an account that is of no site become those of the organization's only site, where it has one.

    Raises:
        NotFoundError: there is no such connection. InvalidError: an id that the connection does not have.
    """
    connection = CONNECTIONS.get(caller, connection_id)
    own = _own(caller, connection)
    if unknown := sorted(set(external_ids) - set(own)):
        raise InvalidError(f"external_ids: this connection has no account {unknown[0][:60]}")
    only = only_site(caller.organization_id)
    changed = [ACCOUNTS.change(caller, one, _chosen(one, only, external_ids)) for one in own.values()]
    return Page(tuple(changed))


def _chosen(account: AdAccount, only: str, external_ids: Collection[str]) -> AdAccount:
    if account.external_id not in external_ids:
        return replace(account, chosen=False)
    site_id = account.site_id or ("" if account.campaign_sites else only)
    return replace(account, chosen=True, site_id=site_id)


def of_connection(caller: Caller, connection_id: str, *, limit: int, cursor: str | None) -> Page[AdAccount]:
    """A page of a connection's accounts, by id. Raises NotFoundError; InvalidError for another list's cursor."""
    connection = CONNECTIONS.get(caller, connection_id)
    ids = (caller.organization_id, connection.platform)
    return ACCOUNTS.page_by_id(
        *ids, limit=limit, cursor=cursor, where=lambda account: account.connection_id == connection_id
    )


def _own(caller: Caller, connection: Connection) -> Mapping[str, AdAccount]:
    found = ACCOUNTS.all_of(caller.organization_id, connection.platform)
    return {one.external_id: one for one in found if one.connection_id == connection.connection_id}


def _lost_connections(caller: Caller) -> frozenset[str]:
    """Connections by which nothing can be read."""
    ended = ("DISCONNECTED", "REAUTH_REQUIRED")
    return frozenset(one.connection_id for one in CONNECTIONS.all_of(caller.organization_id) if one.status in ended)


def _new(connection: Connection, found: VendorAccount, now_ms: int) -> AdAccount:
    return AdAccount(
        organization_id=connection.organization_id,
        platform=connection.platform,
        external_id=found.external_id,
        connection_id=connection.connection_id,
        name=found.name,
        currency=found.currency,
        timezone=found.timezone,
        created_ms=now_ms,
        status=found.status,
        platform_status=found.platform_status,
        login_id=found.login_id,
    )


def _as_listed(before: AdAccount, connection_id: str, found: VendorAccount) -> AdAccount:
    """What the platform says now. An account without access has no name there: the one that is known stays."""
    return replace(
        before,
        connection_id=connection_id,
        name=found.name or before.name,
        currency=found.currency or before.currency,
        timezone=found.timezone or before.timezone,
        status=found.status,
        platform_status=found.platform_status,
        login_id=found.login_id,
    )
