"""Staff over HTTP: who may use the operator's routes, and the key by which they do."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.identity.people import api as people
from optiq.identity.people.api import operator_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.operators.staff import api as staff

from functions.identity.answers import caller
from functions.operators.app import app
from functions.operators.schemas_staff import StaffIn, StaffKeyOut, StaffMemberOut, StaffOut, StaffPatch

_STAFF = "/v1/operator/staff"


def _operator() -> Caller:
    """Raises UnauthenticatedError for anybody else, LimitExceededError."""
    found = operator_of(app)
    people.reserve_operator(system_clock())
    return found


@app.get(_STAFF, operator=True, summary="Everybody of the staff, and who was")
def list_staff() -> StaffOut:
    _operator()
    return StaffOut.model_validate({"items": staff.list_staff(), "cursor": None})


@app.post(_STAFF, operator=True, summary="Make a user a member of the staff", status_code=201)
def add_staff(body: Annotated[StaffIn, Body()]) -> tuple[StaffMemberOut, int]:
    return StaffMemberOut.model_validate(staff.add_staff(_operator(), body.email)), 201


@app.patch(_STAFF, operator=True, summary="Somebody is of the staff no more")
def end_staff(body: Annotated[StaffPatch, Body()]) -> StaffMemberOut:
    return StaffMemberOut.model_validate(staff.end_staff(_operator(), body.user_id))


@app.post(
    "/v1/me/staff-key",
    personal=True,
    keyless_because="every key ends by itself within minutes",
    summary="A key for the operator's routes, for a signed-in member of the staff",
)
def make_staff_key() -> StaffKeyOut:
    person, client = caller(app)
    asking = Caller("", person.user_id, person.user_id, locate=lambda: people.origin_of(client))
    return StaffKeyOut.model_validate(staff.staff_key(person, asking))
