"""The organization of the session or key: its settings, members, roles and open invitations."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.identity.people import api as people
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver, organization_of
from optiq.kernel.permissions import PERMISSIONS, ROLES
from optiq.tenancy.members import api as members
from optiq.tenancy.members.contracts import Member

from functions.tenancy.invitation_payloads import InvitationDocument, InvitationRequest, InvitationsDocument
from functions.tenancy.member_payloads import (
    MemberChangeRequest,
    MemberDocument,
    MembersDocument,
    OrganizationChangeRequest,
    OrganizationDocument,
    RoleChangeRequest,
    RoleDocument,
    RoleRequest,
    RolesDocument,
)

app = make_resolver("members")

_Id = Annotated[str, Path()]
_Limit = Annotated[int, Query(ge=1, le=100)]


@app.get("/v1/organization", needs="organization:read", summary="The organization", tags=["organizations"])
def get_organization() -> OrganizationDocument:
    return OrganizationDocument.of(members.get_organization(organization_of(app)))


@app.patch(
    "/v1/organization",
    needs="organization:write",
    summary="Change some of the organization's settings together",
    tags=["organizations"],
)
def change_organization(request: OrganizationChangeRequest) -> OrganizationDocument:
    changed = members.change_organization(caller_of(app), request.changes(), expected_version=request.version)
    return OrganizationDocument.of(changed)


@app.get("/v1/members", needs="members:read", summary="The organization's members")
def list_members(limit: _Limit = 50, cursor: Cursor = None) -> MembersDocument:
    page = members.list_members(organization_of(app), limit, cursor)
    return MembersDocument(items=_documents(list(page.items)), cursor=page.cursor)


@app.get("/v1/members/{user_id}", needs="members:read", summary="One member")
def get_member(user_id: _Id) -> MemberDocument:
    return _documents([members.get_member(organization_of(app), user_id)])[0]


@app.patch(
    "/v1/members/{user_id}",
    needs="members:write",
    summary="Change a member's role, custom roles, grants or end",
)
def change_member(user_id: _Id, request: MemberChangeRequest) -> MemberDocument:
    return _documents([members.change_member(caller_of(app), user_id, request.changes())])[0]


@app.delete(
    "/v1/members/{user_id}",
    needs="members:write",
    summary="Remove a member; it holds everywhere within a minute",
    status_code=204,
    response_description="They are no member any more",
)
def remove_member(user_id: _Id) -> tuple[None, int]:
    members.remove_member(caller_of(app), user_id)
    return None, 204


@app.get("/v1/roles", needs="members:read", summary="Built-in and custom roles")
def list_roles() -> RolesDocument:
    built_in = [
        RoleDocument(
            role_id=name,
            name=name,
            description="",
            permissions=[permission for permission in PERMISSIONS if permission in allowed],
            is_built_in=True,
        )
        for name, allowed in ROLES.items()
    ]
    return RolesDocument(
        items=[*built_in, *(RoleDocument.of(role) for role in members.list_roles(organization_of(app)))]
    )


@app.post("/v1/roles", needs="roles:write", summary="Make a custom role", status_code=201)
def create_role(request: RoleRequest) -> tuple[RoleDocument, int]:
    role = members.create_role(caller_of(app), request.name, request.description, request.permissions)
    return RoleDocument.of(role), 201


@app.patch("/v1/roles/{role_id}", needs="roles:write", summary="Change a custom role, for all who have it")
def change_role(role_id: _Id, request: RoleChangeRequest) -> RoleDocument:
    return RoleDocument.of(members.change_role(caller_of(app), role_id, **request.model_dump()))


@app.delete(
    "/v1/roles/{role_id}",
    needs="roles:write",
    summary="Archive a custom role; it gives nothing any more",
    status_code=204,
    response_description="It is archived",
)
def archive_role(role_id: _Id) -> tuple[None, int]:
    members.change_role(caller_of(app), role_id, archived=True)
    return None, 204


@app.get("/v1/invitations", needs="members:read", summary="Invitations that I may know of, newest first")
def list_invitations() -> InvitationsDocument:
    found = members.list_invitations(caller_of(app))
    return InvitationsDocument(items=[InvitationDocument.of(invitation) for invitation in found])


@app.post("/v1/invitations", needs="members:invite", summary="Invite somebody by mail", status_code=201)
def invite_member(request: InvitationRequest) -> tuple[InvitationDocument, int]:
    invitation = members.invite(caller_of(app), request.email, request.role, target=request.target())
    return InvitationDocument.of(invitation), 201


@app.post(
    "/v1/invitations/{invitation_id}/send",
    needs="members:invite",
    summary="Send another link in place of the first",
)
def send_invitation(invitation_id: _Id) -> InvitationDocument:
    return InvitationDocument.of(members.send_invitation_again(caller_of(app), invitation_id))


@app.delete(
    "/v1/invitations/{invitation_id}",
    needs="members:invite",
    summary="Revoke an invitation",
    status_code=204,
    response_description="It is over",
)
def revoke_invitation(invitation_id: _Id) -> tuple[None, int]:
    members.revoke_invitation(caller_of(app), invitation_id)
    return None, 204


def _documents(found: list[Member]) -> list[MemberDocument]:
    known = people.people_of([member.user_id for member in found])
    return [MemberDocument.of(member, known.get(member.user_id)) for member in found]


handler = app
