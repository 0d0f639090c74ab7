"""A connection, for the tests over all routes."""

from collections.abc import Mapping

from optiq.ads.connections import api as connections
from optiq.kernel.caller import Caller


def _connection(organization_id: str, site_id: str) -> str:
    started = connections.start_connecting(Caller.system(organization_id), "MANUAL")
    assert started.connection
    connections.refresh_accounts(Caller.system(organization_id), started.connection.connection_id)
    return started.connection.connection_id


IDS = {"connection_id": _connection}
BODIES: Mapping[str, object] = {"POST /v1/ad-connections/{connection_id}/accounts/refresh": {}}
