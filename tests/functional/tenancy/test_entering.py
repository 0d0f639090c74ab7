"""Which organization a sign-in leads into."""

import pytest
from optiq.identity.people import api as people
from optiq.identity.people.contracts import SecondFactorNeeded, SignedIn
from optiq.kernel.clock import HOUR_MS
from optiq.kernel.permissions import ROLES
from optiq.tenancy.members import api as members

from tests.functional.identity.browser import Browser
from tests.functional.identity.people import PASSWORD, Someone, newest_link
from tests.functional.tenancy.organizations import Company, allowed
from tests.support.callers import permissions_at

pytestmark = pytest.mark.usefixtures("table")


def _sign_in(someone: Someone) -> SignedIn:
    signed_in = people.sign_in(someone.address, PASSWORD, someone.client, someone.clock)
    assert isinstance(signed_in, SignedIn)
    someone.enter(signed_in)
    return signed_in


def _join(someone: Someone, company: Company) -> None:
    members.invite(company.actor(), email=someone.address, role="VIEWER")
    members.accept_invitation(someone.person, newest_link(someone.address), someone.client)


def test_who_is_in_one_organization_is_in_it_at_once() -> None:
    company, someone = Company(), Someone()
    assert _sign_in(someone).organization_id == someone.person.organization_id == ""
    _join(someone, company)

    assert _sign_in(someone).organization_id == someone.person.organization_id == company.organization_id
    assert allowed(someone) == ROLES["VIEWER"]


def test_so_is_who_comes_by_a_link_and_with_a_second_factor() -> None:
    company = Company()
    someone = company.hire("VIEWER")
    someone.turn_on_two_factor()
    assert someone.signed_in.organization_id == company.organization_id

    people.request_magic_link(someone.address, someone.client)
    step = people.redeem_magic_link(newest_link(someone.address), someone.client)
    assert isinstance(step, SecondFactorNeeded)
    code = someone.next_code()
    signed_in = people.second_factor(step.challenge, code, someone.client, someone.clock)

    assert signed_in.organization_id == company.organization_id
    assert permissions_at(people.admit(signed_in.secret), someone.clock()) == ROLES["VIEWER"]


def test_who_is_in_several_goes_on_in_the_one_used_last() -> None:
    # GIVEN somebody who entered one organization, then another, and signed out
    first, second, someone = Company(), Company(), Someone()
    for company in (first, second):
        _join(someone, company)
        company.enter(someone)
        someone.clock.pass_seconds(HOUR_MS / 1000)
    people.sign_out(someone.person, someone.client)

    # THEN they come back to where they were, and go on where they go next
    assert _sign_in(someone).organization_id == second.organization_id
    someone.clock.pass_seconds(1)
    first.enter(someone)
    someone.clock.pass_seconds(1)
    assert _sign_in(someone).organization_id == first.organization_id

    # BUT not where they are no member any more
    members.remove_member(first.actor(), someone.user_id)
    assert _sign_in(someone).organization_id == second.organization_id


def test_an_expired_membership_is_not_entered() -> None:
    company = Company()
    someone = company.hire("VIEWER")
    members.change_member(company.actor(), someone.user_id, {"expires_ms": someone.clock() + HOUR_MS})

    assert _sign_in(someone).organization_id == company.organization_id
    someone.clock.pass_seconds(HOUR_MS / 1000)
    assert _sign_in(someone).organization_id == ""


def test_who_used_none_of_several_is_told_what_to_do(browser: Browser) -> None:
    someone = Someone()
    for _ in range(2):
        _join(someone, Company())

    signed_in = browser("POST", "/v1/sign-in", {"email": someone.address, "password": PASSWORD}).json()
    refused = browser("GET", "/v1/organization")

    assert (signed_in["status"], signed_in["organization_id"]) == ("SIGNED_IN", None)
    assert (refused.status, "/v1/organizations/{organization_id}/switch" in refused.json()["detail"]) == (403, True)
    (chosen, _) = browser("GET", "/v1/organizations").json()["items"]
    organization_id = chosen["organization"]["organization_id"]
    entered = browser("POST", f"/v1/organizations/{organization_id}/switch", {}).json()
    assert entered["organization_id"] == organization_id
    assert browser("GET", "/v1/organization").status == 200
