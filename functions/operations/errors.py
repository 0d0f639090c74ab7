"""Errors of a site's programs over HTTP."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, SiteId
from optiq.operations.errors import api as errors
from optiq.operations.errors.contracts import State

from functions.operations.app import app
from functions.operations.schemas_errors import ErrorCostOut, ErrorOut, ErrorPatch, ErrorsOut

_ALL = "/v1/sites/{site_id}/errors"
_ONE = f"{_ALL}/{{issue_id}}"
_IssueId = Annotated[str, Path(max_length=60, description="id of the group of errors, as the list has it")]
Wanted = Annotated[State, Query(alias="status", description="OPEN, or RESOLVED")]


@app.get(_ALL, needs="errors:read", summary="A site's errors in groups, the last seen first")
def list_errors(site_id: SiteId, status: Wanted = "OPEN", limit: Limit = 50, cursor: Cursor = None) -> ErrorsOut:
    caller = caller_of(app)
    found = errors.list_issues(caller, site_id, status=status, limit=limit, cursor=cursor)
    return ErrorsOut.of(found, errors.report_address(caller, site_id))


@app.get(_ONE, needs="errors:read", summary="One group of errors, with its last occurrences")
def get_error(site_id: SiteId, issue_id: _IssueId) -> ErrorOut:
    return ErrorOut.of(errors.get_issue(caller_of(app), site_id, issue_id))


@app.patch(_ONE, needs="errors:write", summary="Resolve a group of errors, or open it again")
def change_error(site_id: SiteId, issue_id: _IssueId, request: ErrorPatch) -> ErrorOut:
    changed = errors.change_issue(
        caller_of(app), site_id, issue_id, status=request.status, expected_version=request.version
    )
    return ErrorOut.of(changed)


@app.get(f"{_ONE}/cost", needs="errors:read", heavy=True, summary="The carts that were dropped after an error")
def error_cost(site_id: SiteId, issue_id: _IssueId) -> ErrorCostOut:
    return ErrorCostOut.model_validate(errors.cost_of(caller_of(app), site_id, issue_id))
