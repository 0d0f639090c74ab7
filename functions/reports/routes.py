"""Reports over HTTP: what was earned, and what was spent."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.kernel.api_resolver import make_resolver, organization_of
from optiq.kernel.clock import system_clock
from optiq.kernel.http import Event, Response
from optiq.reports import api as reports

from functions.reports.schemas import AttributionDocument, SpendDocument

app = make_resolver()

_SiteId = Annotated[str, Path()]
_Model = Annotated[str, Query(description=f"one of {', '.join(reports.MODELS)}")]
_By = Annotated[str, Query(description=f"one of {', '.join(reports.ATTRIBUTION_DIMENSIONS)}")]
_SpendBy = Annotated[str, Query(description=f"one of {', '.join(reports.SPEND_DIMENSIONS)}")]
_From = Annotated[str, Query(alias="from", description="first day, such as 2026-01-01; by default 29 days before `to`")]
_To = Annotated[str, Query(alias="to", description="last day, included; by default today in the site's timezone")]


@app.get("/v1/sites/<site_id>/attribution", summary="Conversions and revenue by dimension", tags=["reports"])
def attribution(
    site_id: _SiteId, model: _Model = "LINEAR", by: _By = "channel", from_day: _From = "", to_day: _To = ""
) -> AttributionDocument:
    organization_id = organization_of(app)
    first, last = reports.days_or_recent(organization_id, site_id, from_day, to_day, system_clock())
    report = reports.attribution_report(organization_id, site_id, model, by, first, last)
    return AttributionDocument.of(report)


@app.get("/v1/sites/<site_id>/spend", summary="Ad spend, clicks and impressions by dimension", tags=["reports"])
def spend(site_id: _SiteId, by: _SpendBy = "channel", from_day: _From = "", to_day: _To = "") -> SpendDocument:
    organization_id = organization_of(app)
    first, last = reports.days_or_recent(organization_id, site_id, from_day, to_day, system_clock())
    return SpendDocument.of(reports.spend_report(organization_id, site_id, by, first, last))


def handler(event: Event, context: Any) -> Response:
    return app.resolve(event, context)
