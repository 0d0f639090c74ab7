"""The ingestion tokens of a site."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.identity import api as identity
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, SiteId
from optiq.tenancy import api as tenancy

from functions.identity.app import app
from functions.identity.schemas_tokens import NewTokenOut, TokenIn, TokenOut, TokensOut
from functions.identity.token_uses import tokens_with_use

_TokenId = Annotated[str, Path(description="id of the token, as the list has it")]


@app.post(
    "/v1/sites/{site_id}/tokens",
    needs="tokens:write",
    summary="Create an ingestion token; its secret is shown this once",
    status_code=201,
    response_description="The token and its secret",
)
def create_token(site_id: SiteId, request: TokenIn) -> tuple[NewTokenOut, int]:
    caller = caller_of(app)
    site = tenancy.get_site(caller.organization_id, site_id)
    made = identity.create_token(caller, site.site_id, **request.given())
    return NewTokenOut(secret=made.secret, token=TokenOut.used(made.token, ())), 201


@app.get(
    "/v1/sites/{site_id}/tokens",
    needs="tokens:read",
    summary="Ingestion tokens and their use, newest first",
)
def list_tokens(site_id: SiteId, limit: Limit = 50, cursor: Cursor = None) -> TokensOut:
    caller = caller_of(app)
    return tokens_with_use(caller, tenancy.get_site(caller.organization_id, site_id), limit, cursor)


@app.delete(
    "/v1/sites/{site_id}/tokens/{token_id}",
    needs="tokens:write",
    summary="Revoke an ingestion token, within a minute everywhere",
    status_code=204,
    response_description="It is revoked",
)
def revoke_token(site_id: SiteId, token_id: _TokenId) -> tuple[None, int]:
    caller = caller_of(app)
    site = tenancy.get_site(caller.organization_id, site_id)
    identity.revoke_token(caller, site.site_id, token_id)
    return None, 204
