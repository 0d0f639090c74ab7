"""The ingestion tokens of a site."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.identity import api as identity
from optiq.identity.people import api as people
from optiq.kernel.api_resolver import actor_of, make_resolver, organization_of
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.http import Event, Response
from optiq.tenancy import api as tenancy

from functions.identity.requests import client_of
from functions.identity.schemas import NewTokenDocument, TokenRequest, TokensDocument
from functions.identity.tokens import tokens_with_use

app = make_resolver()

_SiteId = Annotated[str, Path()]


@app.post(
    "/v1/sites/<site_id>/tokens",
    summary="Make an ingestion token; its secret is shown this once",
    tags=["identity"],
    status_code=201,
    response_description="The token and its secret",
)
def create_token(site_id: _SiteId, request: TokenRequest) -> tuple[NewTokenDocument, int]:
    site = tenancy.get_site(organization_of(app), site_id)
    made = identity.create_token(
        site.organization_id,
        site.site_id,
        name=request.name,
        scopes=request.scopes,
        ip_allowlist=request.ip_allowlist,
        expires_ms=from_rfc3339(request.expires_at) if request.expires_at else None,
        actor=actor_of(app),
        origin=people.origin_of(client_of(app.current_event.raw_event)),
    )
    return NewTokenDocument.of(made), 201


@app.get("/v1/sites/<site_id>/tokens", summary="Ingestion tokens and their use, newest first", tags=["identity"])
def list_tokens(
    site_id: _SiteId,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query()] = None,
) -> TokensDocument:
    return tokens_with_use(tenancy.get_site(organization_of(app), site_id), limit, cursor)


@app.delete(
    "/v1/sites/<site_id>/tokens/<token_id>",
    summary="Revoke an ingestion token, within a minute everywhere",
    tags=["identity"],
    status_code=204,
    response_description="It is revoked",
)
def revoke_token(site_id: _SiteId, token_id: Annotated[str, Path()]) -> tuple[None, int]:
    site = tenancy.get_site(organization_of(app), site_id)
    identity.revoke_token(
        site.organization_id,
        site.site_id,
        token_id,
        actor=actor_of(app),
        origin=people.origin_of(client_of(app.current_event.raw_event)),
    )
    return None, 204


def handler(event: Event, context: Any) -> Response:
    return app.resolve(event, context)
