"""Which campaigns visits came from: links that people set, and what to add to the addresses of ads."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.ads.resolution import api as resolution
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, SiteId

from functions.ads.app import app
from functions.ads.schemas_resolution import AdLinkIn, AdLinkOut, AdLinksOut, TrackingTemplatesOut

_LINKS = "/v1/sites/{site_id}/ad-links"
_LinkId = Annotated[str, Path(max_length=64, description="id of the link, such as that of `GET …/ad-links`")]


@app.get(_LINKS, needs="ads:read", summary="Names that people linked to campaigns")
def list_ad_links(site_id: SiteId, limit: Limit = 50, cursor: Cursor = None) -> AdLinksOut:
    return AdLinksOut.model_validate(resolution.list_links(caller_of(app), site_id, limit=limit, cursor=cursor))


@app.post(
    _LINKS,
    needs="ads:write",
    heavy=True,
    summary="Link a name to a campaign, in place of what it was linked to; its visits are resolved at once",
)
def set_ad_link(site_id: SiteId, request: AdLinkIn) -> AdLinkOut:
    return AdLinkOut.model_validate(resolution.set_link(caller_of(app), site_id, **request.given()))


@app.post(f"{_LINKS}/{{ad_link_id}}/remove", needs="ads:write", heavy=True, summary="Take a link back")
def remove_ad_link(site_id: SiteId, ad_link_id: _LinkId) -> AdLinkOut:
    return AdLinkOut.model_validate(resolution.remove_link(caller_of(app), site_id, ad_link_id))


@app.get(
    "/v1/ad-platforms/templates",
    needs="ads:read",
    summary="What to add to the addresses of ads, so that each visit names its campaign, group and ad",
)
def tracking_templates() -> TrackingTemplatesOut:
    return TrackingTemplatesOut.model_validate(resolution.tracking_templates())
