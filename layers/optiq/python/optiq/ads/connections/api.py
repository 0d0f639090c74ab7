"""Connections to advertising platforms: who may read what at them, and until when."""

from optiq.ads.connections import accounts, connecting, renewing, sites, uploading
from optiq.ads.connections.contracts import Connection, OfferedPlatform
from optiq.ads.connections.stores import CONNECTIONS
from optiq.ads.platforms.registry import is_configured, kinds
from optiq.kernel.caller import Caller
from optiq.kernel.paging import Page

start_connecting = connecting.start
finish_connecting = connecting.finish
disconnect = connecting.disconnect
refresh_accounts = accounts.refresh
list_accounts = accounts.of_connection
assign_site = sites.assign
leave_site = sites.leave_site
renew_due = renewing.renew_due
upload = uploading.upload
lacking_scopes = uploading.lacking_scopes


def offered_platforms() -> Page[OfferedPlatform]:
    """Every platform, by name, and whether it can be connected here."""
    found = [
        OfferedPlatform(name, kind.title, kind.capabilities.signs_in, is_configured(name))
        for name, kind in kinds().items()
    ]
    return Page(tuple(sorted(found, key=lambda one: one.platform)))


def list_connections(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[Connection]:
    """A page of the organization's connections, the newest first. Raises InvalidError for another list's cursor."""
    return CONNECTIONS.page_by_id(caller.organization_id, limit=limit, cursor=cursor, newest_first=True)


def get_connection(caller: Caller, connection_id: str) -> Connection:
    """Raises NotFoundError."""
    return CONNECTIONS.get(caller, connection_id)


def disconnect_all(caller: Caller) -> None:
    """Ends every connection of an organization that is deleted, as `disconnect`."""
    for connection in CONNECTIONS.all_of(caller.organization_id):
        disconnect(caller, connection.connection_id)
