"""Tracked links over HTTP, for people."""

from typing import Annotated

import segno
from aws_lambda_powertools.event_handler.api_gateway import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver
from optiq.kernel.schemas import Limit, SiteId
from optiq.links import api as links

from functions.links.schemas import LinkIn, LinkOut, LinkPatch, LinkReportOut, LinksOut

app = make_resolver("links")

_SITE = "/v1/sites/{site_id}/links"
_LINK = f"{_SITE}/{{link_id}}"
_LinkId = Annotated[str, Path(max_length=60, description="id of the link, as the list has it")]


@app.get(_SITE, needs="links:read", summary="A site's tracked links, newest first")
def list_links(site_id: SiteId, limit: Limit = 50, cursor: Cursor = None) -> LinksOut:
    return LinksOut.model_validate(links.list_links(caller_of(app), site_id, limit=limit, cursor=cursor))


@app.post(_SITE, needs="links:write", summary="Create a tracked link", status_code=201)
def create_link(site_id: SiteId, request: LinkIn) -> tuple[LinkOut, int]:
    return LinkOut.model_validate(links.create_link(caller_of(app), site_id, **request.given())), 201


@app.get(_LINK, needs="links:read", summary="One tracked link")
def get_link(site_id: SiteId, link_id: _LinkId) -> LinkOut:
    return LinkOut.model_validate(links.get_link(caller_of(app), site_id, link_id))


@app.patch(_LINK, needs="links:write", summary="Change a tracked link; its clicks stay")
def change_link(site_id: SiteId, link_id: _LinkId, request: LinkPatch) -> LinkOut:
    caller, settings = caller_of(app), request.given("version")
    return LinkOut.model_validate(
        links.change_link(caller, site_id, link_id, expected_version=request.version, **settings)
    )


@app.get(f"{_LINK}/report", needs="links:read", heavy=True, summary="Clicks, visitors and earnings of a link")
def report(site_id: SiteId, link_id: _LinkId) -> LinkReportOut:
    return LinkReportOut.model_validate(links.report_of(caller_of(app), site_id, link_id))


@app.get(f"{_LINK}/qr.svg", needs="links:read", summary="The QR code of a link, as a picture")
def qr_code(site_id: SiteId, link_id: _LinkId) -> Response[str]:
    address = links.get_link(caller_of(app), site_id, link_id).address
    picture = segno.make(f"{address}?q=1", error="m", micro=False).svg_inline(scale=8, border=4, omitsize=False)
    return Response(200, "image/svg+xml", picture)


handler = app
