"""Dashboards over HTTP."""

from typing import Annotated, cast

from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, SiteId
from optiq.sharing.dashboards import api as dashboards
from optiq.sharing.dashboards.contracts import DashboardChange

from functions.sharing.app import app
from functions.sharing.schemas_dashboards import (
    DashboardAnswerOut,
    DashboardAskIn,
    DashboardIn,
    DashboardOut,
    DashboardPatch,
    DashboardsOut,
    TemplateOut,
    TemplatesOut,
)

_SITE = "/v1/sites/{site_id}/dashboards"
_DASHBOARD = f"{_SITE}/{{dashboard_id}}"
_DashboardId = Annotated[str, Path(max_length=60, description="id of the dashboard, as the list has it")]


@app.get("/v1/dashboard-templates", any_key=True, summary="Dashboards to begin with")
def list_templates() -> TemplatesOut:
    return TemplatesOut(templates=[TemplateOut.of(one) for one in dashboards.TEMPLATES.values()])


@app.get(_SITE, needs="reports:read", summary="Dashboards: your own and shared ones, newest first")
def list_dashboards(site_id: SiteId, limit: Limit = 50, cursor: Cursor = None) -> DashboardsOut:
    return DashboardsOut.model_validate(dashboards.list_dashboards(caller_of(app), site_id, limit=limit, cursor=cursor))


@app.post(_SITE, needs="dashboards:write", summary="Create a dashboard", status_code=201)
def create_dashboard(site_id: SiteId, request: DashboardIn) -> tuple[DashboardOut, int]:
    created = dashboards.create_dashboard(
        caller_of(app),
        site_id,
        name=request.name,
        cards=tuple(card.card() for card in request.cards),
        shared=request.shared,
        template=request.template or "",
    )
    return DashboardOut.model_validate(created), 201


@app.get(_DASHBOARD, needs="reports:read", summary="One dashboard")
def get_dashboard(site_id: SiteId, dashboard_id: _DashboardId) -> DashboardOut:
    return DashboardOut.model_validate(dashboards.get_dashboard(caller_of(app), site_id, dashboard_id))


@app.patch(_DASHBOARD, needs="dashboards:write", summary="Change a dashboard of your own, or a shared one")
def change_dashboard(site_id: SiteId, dashboard_id: _DashboardId, request: DashboardPatch) -> DashboardOut:
    changes = request.given("version", "cards")
    if "cards" in request.model_fields_set:
        changes["cards"] = tuple(card.card() for card in request.cards)
    changed = dashboards.change_dashboard(
        caller_of(app), site_id, dashboard_id, cast(DashboardChange, changes), expected_version=request.version
    )
    return DashboardOut.model_validate(changed)


@app.delete(
    _DASHBOARD, needs="dashboards:write", summary="Remove a dashboard of your own, or a shared one", status_code=204
)
def remove_dashboard(site_id: SiteId, dashboard_id: _DashboardId) -> tuple[None, int]:
    dashboards.remove_dashboard(caller_of(app), site_id, dashboard_id)
    return None, 204


@app.post(
    f"{_DASHBOARD}/query",
    needs="reports:read",
    keyless_because="it changes nothing",
    heavy=True,
    summary="The answers of a dashboard's cards",
)
def query_dashboard(
    site_id: SiteId, dashboard_id: _DashboardId, body: Annotated[DashboardAskIn, Body()]
) -> DashboardAnswerOut:
    found, answers = dashboards.answer_dashboard(
        caller_of(app), site_id, dashboard_id, period=body.period or "", compare=body.compare or ""
    )
    return DashboardAnswerOut.of(found, answers)
