"""Reports over HTTP: what was earned, why, and what was spent."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.attribution.contracts import STANDARD_MODELS
from optiq.kernel.api_resolver import Cursor, make_resolver, organization_of
from optiq.kernel.clock import system_clock
from optiq.reports import api as reports
from optiq.reports.contracts import EventFilter, Question

from functions.reports.event_schemas import EventsDocument
from functions.reports.schemas import AttributionDocument, ComparisonDocument, ExplanationDocument, SpendDocument

app = make_resolver("reports")

_SiteId = Annotated[str, Path()]
_Model = Annotated[str, Query(description=f"one of {', '.join(reports.MODELS)}; by default the site's own default")]
_Models = Annotated[str, Query(description="some of them, a comma between two; by default those that need no settings")]
_By = Annotated[str, Query(description=f"one of {', '.join(reports.ATTRIBUTION_DIMENSIONS)}")]
_SpendBy = Annotated[str, Query(description=f"one of {', '.join(reports.SPEND_DIMENSIONS)}")]
_From = Annotated[str, Query(alias="from", description="first day, such as 2026-01-01; by default 29 days before `to`")]
_To = Annotated[str, Query(alias="to", description="last day, included; by default today in the site's timezone")]
_Conversion = Annotated[str, Query(description="only conversions of this name, such as Order Completed")]
_AsOf = Annotated[str, Query(description="a day or an RFC 3339 instant: what the ledger held then; by default now")]


@app.get(
    "/v1/sites/{site_id}/attribution",
    needs="reports:read",
    heavy=True,
    summary="Conversions and revenue by dimension",
)
def attribution(
    site_id: _SiteId,
    model: _Model = "",
    by: _By = "channel",
    from_day: _From = "",
    to_day: _To = "",
    conversion: _Conversion = "",
    as_of: _AsOf = "",
) -> AttributionDocument:
    question = _question(site_id, by, from_day, to_day, conversion, as_of)
    return AttributionDocument.of(reports.attribution_report(organization_of(app), site_id, model, question))


@app.get(
    "/v1/sites/{site_id}/attribution/compare",
    needs="reports:read",
    heavy=True,
    summary="Models side by side; with as_of, then and now",
)
def compare(
    site_id: _SiteId,
    models: _Models = "",
    by: _By = "channel",
    from_day: _From = "",
    to_day: _To = "",
    conversion: _Conversion = "",
    as_of: _AsOf = "",
) -> ComparisonDocument:
    question = _question(site_id, by, from_day, to_day, conversion, as_of)
    named = models.split(",") if models else STANDARD_MODELS
    return ComparisonDocument.of(reports.compare_models(organization_of(app), site_id, named, question))


@app.get(
    "/v1/sites/{site_id}/attribution/explain",
    needs="reports:read",
    heavy=True,
    summary="Why a campaign (or another value) earned what it did",
)
def explain(
    site_id: _SiteId,
    value: Annotated[str, Query(description="the value of the dimension, such as spring")],
    model: _Model = "",
    by: _By = "campaign",
    from_day: _From = "",
    to_day: _To = "",
    conversion: _Conversion = "",
    as_of: _AsOf = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Cursor = None,
) -> ExplanationDocument:
    question = _question(site_id, by, from_day, to_day, conversion, as_of)
    found = reports.explain_value(organization_of(app), site_id, model, value, question, limit, cursor)
    return ExplanationDocument.of(found)


def _question(site_id: str, by: str, from_day: str, to_day: str, conversion: str, as_of: str) -> Question:
    first, last = reports.days_or_recent(organization_of(app), site_id, from_day, to_day, system_clock())
    return Question(first, last, by, conversion, as_of)


@app.get(
    "/v1/sites/{site_id}/spend",
    needs="reports:read",
    heavy=True,
    summary="Ad spend, clicks and impressions by dimension",
)
def spend(site_id: _SiteId, by: _SpendBy = "channel", from_day: _From = "", to_day: _To = "") -> SpendDocument:
    organization_id = organization_of(app)
    first, last = reports.days_or_recent(organization_id, site_id, from_day, to_day, system_clock())
    return SpendDocument.of(reports.spend_report(organization_id, site_id, by, first, last))


@app.get(
    "/v1/sites/{site_id}/events",
    needs="events:read",
    heavy=True,
    summary="Events, newest first; what reports leave out too, and why",
)
def list_events(
    site_id: _SiteId,
    from_day: Annotated[str, Query(alias="from", description="first day; by default 6 days before `to`")] = "",
    to_day: _To = "",
    name: Annotated[str, Query(description="only events of this name, such as Order Completed")] = "",
    left_out: Annotated[
        str, Query(description=f"only events that reports leave out: one of {', '.join(reports.LEFT_OUT_CHOICES)}")
    ] = "",
    warned: Annotated[bool, Query(description="only events of which a part could not be read")] = False,
    customer_id: Annotated[str, Query(description="only events that were stored for this customer")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Cursor = None,
) -> EventsDocument:
    wanted = EventFilter(from_day, to_day, name, left_out, warned, customer_id)
    return EventsDocument.of(reports.list_events(organization_of(app), site_id, wanted, limit, cursor))


handler = app
