"""Connections to advertising platforms, and the accounts that are read through them."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.ads.connections import api as connections
from optiq.ads.sync import api as sync
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit

from functions.ads.app import ACCOUNT, AdPlatform, ExternalId, app
from functions.ads.schemas_connections import (
    AccountSiteIn,
    AdAccountOut,
    AdAccountsOut,
    AdConnectionIn,
    AdConnectionOut,
    AdConnectionsOut,
    AdConnectStartOut,
    AdPlatformsOut,
    ChosenAccountsIn,
    ConnectedIn,
    ListedAccountsOut,
)

_ALL = "/v1/ad-connections"
_ONE = f"{_ALL}/{{connection_id}}"
_ConnectionId = Annotated[str, Path(description="id of the connection, such as that of `GET /v1/ad-connections`")]
_WHY_KEYLESS = "a code of a platform is good once"


@app.get("/v1/ad-platforms", needs="ads:read", summary="Advertising platforms, and which can be connected here")
def list_platforms() -> AdPlatformsOut:
    return AdPlatformsOut.model_validate(connections.offered_platforms())


@app.get(_ALL, needs="ads:read", summary="Connections to advertising platforms, newest first")
def list_connections(limit: Limit = 50, cursor: Cursor = None) -> AdConnectionsOut:
    return AdConnectionsOut.model_validate(connections.list_connections(caller_of(app), limit=limit, cursor=cursor))


@app.post(_ALL, needs="ads:connect", summary="Begin to connect a platform, or to connect again", status_code=202)
def start_connecting(request: AdConnectionIn) -> tuple[AdConnectStartOut, int]:
    return AdConnectStartOut.model_validate(connections.start_connecting(caller_of(app), **request.given())), 202


@app.post(
    f"{_ALL}/complete",
    needs="ads:connect",
    keyless_because=_WHY_KEYLESS,
    summary="Complete a connection with what the platform sent back",
)
def finish_connecting(request: ConnectedIn) -> AdConnectionOut:
    return AdConnectionOut.model_validate(connections.finish_connecting(caller_of(app), request.state, request.code))


@app.post(
    f"{_ONE}/disconnect",
    needs="ads:connect",
    summary="Take the permission back at the platform; accounts and what was read of them stay",
)
def disconnect(connection_id: _ConnectionId) -> AdConnectionOut:
    return AdConnectionOut.model_validate(connections.disconnect(caller_of(app), connection_id))


@app.get(f"{_ONE}/accounts", needs="ads:read", summary="A connection's accounts, by id")
def list_accounts(connection_id: _ConnectionId, limit: Limit = 50, cursor: Cursor = None) -> AdAccountsOut:
    found = connections.list_accounts(caller_of(app), connection_id, limit=limit, cursor=cursor)
    return AdAccountsOut.model_validate(found)


@app.post(f"{_ONE}/accounts/refresh", needs="ads:connect", summary="Read a connection's accounts from the platform")
def refresh_accounts(connection_id: _ConnectionId) -> ListedAccountsOut:
    return ListedAccountsOut(listed=connections.refresh_accounts(caller_of(app), connection_id))


@app.put(
    f"{ACCOUNT}/site", needs="ads:connect", summary="Choose the site that an account's costs are of, or its campaigns'"
)
def assign_site(platform: AdPlatform, external_id: ExternalId, request: AccountSiteIn) -> AdAccountOut:
    assigned = connections.assign_site(caller_of(app), platform, external_id, **request.given_sites())
    return AdAccountOut.model_validate(assigned)


@app.put(
    f"{_ONE}/accounts",
    needs="ads:connect",
    summary="Choose which of a connection's accounts are read; those that never were are read at once",
)
def choose_accounts(connection_id: _ConnectionId, request: ChosenAccountsIn) -> AdAccountsOut:
    chosen = sync.choose_accounts(caller_of(app), connection_id, request.external_ids)
    return AdAccountsOut.model_validate(chosen)
