"""The stores of connections and accounts."""

from collections.abc import Mapping

from optiq.ads.connections.contracts import AdAccount, Connection
from optiq.audit.contracts import Json
from optiq.kernel.keys import Key
from optiq.store.api import Store, audited_fields

CHECKS = "AD_CHECKS"
"""The partition of the index with the connections to look at, by when."""
CHOSEN = "AD_CHOSEN"
"""The partition of the index with the accounts to read."""


def _connection_key(organization_id: str, connection_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"AD_CONNECTION#{connection_id}")


def _account_key(organization_id: str, platform: str, external_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"AD_ACCOUNT#{platform}#{external_id}")


def _checked(connection: Connection) -> tuple[str, str] | None:
    if connection.check_ms is None:
        return None
    return CHECKS, f"{connection.check_ms:015d}#{connection.connection_id}"


def _audited(connection: Connection) -> Mapping[str, Json]:
    """When to look at it next is nobody's decision."""
    return {name: value for name, value in audited_fields(connection).items() if name != "check_ms"}


def _listed(account: AdAccount) -> tuple[str, str] | None:
    if not account.chosen:
        return None
    return CHOSEN, f"{account.platform}#{account.organization_id}#{account.external_id}"


CONNECTIONS = Store(Connection, "ad connection", _connection_key, _checked, audited=_audited)
ACCOUNTS = Store(AdAccount, "ad account", _account_key, _listed)
