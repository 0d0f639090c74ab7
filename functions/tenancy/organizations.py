"""A person's organizations: created, entered, left, joined by invitation."""

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Response as Answer
from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.identity.people import api as people
from optiq.kernel.schemas import PageOut
from optiq.tenancy.members import api as members

from functions.identity.answers import caller, comes_by_header, signed_in
from functions.identity.schemas import SignInOut
from functions.tenancy.app import app
from functions.tenancy.schemas import MyOrganizationOut, OrganizationIn, OrganizationOut
from functions.tenancy.schemas_members import InvitationLinkIn

_ORGANIZATIONS = ["organizations"]
_Id = Annotated[str, Path()]


@app.get("/v1/organizations", any_key=True, summary="The organizations I am in", tags=_ORGANIZATIONS)
def list_organizations() -> PageOut[MyOrganizationOut]:
    person, _ = caller(app)
    found = [
        {
            "organization": organization,
            "role": membership.role,
            "expires_ms": membership.expires_ms,
            "is_current": organization.organization_id == person.organization_id,
        }
        for organization, membership in members.organizations_of(person)
    ]
    return PageOut[MyOrganizationOut].model_validate({"items": found, "cursor": None})


@app.post(
    "/v1/organizations",
    personal=True,
    summary="Create an organization and own it",
    status_code=201,
    tags=_ORGANIZATIONS,
)
def create_organization(request: OrganizationIn) -> tuple[OrganizationOut, int]:
    person, client = caller(app)
    return OrganizationOut.model_validate(members.create_organization(person, client, **request.given())), 201


@app.post(
    "/v1/organizations/{organization_id}/switch",
    personal=True,
    keyless_because="its answer ends the session that asked, so nobody can ask again",
    summary="Go on in another organization; the session gets a new secret",
    tags=_ORGANIZATIONS,
)
def switch_organization(organization_id: _Id) -> Answer[SignInOut]:
    person, client = caller(app)
    return signed_in(people.switch_organization(person, organization_id, client), as_token=comes_by_header(app))


@app.post(
    "/v1/organizations/{organization_id}/leave",
    personal=True,
    summary="Leave an organization; its last owner stays",
    status_code=204,
    response_description="I have left",
    tags=_ORGANIZATIONS,
)
def leave_organization(organization_id: _Id) -> tuple[None, int]:
    person, client = caller(app)
    members.leave(person, organization_id, client)
    return None, 204


@app.post("/v1/invitations/accept", personal=True, summary="Accept an invitation to my address", tags=_ORGANIZATIONS)
def accept_invitation(request: InvitationLinkIn) -> OrganizationOut:
    person, client = caller(app)
    return OrganizationOut.model_validate(members.accept_invitation(person, request.token, client))


@app.post(
    "/v1/invitations/decline",
    personal=True,
    summary="Decline an invitation to my address",
    status_code=204,
    response_description="It is over",
    tags=_ORGANIZATIONS,
)
def decline_invitation(request: InvitationLinkIn) -> tuple[None, int]:
    person, client = caller(app)
    members.decline_invitation(person, request.token, client)
    return None, 204
