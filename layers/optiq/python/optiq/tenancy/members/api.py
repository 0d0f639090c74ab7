"""Organizations and the people in them: members, roles, invitations."""

from optiq.tenancy.members.answers import accept_invitation, decline_invitation
from optiq.tenancy.members.grants import permissions_of
from optiq.tenancy.members.invitations import invite, list_invitations, revoke_invitation, send_invitation_again
from optiq.tenancy.members.members import (
    add_owner,
    caller_in,
    change_member,
    get_member,
    leave,
    list_members,
    owned_alone,
    owners,
    remove_member,
)
from optiq.tenancy.members.organizations import (
    change_organization,
    create_organization,
    organizations_of,
)
from optiq.tenancy.members.roles import archive_role, change_role, create_role, list_roles
from optiq.tenancy.membership import is_member

__all__ = [
    "accept_invitation",
    "add_owner",
    "archive_role",
    "caller_in",
    "change_member",
    "change_organization",
    "change_role",
    "create_organization",
    "create_role",
    "decline_invitation",
    "get_member",
    "invite",
    "is_member",
    "leave",
    "list_invitations",
    "list_members",
    "list_roles",
    "organizations_of",
    "owned_alone",
    "owners",
    "permissions_of",
    "remove_member",
    "revoke_invitation",
    "send_invitation_again",
]
