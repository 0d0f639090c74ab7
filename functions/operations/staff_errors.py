"""Optiq's own errors over HTTP, for staff."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit
from optiq.operations.errors import api as errors

from functions.operations.app import app
from functions.operations.errors import Wanted
from functions.operations.schemas_errors import ErrorOut, ErrorPatch, ErrorsOut
from functions.operations.staff import staff_caller

_OwnIssueId = Annotated[str, Path(max_length=60, description="id of the group of errors, as the list has it")]
_ALL = "/v1/operator/errors"
_ONE = f"{_ALL}/{{own_issue_id}}"


@app.get(_ALL, operator=True, summary="Optiq's own errors in groups, the last seen first")
def list_own_errors(status: Wanted = "OPEN", limit: Limit = 50, cursor: Cursor = None) -> ErrorsOut:
    found = errors.list_issues(staff_caller(), "", status=status, limit=limit, cursor=cursor)
    return ErrorsOut.of(found, errors.own_report_address())


@app.get(_ONE, operator=True, summary="One group of Optiq's own errors")
def get_own_error(own_issue_id: _OwnIssueId) -> ErrorOut:
    return ErrorOut.of(errors.get_issue(staff_caller(), "", own_issue_id))


@app.patch(_ONE, operator=True, summary="Resolve a group of Optiq's own errors, or open it again")
def change_own_error(own_issue_id: _OwnIssueId, request: ErrorPatch) -> ErrorOut:
    caller, version = staff_caller(), request.version
    return ErrorOut.of(errors.change_issue(caller, "", own_issue_id, status=request.status, expected_version=version))
