"""Organizations as tests need them: with an owner, and more people in whatever role."""

from dataclasses import dataclass, field

from optiq.identity.people import admission
from optiq.identity.people import api as people
from optiq.kernel.caller import OPERATOR, Caller
from optiq.kernel.manifest import Role
from optiq.kernel.permissions import ROLES
from optiq.tenancy.contracts import Member, Organization
from optiq.tenancy.members import api as members
from optiq.tenancy.stores import MEMBERS

from tests.functional.identity.people import Someone, newest_link


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
    return someone.person.permissions(someone.clock())
