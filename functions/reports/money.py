"""What customers are worth, and our revenue beside a shop's, over HTTP."""

from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import SiteId
from optiq.reports.cohorts import api as cohorts
from optiq.reports.reconciliation import api as reconciliation

from functions.reports.app import app
from functions.reports.schemas_cohorts import CohortsIn, CohortsOut
from functions.reports.schemas_reconciliation import (
    ReconciliationIn,
    ReconciliationOut,
    ShopTotalsIn,
    StoredTotalsOut,
)

_post = partial(app.post, needs="reports:read", keyless_because="it changes nothing", heavy=True)


@_post("/v1/sites/{site_id}/cohort-value/query", summary="What customers are worth since they were won")
def cohort_value(site_id: SiteId, body: Annotated[CohortsIn, Body()]) -> CohortsOut:
    return CohortsOut.of(cohorts.cohort_value(caller_of(app), site_id, body.ask()))


@_post("/v1/sites/{site_id}/reconciliation/query", summary="Our orders and revenue beside what the shop reports")
def reconcile(site_id: SiteId, body: Annotated[ReconciliationIn, Body()]) -> ReconciliationOut:
    return ReconciliationOut.of(reconciliation.reconcile(caller_of(app), site_id, body.ask()))


@app.post(
    "/v1/sites/{site_id}/shop-totals",
    needs="shop_totals:write",
    summary="Send what a shop reports of days; a day sent again is replaced",
    status_code=202,
    response_description="Stored",
)
def record_shop_totals(site_id: SiteId, body: Annotated[ShopTotalsIn, Body()]) -> tuple[StoredTotalsOut, int]:
    return StoredTotalsOut(stored=reconciliation.record_shop_totals(caller_of(app), site_id, body.totals())), 202
