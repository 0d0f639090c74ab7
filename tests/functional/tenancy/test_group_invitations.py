"""Invitations further than the organization: into a team or a workspace, by who may put people there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from optiq.audit import api as audit
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import ConflictError, ForbiddenError, NotFoundError, UnauthenticatedError
from optiq.kernel.ids import new_id
from optiq.kernel.permissions import ROLES
from optiq.notifications import api as notifications
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Assignment, Group, GroupRole, Target, Visibility
from optiq.tenancy.groups import api as groups
from optiq.tenancy.members import api as members

from tests.functional.identity.browser import Answer, Browser
from tests.functional.identity.people import Someone, newest_link, newest_text, refused
from tests.functional.tenancy.organizations import Company, allowed

pytestmark = pytest.mark.usefixtures("table")
INVITER = ROLES["MEMBER"] | {"members:invite"}
"""What somebody may do who invites people, but does not see every team."""


def _owner(company: Company) -> Caller:
    return Caller(company.organization_id, company.owner.user_id, company.owner.user_id, permissions=ROLES["ADMIN"])


def _team(company: Company, visibility: Visibility = "PUBLIC", name: str = "Growth") -> Group:
    return groups.create_team(_owner(company), name=name, visibility=visibility)


def _to(group: Group, role: GroupRole = "MEMBER") -> Target:
    return Target("team" if group.group_id.startswith("team_") else "workspace", group.group_id, role)


def _inviter(company: Company) -> Caller:
    """A colleague who invites people, and manages nothing."""
    return Caller(company.organization_id, *[company.hire("MEMBER").user_id] * 2, INVITER)


def _accept(someone: Someone) -> None:
    members.accept_invitation(someone.person, newest_link(someone.address), someone.client)


def _in(company: Company, group: Group) -> dict[str, str]:
    return {member.user_id: member.role for member in groups.list_members(_owner(company), group).items}


@pytest.mark.parametrize("kind", ["team", "workspace"])
def test_who_accepts_is_in_the_organization_and_in_there(company: Company, someone: Someone, kind: str) -> None:
    make = groups.create_team if kind == "team" else groups.create_workspace
    group = make(_owner(company), name="Growth", visibility="SECRET")
    invited = members.invite(company.actor(), email=someone.address, role="VIEWER", target=_to(group, "MANAGER"))

    _accept(someone)

    company.enter(someone)
    assert allowed(someone) == ROLES["VIEWER"]
    assert _in(company, group) == {company.owner.user_id: "MANAGER", someone.user_id: "MANAGER"}
    (listed,) = members.list_invitations(company.actor()).items
    assert (listed.invitation_id, listed.status, listed.target) == (
        invited.invitation_id,
        "ACCEPTED",
        _to(group, "MANAGER"),
    )
    entries = [entry.change for entry in reversed(audit.entries(company.organization_id).items)]
    assert [(entry.actor, entry.action) for entry in entries[2:]] == [
        (company.owner.user_id, "invitation.sent"),
        (someone.user_id, "invitation.accepted"),
        (someone.user_id, "member.joined"),
        (someone.user_id, f"{kind}.member_set"),
    ]
    assert entries[2].after == {"role": "VIEWER", f"{kind}_id": group.group_id, "group_role": "MANAGER"}


def test_the_mail_says_where_to_and_the_log_of_mails_does_not(company: Company, someone: Someone) -> None:
    members.invite(
        company.actor(), email=someone.address, role="VIEWER", target=_to(_team(company, "SECRET"), "MANAGER")
    )

    text = newest_text(someone.address)
    (mail,) = notifications.mails_to(someone.address)[:1]
    assert "invites you to join the team Growth of Hearth & Heron on Optiq as MANAGER." in text
    assert "New members join Hearth & Heron as VIEWER." in text
    assert mail.subject == "You are invited to an organization on Optiq"


def test_a_member_is_invited_further_and_keeps_their_role(company: Company) -> None:
    team, admin = _team(company), company.hire("ADMIN")
    members.invite(company.actor(), email=admin.address, role="VIEWER", target=_to(team))

    _accept(admin)

    assert _in(company, team)[admin.user_id] == "MEMBER"
    assert members.get_member(company.actor(), admin.user_id).role == "ADMIN"
    refused(
        ConflictError, lambda: members.invite(company.actor(), email=admin.address, role="VIEWER", target=_to(team))
    )


def test_who_came_by_a_team_is_not_invited_to_the_organization_any_more(company: Company, someone: Someone) -> None:
    # GIVEN one invitation to the organization, one to a team of it
    whole = members.invite(company.actor(), email=someone.address, role="ADMIN")
    link = newest_link(someone.address)
    further = members.invite(company.actor(), email=someone.address, role="VIEWER", target=_to(_team(company)))

    # WHEN the second is accepted
    _accept(someone)

    # THEN the first is over too, and the book says by whom
    statuses = {each.invitation_id: each.status for each in members.list_invitations(company.actor()).items}
    assert statuses == {whole.invitation_id: "REVOKED", further.invitation_id: "ACCEPTED"}
    refused(UnauthenticatedError, lambda: members.accept_invitation(someone.person, link, someone.client))
    (revoked, *_) = audit.entries_of_entity(company.organization_id, whole.invitation_id).items
    assert (revoked.change.actor, revoked.change.action) == (someone.user_id, "invitation.revoked")
    # Once they left, they can be invited again.
    members.leave(someone.person, company.organization_id, someone.client)
    members.invite(company.actor(), email=someone.address, role="VIEWER")


def test_who_was_put_in_meanwhile_stays_what_they_are_there(company: Company) -> None:
    team, member = _team(company), company.hire("MEMBER")
    members.invite(company.actor(), email=member.address, role="VIEWER", target=_to(team))
    groups.set_member(_owner(company), team, member.user_id, "MANAGER")

    assert "in the team already" in refused(ConflictError, lambda: _accept(member))
    assert _in(company, team)[member.user_id] == "MANAGER"


def test_who_left_the_organization_comes_back_by_an_invitation_to_a_team(company: Company) -> None:
    team, member = _team(company), company.hire("MEMBER")
    members.invite(company.actor(), email=member.address, role="VIEWER", target=_to(team))
    members.leave(member.person, company.organization_id, member.client)

    _accept(member)

    assert members.get_member(company.actor(), member.user_id).role == "VIEWER"
    assert member.user_id in _in(company, team)


def test_an_address_has_one_open_invitation_to_each(company: Company, someone: Someone) -> None:
    growth, brand = _team(company), _team(company, name="Brand")
    members.invite(company.actor(), email=someone.address, role="VIEWER")
    members.invite(company.actor(), email=someone.address, role="VIEWER", target=_to(growth))
    members.invite(company.actor(), email=someone.address, role="VIEWER", target=_to(brand))

    said = refused(
        ConflictError,
        lambda: members.invite(company.actor(), email=someone.address, role="VIEWER", target=_to(growth, "MANAGER")),
    )
    assert "invited already" in said
    # What was declined or revoked makes room.
    members.decline_invitation(someone.person, newest_link(someone.address), someone.client)
    members.invite(company.actor(), email=someone.address, role="VIEWER", target=_to(brand))


def test_a_secret_team_is_not_there_for_an_inviter_who_is_not_in_it(company: Company, someone: Someone) -> None:
    # GIVEN a secret team, an open invitation to it, and a colleague who may invite
    team, colleague = _team(company, "SECRET", "Takeover"), _inviter(company)
    invited = members.invite(company.actor(), email=someone.address, role="VIEWER", target=_to(team))
    nowhere = replace(_to(team), group_id=new_id("team", system_clock()))
    nobodys = new_id("invitation", system_clock())

    def answer(ask: Callable[..., object], *ids: str, **fields: object) -> str:
        return refused(NotFoundError, lambda: ask(colleague, *ids, **fields))

    # THEN every way to it is as if it were not there
    to_it, to_nowhere = (
        {"email": someone.address, "role": "VIEWER", "target": target} for target in (_to(team), nowhere)
    )
    assert answer(members.invite, **to_it) == answer(members.invite, **to_nowhere)
    for ask in (members.send_invitation_again, members.revoke_invitation):
        assert answer(ask, invited.invitation_id) == answer(ask, nobodys)
    assert invited.invitation_id not in {each.invitation_id for each in members.list_invitations(colleague).items}
    # But for who is in it, though they see no other.
    groups.set_member(_owner(company), team, colleague.actor, "MEMBER")
    assert invited.invitation_id in {each.invitation_id for each in members.list_invitations(colleague).items}


def test_only_who_may_put_people_there_invites_there(company: Company, someone: Someone) -> None:
    team, colleague = _team(company), _inviter(company)

    refused(ForbiddenError, lambda: members.invite(colleague, email=someone.address, role="VIEWER", target=_to(team)))
    without = replace(company.actor(), permissions=ROLES["OWNER"] - {"teams:write"})
    assert "teams:write" in refused(
        ForbiddenError, lambda: members.invite(without, email=someone.address, role="VIEWER", target=_to(team))
    )
    groups.set_member(_owner(company), team, colleague.actor, "MANAGER")
    members.invite(colleague, email=someone.address, role="VIEWER", target=_to(team))


def test_who_does_not_manage_the_team_any_more_brings_nobody_in(company: Company, someone: Someone) -> None:
    team, colleague = _team(company), _inviter(company)
    members.change_member(company.actor(), colleague.actor, {"role": "ADMIN"})
    members.invite(
        replace(colleague, permissions=ROLES["ADMIN"]), email=someone.address, role="VIEWER", target=_to(team)
    )
    role = members.create_role(company.actor(), name="Inviter", permissions=["members:invite"])
    assignment = Assignment(role.role_id)
    members.change_member(company.actor(), colleague.actor, {"role": "MEMBER", "roles": (assignment,)})

    refused(UnauthenticatedError, lambda: _accept(someone))

    # The invitation still stands, for when they are its manager.
    groups.set_member(_owner(company), team, colleague.actor, "MANAGER")
    _accept(someone)


@pytest.mark.parametrize("kind", ["team", "workspace"])
def test_what_is_archived_is_invited_to_and_entered_by_nobody(company: Company, someone: Someone, kind: str) -> None:
    make, change = (
        (groups.create_team, groups.change_team)
        if kind == "team"
        else (groups.create_workspace, groups.change_workspace)
    )
    group = make(_owner(company), name="Growth")
    invited = members.invite(company.actor(), email=someone.address, role="VIEWER", target=_to(group))
    change(_owner(company), group.group_id, {"archived": True})

    for attempt in (
        lambda: members.invite(company.actor(), email="other@shop.example", role="VIEWER", target=_to(group)),
        lambda: members.send_invitation_again(
            company.actor(), invited.invitation_id, clock=lambda: system_clock() + 60_000
        ),
        lambda: _accept(someone),
    ):
        assert refused(ConflictError, attempt) == f"the {kind} is archived"

    assert not members.is_member(company.organization_id, someone.user_id, system_clock())
    change(_owner(company), group.group_id, {"archived": False})
    _accept(someone)


def test_an_organizations_key_invites_to_a_secret_team(company: Company, someone: Someone) -> None:
    by = tenancy.operator(company.organization_id)
    team = groups.create_team(by, name="Growth", visibility="SECRET")
    key = Caller(company.organization_id, "key_1", permissions=ROLES["ADMIN"])
    members.invite(key, email=someone.address, role="MEMBER", target=_to(team))

    _accept(someone)

    (listed,) = groups.list_members(by, team).items
    assert (listed.user_id, listed.added_by) == (someone.user_id, "key_1")


def test_a_members_invitation_is_good_once_though_two_use_it_at_once(company: Company) -> None:
    team, member = _team(company), company.hire("MEMBER")
    members.invite(company.actor(), email=member.address, role="VIEWER", target=_to(team))
    secret = newest_link(member.address)

    def accept(_: int) -> bool:
        try:
            members.accept_invitation(member.person, secret, member.client)
        except (UnauthenticatedError, ConflictError):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(accept, range(4))) == 1
    done = [entry.change.action for entry in audit.entries(company.organization_id).items]
    assert (done.count("team.member_set"), done.count("invitation.accepted")) == (1, 2)


def test_who_is_removed_while_they_accept_is_not_put_in(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    team, member = _team(company), company.hire("MEMBER")
    members.invite(company.actor(), email=member.address, role="VIEWER", target=_to(team))
    commit = audit.commit

    def removed_first(*writing: Any, **events: Any) -> bool:
        monkeypatch.setattr(audit, "commit", commit)
        members.remove_member(company.actor(), member.user_id)
        return commit(*writing, **events)

    monkeypatch.setattr(audit, "commit", removed_first)

    refused(UnauthenticatedError, lambda: _accept(member))
    assert member.user_id not in _in(company, team)


def test_by_way_of_the_routes(company: Company, someone: Someone, browser: Browser) -> None:
    team = _team(company)
    workspace = groups.create_workspace(_owner(company), name="Client")
    browser.jar["__Host-optiq"] = company.owner.signed_in.secret

    def invite(**said: str) -> Answer:
        return browser("POST", "/v1/invitations", {"email": someone.address} | said)

    made = invite(team_id=team.group_id, group_role="MANAGER")
    both = invite(team_id=team.group_id, workspace_id=workspace.group_id)
    swapped = invite(team_id=workspace.group_id)
    listed = browser("GET", "/v1/invitations").json()["items"]

    assert (made.status, both.status, swapped.status) == (201, 400, 404)
    assert listed == [made.json()]
    assert (listed[0]["team_id"], listed[0]["workspace_id"], listed[0]["group_role"]) == (
        team.group_id,
        None,
        "MANAGER",
    )
