"""Organizations as tests need them: with an owner, and more people in whatever role."""

from dataclasses import dataclass, field

from optiq.identity import api as identity
from optiq.identity.people import admission
from optiq.identity.people import api as people
from optiq.kernel.caller import OPERATOR, Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id
from optiq.kernel.manifest import Role
from optiq.kernel.permissions import ROLES
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Member, Organization
from optiq.tenancy.groups import api as groups
from optiq.tenancy.members import api as members
from optiq.tenancy.stores import MEMBERS

from tests.functional.identity.people import Someone, new_address, newest_link
from tests.functional.things import creators
from tests.support.callers import permissions_at


@dataclass
class Company:
    """An organization and who owns it."""

    owner: Someone = field(default_factory=Someone)

    def __post_init__(self) -> None:
        self.organization: Organization = members.create_organization(
            self.owner.person, self.owner.client, name="Hearth & Heron"
        )
        self.organization_id = self.organization.organization_id
        self.enter(self.owner)

    def enter(self, someone: Someone) -> None:
        """Has a member go on in this organization."""
        someone.enter(people.switch_organization(someone.person, self.organization_id, someone.client, someone.clock))

    def actor(self, role: Role = "OWNER", actor: str = "") -> Caller:
        return Caller(self.organization_id, *[actor or self.owner.user_id] * 2, ROLES[role])

    def hire(self, role: Role) -> Someone:
        """Somebody who was invited and has accepted, signed in to the organization."""
        someone = Someone()
        members.invite(self.actor(), email=someone.address, role=role)
        members.accept_invitation(someone.person, newest_link(someone.address), someone.client)
        self.enter(someone)
        return someone


def employ(organization_id: str, user_id: str) -> Caller:
    """Somebody who is a member of an organization, and may do nothing by their role."""
    MEMBERS.add(Caller.system(organization_id), Member(organization_id, user_id, "VIEWER", OPERATOR, 0))
    return Caller(organization_id, user_id, user_id)


def allowed(someone: Someone) -> frozenset[str]:
    """What somebody may do, as the table says now."""
    admission.forget_known()
    return permissions_at(someone.person, someone.clock())


def one_of_each(company: Company) -> dict[str, str]:
    """One thing of each kind that an organization has."""
    now_ms, by = system_clock(), tenancy.operator(company.organization_id)
    site_id = tenancy.add_site(by, name="Secret Shop", domains=["a.example"]).site_id
    return {
        "organization_id": company.organization_id,
        "site_id": site_id,
        "user_id": company.hire("MEMBER").user_id,
        "role_id": members.create_role(company.actor(), name="Secret role", permissions=["ads:write"]).role_id,
        "invitation_id": members.invite(company.actor(), email=new_address(), role="VIEWER").invitation_id,
        "token_id": identity.create_token(
            Caller.system(company.organization_id), site_id, name="secret"
        ).token.credential_id,
        "team_id": groups.create_team(by, name="Secret team").team_id,
        "workspace_id": groups.create_workspace(by, name="Secret client").workspace_id,
        "conversion_id": new_id("conv", now_ms),
        "customer_id": new_id("cus", now_ms),
        "job_id": new_id("job", now_ms),
        **{name: create(company.organization_id, site_id) for name, create in creators().items()},
    }
