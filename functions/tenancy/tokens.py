"""The ingestion tokens of a site."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.identity import api as identity
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver, organization_of
from optiq.kernel.clock import from_rfc3339
from optiq.tenancy import api as tenancy

from functions.tenancy.token_payloads import NewTokenDocument, TokenRequest, TokensDocument
from functions.tenancy.token_uses import tokens_with_use

app = make_resolver("tokens")

_SiteId = Annotated[str, Path()]


@app.post(
    "/v1/sites/{site_id}/tokens",
    needs="tokens:write",
    summary="Make an ingestion token; its secret is shown this once",
    status_code=201,
    response_description="The token and its secret",
)
def create_token(site_id: _SiteId, request: TokenRequest) -> tuple[NewTokenDocument, int]:
    by = caller_of(app)
    site = tenancy.get_site(by.organization_id, site_id)
    made = identity.create_token(
        site.organization_id,
        site.site_id,
        name=request.name,
        scopes=request.scopes,
        ip_allowlist=request.ip_allowlist,
        expires_ms=from_rfc3339(request.expires_at) if request.expires_at else None,
        actor=by.actor,
        origin=by.origin,
    )
    return NewTokenDocument.of(made), 201


@app.get(
    "/v1/sites/{site_id}/tokens",
    needs="tokens:read",
    summary="Ingestion tokens and their use, newest first",
)
def list_tokens(
    site_id: _SiteId,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Cursor = None,
) -> TokensDocument:
    return tokens_with_use(tenancy.get_site(organization_of(app), site_id), limit, cursor)


@app.delete(
    "/v1/sites/{site_id}/tokens/{token_id}",
    needs="tokens:write",
    summary="Revoke an ingestion token, within a minute everywhere",
    status_code=204,
    response_description="It is revoked",
)
def revoke_token(site_id: _SiteId, token_id: Annotated[str, Path()]) -> tuple[None, int]:
    by = caller_of(app)
    site = tenancy.get_site(by.organization_id, site_id)
    identity.revoke_token(site.organization_id, site.site_id, token_id, actor=by.actor, origin=by.origin)
    return None, 204


handler = app
