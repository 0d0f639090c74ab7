"""Tracked links over HTTP, for people."""

from typing import Annotated, Any, cast

import segno
from aws_lambda_powertools.event_handler.api_gateway import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver
from optiq.kernel.clock import from_rfc3339, to_rfc3339, to_rfc3339_or_none
from optiq.links import api as links
from optiq.links.contracts import Link, LinkChange, LinkReport
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

app = make_resolver("links")

_SITE = "/v1/sites/{site_id}/links"
_LINK = f"{_SITE}/{{link_id}}"
_Id = Annotated[str, Path(max_length=60)]


class LinkIn(BaseModel):
    """Without `domain`, the link is on Optiq's own. UTM parameters that the target has itself stay as they are."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(examples=["spring"])
    target: str = Field(examples=["https://shop.example/sale"])
    domain: str = ""
    label: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    expires_at: str | None = None
    max_clicks: StrictInt | None = None
    active: StrictBool = True


class LinkPatch(BaseModel):
    """What to change; what is absent stays. With `version`, only while the link is of that version."""

    model_config = ConfigDict(extra="forbid")

    target: str = ""
    label: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    expires_at: str | None = None
    max_clicks: StrictInt | None = None
    active: StrictBool = True
    version: StrictInt | None = None


class LinkOut(BaseModel):
    """`address` is what people open. `version` grows by one with every change."""

    model_config = ConfigDict(from_attributes=True)

    link_id: str
    address: str
    domain: str
    path: str
    target: str
    label: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str
    expires_at: str | None
    max_clicks: int | None
    active: bool
    created_at: str
    version: int


class LinksOut(BaseModel):
    items: list[LinkOut]
    cursor: str | None


class ClicksOut(BaseModel):
    """`human` counts people, of them `qr` by the QR code; the others are no people."""

    human: int
    qr: int
    other: int
    by_opener: dict[str, int]


class EarnedOut(BaseModel):
    model: str
    conversions: float
    revenue_micros: int


class LinkReportOut(BaseModel):
    """A link's clicks, the visitors it brought, and what each model credits it with, in the site's currency."""

    link: LinkOut
    clicks: ClicksOut
    visitors: int
    currency: str
    earned: list[EarnedOut]


@app.get(_SITE, needs="links:read", summary="A site's tracked links, newest first")
def list_links(site_id: _Id, limit: Annotated[int, Query(ge=1, le=100)] = 50, cursor: Cursor = None) -> LinksOut:
    page = links.list_links(caller_of(app), site_id, limit=limit, cursor=cursor)
    return LinksOut(items=[_out(link) for link in page.items], cursor=page.cursor)


@app.post(_SITE, needs="links:write", summary="Create a tracked link", status_code=201)
def create_link(site_id: _Id, request: LinkIn) -> tuple[LinkOut, int]:
    return _out(links.create_link(caller_of(app), site_id, **_fields(request))), 201


@app.get(_LINK, needs="links:read", summary="One tracked link")
def get_link(site_id: _Id, link_id: _Id) -> LinkOut:
    return _out(links.get_link(caller_of(app), site_id, link_id))


@app.patch(_LINK, needs="links:write", summary="Change a tracked link; its clicks stay")
def change_link(site_id: _Id, link_id: _Id, request: LinkPatch) -> LinkOut:
    changes = cast(LinkChange, _fields(request))
    return _out(links.change_link(caller_of(app), site_id, link_id, changes, expected_version=request.version))


@app.get(f"{_LINK}/report", needs="links:read", heavy=True, summary="Clicks, visitors and earnings of a link")
def report(site_id: _Id, link_id: _Id) -> LinkReportOut:
    return _report(links.report_of(caller_of(app), site_id, link_id))


@app.get(f"{_LINK}/qr.svg", needs="links:read", summary="The QR code of a link, as a picture")
def qr_code(site_id: _Id, link_id: _Id) -> Response[str]:
    address = links.short_address(links.get_link(caller_of(app), site_id, link_id))
    picture = segno.make(f"{address}?q=1", error="m", micro=False).svg_inline(scale=8, border=4, omitsize=False)
    return Response(200, "image/svg+xml", picture)


def _fields(request: LinkIn | LinkPatch) -> dict[str, Any]:
    fields = request.model_dump(exclude_unset=True, exclude={"version"})
    if "expires_at" in fields:
        end = fields.pop("expires_at")
        fields["expires_ms"] = None if end is None else from_rfc3339(end)
    return fields


def _out(link: Link) -> LinkOut:
    shown = {name: getattr(link, name) for name in LinkOut.model_fields if hasattr(link, name)}
    times = {"created_at": to_rfc3339(link.created_ms), "expires_at": to_rfc3339_or_none(link.expires_ms)}
    return LinkOut(**shown, **times, address=links.short_address(link))


def _report(found: LinkReport) -> LinkReportOut:
    clicks = found.clicks
    return LinkReportOut(
        link=_out(found.link),
        clicks=ClicksOut(human=clicks.human, qr=clicks.qr, other=clicks.other, by_opener=dict(clicks.by_opener)),
        visitors=found.visitors,
        currency=found.currency,
        earned=[EarnedOut(**{name: getattr(one, name) for name in EarnedOut.model_fields}) for one in found.earned],
    )


handler = app
