"""Saved views over HTTP."""

from typing import Annotated, cast

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, SiteId
from optiq.reports.views import api as views
from optiq.reports.views.contracts import ViewChange

from functions.reports.app import app
from functions.reports.schemas_views import ViewIn, ViewOut, ViewPatch, ViewsOut, checked_question

_SITE = "/v1/sites/{site_id}/views"
_VIEW = f"{_SITE}/{{view_id}}"
_ViewId = Annotated[str, Path(max_length=60, description="id of the view, as the list has it")]


@app.get(_SITE, needs="reports:read", summary="Saved views: your own and shared ones, newest first")
def list_views(site_id: SiteId, limit: Limit = 50, cursor: Cursor = None) -> ViewsOut:
    return ViewsOut.model_validate(views.list_views(caller_of(app), site_id, limit=limit, cursor=cursor))


@app.post(_SITE, needs="views:write", summary="Save a view: a question under a name", status_code=201)
def create_view(site_id: SiteId, request: ViewIn) -> tuple[ViewOut, int]:
    question = checked_question(request.kind, request.question)
    given = request.given() | {"question": question, "columns": tuple(request.columns)}
    return ViewOut.model_validate(views.create_view(caller_of(app), site_id, **given)), 201


@app.get(_VIEW, needs="reports:read", summary="One saved view")
def get_view(site_id: SiteId, view_id: _ViewId) -> ViewOut:
    return ViewOut.model_validate(views.get_view(caller_of(app), site_id, view_id))


@app.patch(_VIEW, needs="views:write", summary="Change a view of your own")
def change_view(site_id: SiteId, view_id: _ViewId, request: ViewPatch) -> ViewOut:
    changes = request.given("version")
    if "question" in changes:
        kind = views.get_view(caller_of(app), site_id, view_id).kind
        changes["question"] = checked_question(kind, request.question)
    if "columns" in changes:
        changes["columns"] = tuple(request.columns)
    changed = views.change_view(
        caller_of(app), site_id, view_id, cast(ViewChange, changes), expected_version=request.version
    )
    return ViewOut.model_validate(changed)


@app.delete(_VIEW, needs="views:write", summary="Remove a view of your own", status_code=204)
def remove_view(site_id: SiteId, view_id: _ViewId) -> tuple[None, int]:
    views.remove_view(caller_of(app), site_id, view_id)
    return None, 204
