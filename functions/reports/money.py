"""What customers are worth, what the month will bring, and our revenue beside a shop's; over HTTP."""

from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import SiteId
from optiq.reports.cohorts import api as cohorts
from optiq.reports.forecasts import api as forecasts
from optiq.reports.reconciliation import api as reconciliation

from functions.reports.app import app
from functions.reports.schemas_cohorts import CohortsIn, CohortsOut
from functions.reports.schemas_forecast import ForecastOut
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


@app.get("/v1/sites/{site_id}/forecast", needs="reports:read", summary="What this month's revenue and spend will be")
def forecast(site_id: SiteId) -> ForecastOut:
    return ForecastOut.of(forecasts.forecast(caller_of(app), site_id))


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
