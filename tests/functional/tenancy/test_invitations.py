"""Invitations: for one address, good once, no higher than who sends them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from optiq.audit import api as audit
from optiq.identity.people import api as people
from optiq.identity.people import throttle
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.errors import ConflictError, ForbiddenError, LimitExceededError, UnauthenticatedError
from optiq.kernel.permissions import ROLES
from optiq.notifications import api as notifications
from optiq.tenancy.members import api as members
from types_boto3_dynamodb import DynamoDBClient

from tests.functional.identity.people import Someone, in_organization, new_address, newest_link, refused, templates_to
from tests.functional.subscribers import deliver_events
from tests.functional.tenancy.organizations import Company, allowed

pytestmark = pytest.mark.usefixtures("table")


def _later(milliseconds: int) -> int:
    return system_clock() + milliseconds


def test_who_accepts_becomes_a_member_as_invited(company: Company, someone: Someone) -> None:
    invitation = members.invite(company.actor(), email=someone.address, role="VIEWER")

    joined = members.accept_invitation(someone.person, newest_link(someone.address), someone.client)

    assert joined == company.organization
    assert members.get_member(company.actor(), someone.user_id).added_by == company.owner.user_id
    company.enter(someone)
    assert allowed(someone) == ROLES["VIEWER"]
    (listed,) = members.list_invitations(company.actor()).items
    assert (listed.invitation_id, listed.status) == (invitation.invitation_id, "ACCEPTED")
    assert listed.accepted_by == someone.user_id
    assert [entry.change.action for entry in reversed(audit.entries(company.organization_id).items)] == [
        "organization.created",
        "invitation.sent",
        "invitation.accepted",
        "member.joined",
    ]


def test_an_invitation_is_good_once_though_two_use_it_at_once(company: Company, someone: Someone) -> None:
    members.invite(company.actor(), email=someone.address, role="MEMBER")
    secret = newest_link(someone.address)

    def accept(_: int) -> bool:
        try:
            members.accept_invitation(someone.person, secret, someone.client)
        except (UnauthenticatedError, ConflictError):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, range(2))) == [False, True]
    refused(UnauthenticatedError, lambda: members.accept_invitation(someone.person, secret, someone.client))


def test_only_who_has_the_address_accepts_or_declines(company: Company, someone: Someone) -> None:
    members.invite(company.actor(), email=someone.address, role="MEMBER")
    secret, thief = newest_link(someone.address), Someone()

    refused(ForbiddenError, lambda: members.accept_invitation(thief.person, secret, thief.client))
    refused(ForbiddenError, lambda: members.decline_invitation(thief.person, secret, thief.client))
    company.enter(company.owner)
    key = people.create_key(in_organization(someone.person), "mine", ["reports:read"], someone.client)
    refused(ForbiddenError, lambda: members.accept_invitation(people.admit(key.secret), secret, someone.client))


def test_an_invitation_ends_after_a_week(company: Company, someone: Someone) -> None:
    members.invite(company.actor(), email=someone.address, role="MEMBER")
    secret = newest_link(someone.address)

    refused(
        UnauthenticatedError,
        lambda: members.accept_invitation(someone.person, secret, someone.client, clock=lambda: _later(7 * DAY_MS)),
    )
    (listed,) = members.list_invitations(company.actor(), clock=lambda: _later(7 * DAY_MS)).items
    assert listed.status == "EXPIRED"
    # Its address is free for another.
    members.invite(company.actor(), email=someone.address, role="MEMBER", clock=lambda: _later(7 * DAY_MS))


def test_an_address_has_one_open_invitation(company: Company, someone: Someone) -> None:
    members.invite(company.actor(), email=someone.address, role="MEMBER")
    refused(ConflictError, lambda: members.invite(company.actor(), email=someone.address.upper(), role="VIEWER"))
    assert templates_to(someone.address).count("INVITATION") == 1

    members.accept_invitation(someone.person, newest_link(someone.address), someone.client)
    refused(ConflictError, lambda: members.invite(company.actor(), email=someone.address, role="VIEWER"))


def test_a_link_sent_again_takes_the_place_of_the_first(company: Company, someone: Someone) -> None:
    invitation = members.invite(company.actor(), email=someone.address, role="MEMBER")
    first = newest_link(someone.address)
    refused(LimitExceededError, lambda: members.send_invitation_again(company.actor(), invitation.invitation_id))

    members.send_invitation_again(company.actor(), invitation.invitation_id, clock=lambda: _later(60_000))

    refused(UnauthenticatedError, lambda: members.accept_invitation(someone.person, first, someone.client))
    members.accept_invitation(someone.person, newest_link(someone.address), someone.client)


def test_what_is_revoked_or_declined_is_over_and_the_address_free(company: Company, someone: Someone) -> None:
    invitation = members.invite(company.actor(), email=someone.address, role="MEMBER")
    secret = newest_link(someone.address)
    members.revoke_invitation(company.actor(), invitation.invitation_id)
    refused(UnauthenticatedError, lambda: members.accept_invitation(someone.person, secret, someone.client))
    refused(ConflictError, lambda: members.send_invitation_again(company.actor(), invitation.invitation_id))

    members.invite(company.actor(), email=someone.address, role="MEMBER")
    members.decline_invitation(someone.person, newest_link(someone.address), someone.client)
    statuses = [invitation.status for invitation in members.list_invitations(company.actor()).items]
    assert sorted(statuses) == ["DECLINED", "REVOKED"]
    members.invite(company.actor(), email=someone.address, role="MEMBER")


def test_who_may_not_invite_any_more_brings_nobody_in(company: Company, someone: Someone) -> None:
    # GIVEN an invitation by an administrator who is then made a viewer
    admin = company.hire("ADMIN")
    members.invite(company.actor("ADMIN", admin.user_id), email=someone.address, role="ADMIN")
    members.change_member(company.actor(), admin.user_id, {"role": "VIEWER"})

    # THEN it makes no administrator
    secret = newest_link(someone.address)
    refused(UnauthenticatedError, lambda: members.accept_invitation(someone.person, secret, someone.client))


def test_who_left_can_be_invited_again(company: Company, someone: Someone) -> None:
    for _ in range(2):
        members.invite(company.actor(), email=someone.address, role="MEMBER")
        members.accept_invitation(someone.person, newest_link(someone.address), someone.client)
        members.leave(someone.person, company.organization_id, someone.client)
    assert not members.is_member(company.organization_id, someone.user_id, system_clock())


def test_the_table_does_not_know_the_secret(company: Company, someone: Someone, table: DynamoDBClient) -> None:
    members.invite(company.actor(), email=someone.address, role="MEMBER")
    found = table.query(
        TableName="optiq-test",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"ORG#{company.organization_id}"}},
    )
    assert newest_link(someone.address) not in str(found["Items"])


def test_the_organizations_log_of_mails_has_what_was_sent_for_it_and_nothing_personal(company: Company) -> None:
    invitation = members.invite(company.actor(), email=company.owner.address.replace("@", "2@"), role="VIEWER")
    deliver_events()

    (mail,) = notifications.list_mails(Caller.system(company.organization_id), limit=10, cursor=None).items

    assert (mail.kind, mail.about) == ("INVITATION", invitation.invitation_id)
    assert "VERIFY_ADDRESS" in templates_to(company.owner.address)


def test_nobodys_mailbox_is_filled_with_invitations() -> None:
    # GIVEN somebody who invites, revokes and invites again, from one organization and the next
    address, sent = new_address(), 0
    for company in (Company(), Company()):
        for _ in range(4):
            try:
                invitation = members.invite(company.actor(), email=address, role="VIEWER")
            except LimitExceededError:
                continue
            sent += 1
            members.revoke_invitation(company.actor(), invitation.invitation_id)

    # THEN the address gets five in an hour
    assert sent == templates_to(address).count("INVITATION") == 5


def test_an_organization_asks_only_so_many_people_in_within_an_hour(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "INVITATIONS", replace(throttle.INVITATIONS, attempts=2))
    for _ in range(2):
        members.invite(company.actor(), email=new_address(), role="VIEWER")

    refused(LimitExceededError, lambda: members.invite(company.actor(), email=new_address(), role="VIEWER"))
    assert members.invite(Company().actor(), email=new_address(), role="VIEWER").status == "OPEN"


def test_one_person_asks_only_so_many_people_in_within_a_day_by_all_their_organizations(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a person with two organizations, who invites from one as often as they may in all
    monkeypatch.setattr(throttle, "INVITATIONS_BY_PERSON", replace(throttle.INVITATIONS_BY_PERSON, attempts=3))
    second = Company(company.owner)
    for _ in range(3):
        members.invite(company.actor(), email=new_address(), role="VIEWER")

    # THEN the next is refused from the other, and another person's is not
    elsewhere = second.actor()
    said = refused(LimitExceededError, lambda: members.invite(elsewhere, email=new_address(), role="VIEWER"))
    assert "tomorrow" in said
    assert members.invite(Company().actor(), email=new_address(), role="VIEWER").status == "OPEN"


def test_invitations_come_in_pages_newest_first(company: Company) -> None:
    sent = [members.invite(company.actor(), email=new_address(), role="VIEWER").invitation_id for _ in range(3)]

    first = members.list_invitations(company.actor(), limit=2)
    second = members.list_invitations(company.actor(), limit=2, cursor=first.cursor)

    assert [each.invitation_id for each in first.items + second.items] == sent[::-1]
    assert second.cursor is None
