"""The organization of the session or key: its settings, members, roles and invitations."""

from collections.abc import Sequence
from typing import Annotated, cast

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.identity.people import api as people
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.permissions import PERMISSIONS, ROLES
from optiq.kernel.schemas import Limit, PageOut
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Member, MemberChange, OrganizationChange
from optiq.tenancy.members import api as members

from functions.tenancy.app import app
from functions.tenancy.schemas import OrganizationOut, OrganizationPatch
from functions.tenancy.schemas_members import (
    InvitationIn,
    InvitationOut,
    MemberOut,
    MemberPatch,
    RoleIn,
    RoleOut,
    RolePatch,
)

_MEMBERS = ["members"]
_Id = Annotated[str, Path()]


@app.get("/v1/organization", needs="organization:read", summary="The organization", tags=["organizations"])
def get_organization() -> OrganizationOut:
    return OrganizationOut.model_validate(tenancy.get_organization(caller_of(app).organization_id))


@app.patch(
    "/v1/organization",
    needs="organization:write",
    summary="Change some of the organization's settings together",
    tags=["organizations"],
)
def change_organization(request: OrganizationPatch) -> OrganizationOut:
    changes = cast(OrganizationChange, request.given("version"))
    changed = members.change_organization(caller_of(app), changes, expected_version=request.version)
    return OrganizationOut.model_validate(changed)


@app.get("/v1/members", needs="members:read", summary="The organization's members", tags=_MEMBERS)
def list_members(limit: Limit = 50, cursor: Cursor = None) -> PageOut[MemberOut]:
    page = members.list_members(caller_of(app), limit=limit, cursor=cursor)
    return PageOut[MemberOut](items=_with_names(page.items), cursor=page.cursor)


@app.get("/v1/members/{user_id}", needs="members:read", summary="One member", tags=_MEMBERS)
def get_member(user_id: _Id) -> MemberOut:
    return _with_names([members.get_member(caller_of(app), user_id)])[0]


@app.patch(
    "/v1/members/{user_id}",
    needs="members:write",
    summary="Change a member's role, custom roles, grants or expiry",
    tags=_MEMBERS,
)
def change_member(user_id: _Id, request: MemberPatch) -> MemberOut:
    changed = members.change_member(caller_of(app), user_id, cast(MemberChange, request.given()))
    return _with_names([changed])[0]


@app.delete(
    "/v1/members/{user_id}",
    needs="members:write",
    summary="Remove a member; it takes effect everywhere within a minute",
    status_code=204,
    response_description="The member is removed",
    tags=_MEMBERS,
)
def remove_member(user_id: _Id) -> tuple[None, int]:
    members.remove_member(caller_of(app), user_id)
    return None, 204


@app.get("/v1/roles", needs="members:read", summary="Built-in and custom roles", tags=_MEMBERS)
def list_roles() -> PageOut[RoleOut]:
    built_in = [
        RoleOut(
            role_id=name,
            name=name,
            permissions=[permission for permission in PERMISSIONS if permission in allowed],
            is_built_in=True,
        )
        for name, allowed in ROLES.items()
    ]
    custom = [RoleOut.model_validate(role) for role in members.list_roles(caller_of(app))]
    return PageOut[RoleOut](items=[*built_in, *custom], cursor=None)


@app.post("/v1/roles", needs="roles:write", summary="Create a custom role", status_code=201, tags=_MEMBERS)
def create_role(request: RoleIn) -> tuple[RoleOut, int]:
    return RoleOut.model_validate(members.create_role(caller_of(app), **request.given())), 201


@app.patch(
    "/v1/roles/{role_id}",
    needs="roles:write",
    summary="Change a custom role and what its members may do",
    tags=_MEMBERS,
)
def change_role(role_id: _Id, request: RolePatch) -> RoleOut:
    return RoleOut.model_validate(members.change_role(caller_of(app), role_id, **request.given()))


@app.delete(
    "/v1/roles/{role_id}",
    needs="roles:write",
    summary="Archive a custom role; it gives nothing any more",
    status_code=204,
    response_description="It is archived",
    tags=_MEMBERS,
)
def archive_role(role_id: _Id) -> tuple[None, int]:
    members.archive_role(caller_of(app), role_id)
    return None, 204


@app.get("/v1/invitations", needs="members:read", summary="Invitations that I may know of, newest first", tags=_MEMBERS)
def list_invitations(limit: Limit = 100, cursor: Cursor = None) -> PageOut[InvitationOut]:
    page = members.list_invitations(caller_of(app), limit=limit, cursor=cursor)
    return PageOut[InvitationOut].model_validate(page)


@app.post("/v1/invitations", needs="members:invite", summary="Invite somebody by mail", status_code=201, tags=_MEMBERS)
def invite_member(request: InvitationIn) -> tuple[InvitationOut, int]:
    caller, target = caller_of(app), request.target()
    invitation = members.invite(caller, email=request.email, role=request.role, target=target)
    return InvitationOut.model_validate(invitation), 201


@app.post(
    "/v1/invitations/{invitation_id}/send",
    needs="members:invite",
    summary="Send another link in place of the first",
    tags=_MEMBERS,
)
def send_invitation(invitation_id: _Id) -> InvitationOut:
    return InvitationOut.model_validate(members.send_invitation_again(caller_of(app), invitation_id))


@app.delete(
    "/v1/invitations/{invitation_id}",
    needs="members:invite",
    summary="Revoke an invitation",
    status_code=204,
    response_description="It is over",
    tags=_MEMBERS,
)
def revoke_invitation(invitation_id: _Id) -> tuple[None, int]:
    members.revoke_invitation(caller_of(app), invitation_id)
    return None, 204


def _with_names(found: Sequence[Member]) -> list[MemberOut]:
    users = people.people_of([member.user_id for member in found])
    return [
        MemberOut.model_validate(member).model_copy(update={"name": user.name, "email": user.email} if user else None)
        for member, user in ((member, users.get(member.user_id)) for member in found)
    ]
