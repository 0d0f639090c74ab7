"""Connections for tests: somebody connects a platform and lists its accounts."""

from optiq.ads.connections import api as connections
from optiq.ads.connections.contracts import AdAccount, Connection
from optiq.events.keys import WAITING
from optiq.events.records import OutboxRecord
from optiq.kernel.caller import Caller

from infra.local.ad_platforms.server import Vendors


def caller(organization_id: str, actor: str = "user_ann") -> Caller:
    return Caller(organization_id, actor, actor)


def connect(vendors: Vendors, who: Caller, platform: str, *, connection_id: str = "") -> Connection:
    started = connections.start_connecting(who, platform, connection_id=connection_id, clock=lambda: now(vendors))
    state, code = vendors.world.consent(started.url)
    return connections.finish_connecting(who, state, code, clock=lambda: now(vendors))


def now(vendors: Vendors) -> int:
    return vendors.world.now_ms


def accounts_of(who: Caller, connection: Connection) -> list[AdAccount]:
    return list(connections.list_accounts(who, connection.connection_id, limit=100, cursor=None).items)


def failing_events(organization_id: str) -> list[str]:
    """The events that tell of failing connections, as they wait."""
    waiting = OutboxRecord.by_second_key.query(WAITING)
    texts = [record.event or "" for record in waiting]
    return [text for text in texts if organization_id in text and "AdConnectionFailing" in text]
