"""What campaigns cost, sent in by the customer's own means; and the handler of all of ads' routes."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.ads import api as ads
from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import SiteId

from functions.ads import connections, entities, resolution, syncs
from functions.ads.app import app
from functions.ads.schemas import AdMetricsIn, CostsIn, ImportedCostsOut, StoredOut

__all__ = ["connections", "entities", "resolution", "syncs"]


@app.post(
    "/v1/sites/{site_id}/ad-metrics",
    needs="ads:write",
    summary="Send daily ad metrics; a campaign's day sent again is replaced",
    status_code=202,
    response_description="Stored",
)
def record_ad_metrics(site_id: SiteId, body: Annotated[AdMetricsIn, Body()]) -> tuple[StoredOut, int]:
    return StoredOut(stored=ads.record_daily_metrics(caller_of(app), site_id, body.metrics())), 202


@app.post(
    "/v1/sites/{site_id}/ad-metrics/import",
    needs="ads:write",
    heavy=True,
    summary="Import a table of costs (CSV): all of it or nothing; the same table again changes nothing",
)
def import_costs(site_id: SiteId, body: Annotated[CostsIn, Body()]) -> ImportedCostsOut:
    return ImportedCostsOut.of(ads.import_costs(caller_of(app), site_id, body.csv))


handler = app
