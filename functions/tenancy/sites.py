"""Sites over HTTP: their list and their settings."""

from typing import Annotated, cast

from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, PageOut, SiteId
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import SiteChange, SiteStatus

from functions.tenancy.app import app
from functions.tenancy.schemas import NewSiteOut, SiteIn, SiteOut, SitePatch, site_out


@app.get("/v1/sites", needs="sites:read", summary="The organization's sites, oldest first")
def list_sites(
    status: Annotated[SiteStatus, Query()] = "ACTIVE",
    workspace_id: Annotated[str | None, Query(max_length=60)] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> PageOut[SiteOut]:
    page = tenancy.list_sites(caller_of(app), status=status, workspace_id=workspace_id, limit=limit, cursor=cursor)
    return PageOut[SiteOut](items=[site_out(site) for site in page.items], cursor=page.cursor)


@app.post("/v1/sites", needs="sites:write", summary="Create a site", status_code=201)
def create_site(body: Annotated[SiteIn, Body()]) -> tuple[NewSiteOut, int]:
    site = tenancy.add_site(caller_of(app), **body.model_dump(exclude_none=True))
    return NewSiteOut(site=site_out(site), public_key=tenancy.public_key(site)), 201


@app.get("/v1/sites/{site_id}", needs="sites:read", summary="A site's settings")
def get_site(site_id: SiteId) -> SiteOut:
    return site_out(tenancy.see_site(caller_of(app), site_id))


@app.patch("/v1/sites/{site_id}", needs="sites:write", summary="Change some of a site's settings, all together")
def change_site(site_id: SiteId, body: Annotated[SitePatch, Body()]) -> SiteOut:
    changes = cast(SiteChange, body.given("version"))
    return site_out(tenancy.change_site(caller_of(app), site_id, changes, expected_version=body.version))
