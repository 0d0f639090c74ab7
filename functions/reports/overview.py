"""The overview over HTTP."""

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Query
from optiq.attribution.contracts import Model
from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import OrNull, SiteId
from optiq.reports.overview import api as overviews
from optiq.reports.questions.api import DEFAULT_PERIOD

from functions.reports.app import app
from functions.reports.schemas_overview import OverviewOut

_Period = Annotated[str, Query(description="as of a question: last30d, this_month, 2026-01-01..2026-01-31")]
_Compare = Annotated[str, Query(description="as of a question: NONE, PREVIOUS_PERIOD, SAME_WEEKDAYS, PREVIOUS_YEAR")]
_Interval = Annotated[Literal["DAY", "WEEK", "MONTH"], Query(description="of the series")]
_Model = Annotated[Model | None, OrNull, Query(description="by default the site's own default")]


@app.get("/v1/sites/{site_id}/overview", needs="reports:read", summary="A site's numbers at a glance")
def overview(
    site_id: SiteId,
    period: _Period = DEFAULT_PERIOD,
    compare: _Compare = "PREVIOUS_PERIOD",
    model: _Model = None,
    interval: _Interval = "DAY",
) -> OverviewOut:
    found = overviews.overview(
        caller_of(app), site_id, period=period, compare=compare, model=model or "", interval=interval.lower()
    )
    return OverviewOut.of(found)
