"""Organizations, members, roles and grants: who may do what, and that an owner is always left."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import pytest
from optiq.audit import api as audit
from optiq.identity import keys as identity_keys
from optiq.identity.people import admission, throttle
from optiq.identity.people import api as people
from optiq.identity.people.contracts import SignedIn
from optiq.kernel.caller import Caller
from optiq.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    LimitExceededError,
    NotFoundError,
    UnauthenticatedError,
)
from optiq.kernel.permissions import ROLES
from optiq.tenancy import api as tenancy
from optiq.tenancy import keys
from optiq.tenancy.contracts import Assignment
from optiq.tenancy.groups import api as groups
from optiq.tenancy.members import api as members
from types_boto3_dynamodb import DynamoDBClient

from tests.functional.identity.people import PASSWORD, Someone, new_address, new_client, refused
from tests.functional.tenancy.organizations import Company, allowed
from tests.support.callers import permissions_at

pytestmark = pytest.mark.usefixtures("table")


def _actions(company: Company) -> list[str]:
    return [entry.change.action for entry in reversed(audit.entries(company.organization_id).items)]


def test_who_makes_an_organization_owns_it(company: Company) -> None:
    ((organization, membership),) = members.organizations_of(company.owner.person)

    assert organization == company.organization
    assert membership.role == "OWNER"
    assert allowed(company.owner) == ROLES["OWNER"]
    assert _actions(company) == ["organization.created"]
    assert not audit.verify(company.organization_id).fault


def test_no_two_organizations_have_one_slug(company: Company) -> None:
    # GIVEN two people who want the same one at the same moment
    someone, slug = Someone(), f"shop-{company.organization_id[-8:].lower()}"

    def make(_: int) -> str:
        try:
            return members.create_organization(someone.person, someone.client, name="Shop", slug=slug).organization_id
        except ConflictError:
            return ""

    with ThreadPoolExecutor(2) as pool:
        made = [organization_id for organization_id in pool.map(make, range(2)) if organization_id]

    # THEN one has it, until it is given up
    assert len(made) == 1
    refused(ConflictError, lambda: members.change_organization(company.actor(), {"slug": slug}))
    other = replace(company.actor(), organization_id=made[0])
    members.change_organization(other, {"slug": f"{slug}-2"})
    assert members.change_organization(company.actor(), {"slug": slug}).slug == slug


def test_an_organizations_settings_are_changed_together_or_not(company: Company) -> None:
    refused(InvalidError, lambda: members.change_organization(company.actor(), {"name": "New", "currency": "euros"}))
    assert tenancy.get_organization(company.organization_id).name == "Hearth & Heron"

    changed = members.change_organization(
        company.actor(), {"name": "New", "timezone": "Europe/Berlin", "currency": "usd"}, expected_version=0
    )
    assert (changed.name, changed.timezone, changed.currency, changed.version) == ("New", "Europe/Berlin", "USD", 1)
    refused(ConflictError, lambda: members.change_organization(company.actor(), {"name": "Old"}, expected_version=0))
    assert _actions(company)[-1] == "organization.changed"


def test_a_switch_rotates_the_secret_and_reaches_only_ones_own(company: Company) -> None:
    owner, other = company.owner, Company()
    before = owner.signed_in.secret

    refused(NotFoundError, lambda: people.switch_organization(owner.person, other.organization_id, owner.client))
    company.enter(owner)

    assert owner.signed_in.secret != before
    assert owner.person.organization_id == company.organization_id
    refused(UnauthenticatedError, lambda: people.admit(before))


def test_a_change_of_role_holds_within_a_minute(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a process that just served a member, and clocks moved by hand
    passed = 0.0
    monkeypatch.setattr(admission, "time", SimpleNamespace(monotonic=lambda: 1_000_000 + passed))
    member = company.hire("MEMBER")
    assert permissions_at(member.person, member.clock()) == ROLES["MEMBER"]

    # WHEN another process makes them a viewer
    known = dict(admission._known)
    members.change_member(company.actor(), member.user_id, {"role": "VIEWER"})
    admission._known.update(known)

    # THEN here it holds once a minute has passed
    passed = 60
    assert permissions_at(member.person, member.clock()) == ROLES["VIEWER"]


def test_who_was_removed_may_do_nothing(company: Company) -> None:
    member = company.hire("ADMIN")

    members.remove_member(company.actor(), member.user_id)

    assert allowed(member) == frozenset()
    assert members.organizations_of(member.person) == []
    assert [each.user_id for each in members.list_members(company.actor(), limit=10).items] == [company.owner.user_id]
    refused(NotFoundError, lambda: people.switch_organization(member.person, company.organization_id, member.client))
    assert _actions(company)[-1] == "member.removed"


def test_who_was_removed_is_in_no_team_any_more(company: Company) -> None:
    member, by = company.hire("MEMBER"), tenancy.operator(company.organization_id)
    team = groups.create_team(by, name="Buyers")
    groups.set_member(by, team, member.user_id, "MEMBER")

    members.remove_member(company.actor(), member.user_id)

    assert groups.list_members(by, team).items == ()


def test_an_assignment_ends_at_its_hour_without_anybody_writing(company: Company) -> None:
    viewer = company.hire("VIEWER")
    now_ms = viewer.clock()
    role = members.create_role(company.actor(), name="Media buyer", permissions=["ads:write", "tokens:read"])

    members.change_member(
        company.actor(),
        viewer.user_id,
        {
            "roles": (Assignment(role.role_id, now_ms + 60_000),),
            "grants": (Assignment("events:read", now_ms + 120_000), Assignment("ads:write")),
        },
    )

    assert allowed(viewer) == ROLES["VIEWER"] | {"ads:write", "tokens:read", "events:read"}
    viewer.clock.pass_seconds(61)
    assert allowed(viewer) == ROLES["VIEWER"] | {"ads:write", "events:read"}
    viewer.clock.pass_seconds(60)
    assert allowed(viewer) == ROLES["VIEWER"] | {"ads:write"}
    members.change_member(company.actor(), viewer.user_id, {"expires_ms": now_ms + 180_000})
    viewer.clock.pass_seconds(60)
    assert allowed(viewer) == frozenset()


def test_a_roles_change_reaches_who_has_it(company: Company) -> None:
    role = members.create_role(company.actor(), name="Buyer", permissions=["ads:write"])
    viewers = [company.hire("VIEWER") for _ in range(2)]
    for viewer in viewers:
        members.change_member(company.actor(), viewer.user_id, {"roles": (Assignment(role.role_id),)})

    members.change_role(company.actor(), role.role_id, permissions=["events:read"])
    assert [allowed(viewer) - ROLES["VIEWER"] for viewer in viewers] == [{"events:read"}] * 2

    members.archive_role(company.actor(), role.role_id)
    assert [allowed(viewer) for viewer in viewers] == [ROLES["VIEWER"]] * 2
    assert members.list_roles(company.actor()) == []


def test_a_custom_roles_name_is_its_own_in_the_organization(company: Company) -> None:
    # GIVEN four who make a role of one name at the same moment
    def create(number: int) -> str:
        try:
            return members.create_role(
                company.actor(), name=("Buyer", "BUYER")[number % 2], permissions=["ads:write"]
            ).role_id
        except ConflictError:
            return ""

    with ThreadPoolExecutor(4) as pool:
        made = [role_id for role_id in pool.map(create, range(4)) if role_id]

    # THEN one has it, within its organization
    assert made == [role.role_id for role in members.list_roles(company.actor())]
    assert len(made) == 1
    other = members.create_role(company.actor(), name="Seller", permissions=["ads:write"])
    said = refused(ConflictError, lambda: members.change_role(company.actor(), other.role_id, name="buyer"))
    assert said == "name: there is a role 'buyer' already"
    assert "already" in refused(
        ConflictError, lambda: members.create_role(company.actor(), name="Owner", permissions=["ads:write"])
    )
    assert members.create_role(Company().actor(), name="Buyer", permissions=["ads:write"]).name == "Buyer"

    # AND it is free again once it was given up, or its role archived
    assert members.change_role(company.actor(), made[0], name="BuYer").name == "BuYer"
    members.change_role(company.actor(), made[0], name="Media buyer")
    members.change_role(company.actor(), other.role_id, name="Buyer")
    members.archive_role(company.actor(), other.role_id)
    members.change_role(company.actor(), made[0], name="Buyer")
    refused(NotFoundError, lambda: members.change_role(company.actor(), other.role_id, name="Seller"))
    assert members.create_role(company.actor(), name="Seller", permissions=["ads:write"]).name == "Seller"


def test_a_roles_name_of_any_letters_fits_its_key(company: Company) -> None:
    assert members.create_role(company.actor(), name="\u0390" * 100, permissions=["ads:write"]).name == "\u0390" * 100
    refused(InvalidError, lambda: members.create_role(company.actor(), name="a" * 101, permissions=["ads:write"]))


def test_nobody_gives_or_takes_more_than_they_may_do(company: Company) -> None:
    admin, member = company.hire("ADMIN"), company.hire("MEMBER")
    by_admin = company.actor("ADMIN", admin.user_id)
    by_member = company.actor("MEMBER", member.user_id)
    owners_only = [Assignment("organization:own")]

    said = refused(ForbiddenError, lambda: members.change_member(by_admin, member.user_id, {"role": "OWNER"}))
    assert "a permission you don't have: 'billing:write'" in said
    refused(ForbiddenError, lambda: members.change_member(by_admin, company.owner.user_id, {"role": "VIEWER"}))
    refused(ForbiddenError, lambda: members.remove_member(by_admin, company.owner.user_id))
    refused(ForbiddenError, lambda: members.create_role(by_member, name="Mine", permissions=["members:write"]))
    refused(ForbiddenError, lambda: members.invite(by_member, email="friend@shop.example", role="ADMIN"))
    refused(
        InvalidError,
        lambda: members.change_member(company.actor(), member.user_id, {"grants": tuple(owners_only)}),
    )


def test_a_key_does_no_more_than_its_owner(company: Company) -> None:
    viewer = company.hire("VIEWER")
    made = people.create_key(viewer.person, "dashboards", ["reports:read", "sites:write"], viewer.client)

    key = people.admit(made.secret)

    assert permissions_at(key, viewer.clock()) == {"reports:read"}


def test_the_last_owner_stays(company: Company) -> None:
    owner = company.owner

    assert "owner" in refused(ConflictError, lambda: members.leave(owner.person, company.organization_id, owner.client))
    refused(ConflictError, lambda: members.change_member(company.actor(), owner.user_id, {"role": "ADMIN"}))
    refused(InvalidError, lambda: members.change_member(company.actor(), owner.user_id, {"expires_ms": 1}))
    assert allowed(owner) == ROLES["OWNER"]


def test_of_two_owners_who_go_at_once_one_stays(company: Company) -> None:
    second = company.hire("OWNER")

    def go(who: Someone) -> bool:
        try:
            members.leave(who.person, company.organization_id, who.client)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        gone = list(pool.map(go, [company.owner, second]))

    assert sorted(gone) == [False, True]
    (left,) = members.list_members(company.actor(), limit=10).items
    assert left.role == "OWNER"


def test_both_copies_of_a_membership_stand_together(company: Company, table: DynamoDBClient) -> None:
    member = company.hire("MEMBER")
    members.change_member(company.actor(), member.user_id, {"role": "VIEWER"})

    for key, version in (
        (keys.member(company.organization_id, member.user_id), "version"),
        (identity_keys.membership(member.user_id, company.organization_id), "revision"),
    ):
        item = table.get_item(TableName="optiq-test", Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}})["Item"]
        assert (item["role"]["S"], item[version]["N"]) == ("VIEWER", "2")


def test_the_operator_gives_an_organization_its_first_owner() -> None:
    organization = tenancy.create_organization(Caller.system(""), name="Shop", currency="EUR")
    someone = Someone()

    members.add_owner(Caller.system(organization.organization_id), someone.user_id)

    refused(ConflictError, lambda: members.add_owner(Caller.system(organization.organization_id), someone.user_id))
    ((found, membership),) = members.organizations_of(someone.person)
    assert (found, membership.role) == (organization, "OWNER")
    assert found.slug.startswith("shop-")
    assert [entry.change.actor for entry in audit.entries(organization.organization_id).items] == ["operator"] * 2


def test_the_operator_makes_an_account_for_an_address_once() -> None:
    address = new_address()
    made = people.create_person(address, "Ann", PASSWORD)

    refused(ConflictError, lambda: people.create_person(address.upper(), "Ann", PASSWORD))
    signed_in = people.sign_in(address, PASSWORD, new_client())
    assert isinstance(signed_in, SignedIn)
    assert signed_in.user == made


def test_one_person_makes_only_so_many_organizations_within_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "ORGANIZATIONS", replace(throttle.ORGANIZATIONS, attempts=3))
    someone, other = Someone(), Someone()
    for _ in range(3):
        members.create_organization(someone.person, someone.client, name="Shop")

    said = refused(LimitExceededError, lambda: members.create_organization(someone.person, someone.client, name="Shop"))
    assert "tomorrow" in said
    assert members.create_organization(other.person, other.client, name="Shop").name == "Shop"
