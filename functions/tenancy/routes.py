"""A site's settings, read and changed over HTTP."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import make_resolver, organization_of
from optiq.tenancy import api as tenancy
from optiq.tenancy.alerts import api as alerts
from optiq.tenancy.contracts import SiteStatus

from functions.tenancy.alert_payloads import AlertSettingsBody, AlertSettingsDocument
from functions.tenancy.payloads import NewSiteDocument, SiteBody, SiteChangeBody, SiteDocument, SitesDocument

app = make_resolver("tenancy")

_SiteId = Annotated[str, Path()]


@app.get("/v1/sites", needs="sites:read", summary="The organization's sites, oldest first")
def list_sites(
    status: Annotated[SiteStatus, Query()] = "ACTIVE", workspace_id: Annotated[str | None, Query(max_length=60)] = None
) -> SitesDocument:
    found = tenancy.list_sites(caller_of(app), status=status, workspace_id=workspace_id)
    return SitesDocument(items=[SiteDocument.of(site) for site in found])


@app.post("/v1/sites", needs="sites:write", summary="Make a site", status_code=201)
def create_site(body: Annotated[SiteBody, Body()]) -> tuple[NewSiteDocument, int]:
    site = tenancy.add_site(caller_of(app), **body.settings())
    return NewSiteDocument(site=SiteDocument.of(site), public_key=tenancy.public_key(site)), 201


@app.get("/v1/sites/{site_id}", needs="sites:read", summary="A site's settings")
def get_site(site_id: _SiteId) -> SiteDocument:
    return SiteDocument.of(tenancy.see_site(caller_of(app), site_id))


@app.patch(
    "/v1/sites/{site_id}",
    needs="sites:write",
    summary="Change some of a site's settings, all together",
)
def change_site(site_id: _SiteId, body: Annotated[SiteChangeBody, Body()]) -> SiteDocument:
    changed = tenancy.change_site(
        organization_of(app),
        site_id,
        body.changes(),
        expected_version=body.version,
        by=caller_of(app),
    )
    return SiteDocument.of(changed)


@app.get(
    "/v1/sites/{site_id}/alert-settings",
    needs="sites:read",
    summary="What alerts a site's people want",
)
def get_alert_settings(site_id: _SiteId) -> AlertSettingsDocument:
    return AlertSettingsDocument.of(alerts.get_settings(organization_of(app), site_id))


@app.put(
    "/v1/sites/{site_id}/alert-settings",
    needs="sites:write",
    summary="Change what alerts a site's people want",
)
def set_alert_settings(site_id: _SiteId, body: Annotated[AlertSettingsBody, Body()]) -> AlertSettingsDocument:
    changed = alerts.set_settings(caller_of(app), site_id, body.contract(), expected_version=body.version)
    return AlertSettingsDocument.of(changed)


handler = app
