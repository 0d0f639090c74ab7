"""Deletions of sites, workspaces and the organization over HTTP."""

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from optiq.deletion import api as deletion
from optiq.identity.people import api as people
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.caller import OPERATOR
from optiq.kernel.clock import system_clock
from optiq.kernel.schemas import Limit

from functions.deletion.app import app
from functions.deletion.schemas import DeletionIn, DeletionOut, DeletionsOut, PreviewOut
from functions.identity.answers import caller

_PATH = "/v1/deletions"
_Id = Annotated[str, Path(description="id of the deletion")]
_Kind = Annotated[Literal["SITE", "WORKSPACE", "ORGANIZATION"], Query(description="what to delete")]
_Target = Annotated[str, Query(max_length=64, description="id of the site or workspace; by default your organization")]


@app.get(_PATH, needs="deletions:read", summary="What is being deleted, and what was, newest first")
def list_deletions(limit: Limit = 50, cursor: Cursor = None) -> DeletionsOut:
    return DeletionsOut.model_validate(deletion.list_deletions(caller_of(app), limit=limit, cursor=cursor))


@app.get(f"{_PATH}/preview", needs="deletions:write", summary="What a deletion would remove, and what would stay")
def preview_deletion(kind: _Kind = "ORGANIZATION", target_id: _Target = "") -> PreviewOut:
    by = caller_of(app)
    return PreviewOut.model_validate(deletion.preview(by, kind, target_id or by.organization_id))


@app.post(
    _PATH,
    needs="deletions:write",
    summary="Delete a site, a workspace with its sites, or the organization, after a wait",
    status_code=201,
)
def ask_for_deletion(body: Annotated[DeletionIn, Body()]) -> tuple[DeletionOut, int]:
    by = caller_of(app)
    if by.actor != OPERATOR:  # Who runs the system has proved it by the platform's secret.
        people.prove(caller(app)[0], body.password, system_clock())
    asked = deletion.ask(by, body.kind, body.target_id, name=body.name, wait_days=body.wait_days)
    return DeletionOut.model_validate(asked), 201


@app.delete(f"{_PATH}/{{deletion_id}}", needs="deletions:write", summary="Cancel a deletion that has not begun")
def cancel_deletion(deletion_id: _Id) -> DeletionOut:
    return DeletionOut.model_validate(deletion.cancel(caller_of(app), deletion_id))
