"""Reports over HTTP: what was earned, why, and what was spent."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from optiq.attribution.contracts import STANDARD_MODELS, Model
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import AsOfQuery, DayIn, FromQuery, Limit, OrNull, SiteId, ToQuery
from optiq.reports import api as reports
from optiq.reports.contracts import AttributionDimension, Question, SpendDimension
from optiq.reports.events.contracts import EventFilter, LeftOutFilter

from functions.reports.app import app
from functions.reports.schemas import AttributionReportOut, ComparisonOut, SpendReportOut
from functions.reports.schemas_events import EventsOut
from functions.reports.schemas_explanations import ExplanationOut

_Model = Annotated[Model | None, OrNull, Query(description="by default the site's own default")]
_Models = Annotated[
    str, Query(description=f"some of {', '.join(Model)}, a comma between two; by default those that need no settings")
]
_By = Annotated[AttributionDimension, Query(description="what the rows are by")]
_SpendBy = Annotated[SpendDimension, Query(description="what the rows are by")]
_Conversion = Annotated[str, Query(description="only conversions of this name, such as Order Completed")]


@app.get(
    "/v1/sites/{site_id}/attribution",
    needs="reports:read",
    heavy=True,
    summary="Conversions and revenue by dimension",
)
def attribution(
    site_id: SiteId,
    model: _Model = None,
    by: _By = "channel",
    from_day: FromQuery = None,
    to_day: ToQuery = None,
    conversion: _Conversion = "",
    as_of: AsOfQuery = "",
) -> AttributionReportOut:
    question = _question(site_id, by, from_day, to_day, conversion, as_of)
    return AttributionReportOut.of(reports.attribution_report(caller_of(app), site_id, question, model=model or ""))


@app.get(
    "/v1/sites/{site_id}/attribution/compare",
    needs="reports:read",
    heavy=True,
    summary="Models side by side; with as_of, then and now",
)
def compare(
    site_id: SiteId,
    models: _Models = "",
    by: _By = "channel",
    from_day: FromQuery = None,
    to_day: ToQuery = None,
    conversion: _Conversion = "",
    as_of: AsOfQuery = "",
) -> ComparisonOut:
    question = _question(site_id, by, from_day, to_day, conversion, as_of)
    named = models.split(",") if models else STANDARD_MODELS
    return ComparisonOut.of(reports.compare_models(caller_of(app), site_id, question, models=named))


@app.get(
    "/v1/sites/{site_id}/attribution/explain",
    needs="reports:read",
    heavy=True,
    summary="Why a campaign (or another value) earned what it did",
)
def explain(
    site_id: SiteId,
    value: Annotated[str, Query(description="the value of the dimension, such as spring")],
    model: _Model = None,
    by: _By = "campaign",
    from_day: FromQuery = None,
    to_day: ToQuery = None,
    conversion: _Conversion = "",
    as_of: AsOfQuery = "",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> ExplanationOut:
    question = _question(site_id, by, from_day, to_day, conversion, as_of)
    found = reports.explain_value(
        caller_of(app), site_id, question, value=value, model=model or "", limit=limit, cursor=cursor
    )
    return ExplanationOut.of(found)


def _question(
    site_id: str, by: AttributionDimension, from_day: str | None, to_day: str | None, conversion: str, as_of: str
) -> Question:
    first, last = reports.days_or_recent(caller_of(app), site_id, from_day=from_day or "", to_day=to_day or "")
    return Question(first, last, by, conversion, as_of)


@app.get(
    "/v1/sites/{site_id}/spend",
    needs="reports:read",
    heavy=True,
    summary="Ad spend, clicks and impressions by dimension",
)
def spend(
    site_id: SiteId, by: _SpendBy = "channel", from_day: FromQuery = None, to_day: ToQuery = None
) -> SpendReportOut:
    caller = caller_of(app)
    first, last = reports.days_or_recent(caller, site_id, from_day=from_day or "", to_day=to_day or "")
    return SpendReportOut.of(reports.spend_report(caller, site_id, by=by, from_day=first, to_day=last))


@app.get(
    "/v1/sites/{site_id}/events",
    needs="events:read",
    heavy=True,
    summary="Events, newest first; what reports leave out too, and why",
)
def list_events(
    site_id: SiteId,
    from_day: Annotated[
        DayIn | None, OrNull, Query(alias="from", description="first day; by default 6 days before `to`")
    ] = None,
    to_day: ToQuery = None,
    name: Annotated[str, Query(description="only events of this name, such as Order Completed")] = "",
    left_out: Annotated[
        LeftOutFilter | None, OrNull, Query(description="only events that reports leave out, for this reason or any")
    ] = None,
    warned: Annotated[bool, Query(description="only events of which a part could not be read")] = False,
    customer_id: Annotated[str, Query(description="only events that were stored for this customer")] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> EventsOut:
    wanted = EventFilter(from_day or "", to_day or "", name, left_out or "", warned, customer_id)
    found = reports.list_events(caller_of(app), site_id, wanted, limit=limit, cursor=cursor)
    return EventsOut.model_validate(found)
