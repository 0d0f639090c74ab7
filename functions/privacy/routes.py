"""Requests of people about their data over HTTP, for a data protection officer."""

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.identity.people.api import caller_of
from optiq.kernel.api_files import as_bytes, file_of, says_file
from optiq.kernel.api_resolver import Cursor, make_resolver
from optiq.kernel.schemas import Limit
from optiq.privacy import api as privacy

from functions.privacy.schemas import PersonRequestIn, PersonRequestOut, PersonRequestPatch, PersonRequestsOut

app = make_resolver("privacy")

_ALL = "/v1/privacy/requests"
_ONE = f"{_ALL}/{{request_id}}"
_RequestId = Annotated[str, Path(max_length=60, description="id of the request, as the list has it")]
_ZIP = "application/zip"


@app.get(_ALL, needs="privacy:read", summary="Requests of people about their data, newest first")
def list_requests(limit: Limit = 50, cursor: Cursor = None) -> PersonRequestsOut:
    return PersonRequestsOut.model_validate(privacy.list_requests(caller_of(app), limit=limit, cursor=cursor))


@app.post(_ALL, needs="privacy:write", summary="Enter what a person asks for", status_code=201)
def enter_request(request: PersonRequestIn) -> tuple[PersonRequestOut, int]:
    return PersonRequestOut.model_validate(privacy.enter_request(caller_of(app), **request.given())), 201


@app.get(_ONE, needs="privacy:read", summary="One request; once it is done, its certificate")
def get_request(request_id: _RequestId) -> PersonRequestOut:
    return PersonRequestOut.model_validate(privacy.get_request(caller_of(app), request_id))


@app.patch(_ONE, needs="privacy:write", summary="Say that the person is verified, or refuse the request")
def answer_request(request_id: _RequestId, request: PersonRequestPatch) -> PersonRequestOut:
    caller, version = caller_of(app), request.version
    if request.status == "REFUSED":
        found = privacy.refuse_request(caller, request_id, reason=request.reason, expected_version=version)
    else:
        found = privacy.verify_request(caller, request_id, expected_version=version)
    return PersonRequestOut.model_validate(found)


@app.get(
    f"{_ONE}/export",
    needs="privacy:read",
    heavy=True,
    summary="All data of a verified person, as a ZIP; for 7 days",
    middlewares=[as_bytes],
    responses=says_file(_ZIP),
)
def export_person(request_id: _RequestId) -> Response[str]:
    return file_of(privacy.export_of(caller_of(app), request_id), _ZIP, f"{request_id}.zip")


handler = app
