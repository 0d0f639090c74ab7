"""What somebody has for a while, or had until just now, they neither keep nor hand on by their own word."""

import pytest
from optiq.kernel.clock import HOUR_MS
from optiq.kernel.errors import ForbiddenError, UnauthenticatedError
from optiq.tenancy.contracts import Assignment
from optiq.tenancy.members import api as members

from tests.functional.identity.people import Someone, new_address, newest_link, refused
from tests.functional.tenancy.organizations import Company, allowed

pytestmark = pytest.mark.usefixtures("table")


def test_nobody_stays_a_member_longer_by_their_own_word(company: Company) -> None:
    # GIVEN an administrator for an hour
    admin = company.hire("ADMIN")
    end = admin.clock() + HOUR_MS
    members.change_member(company.actor(), admin.user_id, {"expires_ms": end})
    themselves = company.actor("ADMIN", admin.user_id)

    # THEN they stay no longer, and may go sooner
    refused(ForbiddenError, lambda: members.change_member(themselves, admin.user_id, {"expires_ms": None}))
    refused(ForbiddenError, lambda: members.change_member(themselves, admin.user_id, {"expires_ms": end + 1}))
    assert members.change_member(themselves, admin.user_id, {"expires_ms": end - 1}).expires_ms == end - 1


def test_what_is_given_ends_no_later_than_with_who_gives_it(company: Company) -> None:
    # GIVEN a member who may change members for an hour
    helper, other = company.hire("MEMBER"), company.hire("VIEWER")
    end = helper.clock() + HOUR_MS
    for_an_hour = (Assignment("members:write", end), Assignment("roles:write", end))
    members.change_member(company.actor(), helper.user_id, {"grants": for_an_hour})
    actor = company.actor("ADMIN", helper.user_id)

    # THEN neither they nor others have it longer by their word, by grant or by role
    longer = (Assignment("members:write"), *for_an_hour[1:])
    for whom in (helper, other):
        refused(ForbiddenError, lambda who=whom: members.change_member(actor, who.user_id, {"grants": longer}))
    refused(ForbiddenError, lambda: members.create_role(actor, name="Helpers", permissions=["members:write"]))

    # AND what they have for good they give for good
    given = members.change_member(actor, other.user_id, {"role": "MEMBER", "grants": for_an_hour[:1]})
    assert (given.role, given.grants) == ("MEMBER", for_an_hour[:1])


def test_who_is_a_member_for_a_while_lets_nobody_in_or_stay_for_longer(company: Company) -> None:
    # GIVEN an administrator who invited somebody, and then is one only for an hour; and a member for a minute
    admin, short, late = company.hire("ADMIN"), company.hire("VIEWER"), Someone()
    themselves, end = company.actor("ADMIN", admin.user_id), admin.clock() + HOUR_MS
    members.invite(themselves, email=late.address, role="VIEWER")
    members.change_member(company.actor(), admin.user_id, {"expires_ms": end})
    members.change_member(company.actor(), short.user_id, {"expires_ms": end - 1})

    # THEN nobody comes in by them who would stay
    said = refused(ForbiddenError, lambda: members.invite(themselves, email=new_address(), role="VIEWER"))
    assert "for a limited time" in said
    link = newest_link(late.address)
    refused(UnauthenticatedError, lambda: members.accept_invitation(late.person, link, late.client))

    # AND nobody stays longer than they do, or has more for longer
    refused(ForbiddenError, lambda: members.change_member(themselves, short.user_id, {"expires_ms": end + 1}))
    refused(ForbiddenError, lambda: members.change_member(themselves, short.user_id, {"expires_ms": None}))
    forever = company.hire("VIEWER")
    refused(ForbiddenError, lambda: members.change_member(themselves, forever.user_id, {"role": "ADMIN"}))
    refused(ForbiddenError, lambda: members.create_role(themselves, name="Readers", permissions=["reports:read"]))
    assert members.change_member(themselves, short.user_id, {"expires_ms": end}).expires_ms == end
    members.remove_member(themselves, forever.user_id)

    # AND once they stay, the invitation is good after all
    members.change_member(company.actor(), admin.user_id, {"expires_ms": None})
    members.accept_invitation(late.person, link, late.client)


def test_who_was_demoted_a_moment_ago_changes_nobody(company: Company) -> None:
    # GIVEN an administrator whom the authorizer still takes for one
    admin, friend = company.hire("ADMIN"), company.hire("MEMBER")
    still = company.actor("ADMIN", admin.user_id)
    members.change_member(company.actor(), admin.user_id, {"role": "VIEWER"})

    # THEN they make nobody an administrator: not themselves, not a friend
    for whom in (admin, friend):
        refused(ForbiddenError, lambda who=whom: members.change_member(still, who.user_id, {"role": "ADMIN"}))
    refused(ForbiddenError, lambda: members.create_role(still, name="Mine", permissions=["members:write"]))
    refused(ForbiddenError, lambda: members.invite(still, email="friend@shop.example", role="ADMIN"))
    refused(ForbiddenError, lambda: members.remove_member(still, friend.user_id))
    members.remove_member(company.actor(), admin.user_id)
    refused(ForbiddenError, lambda: members.change_member(still, friend.user_id, {"role": "ADMIN"}))
    assert "members:write" not in allowed(friend)
