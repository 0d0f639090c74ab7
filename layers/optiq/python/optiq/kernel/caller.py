"""Who asks for something, as every use case gets it."""

from collections.abc import Callable
from dataclasses import dataclass, field

OPERATOR = "operator"
"""The actor of what the command line does, on the machine or in the account that Optiq runs in."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from. `network` is a keyed hash of a truncated address; the address is not kept."""

    network: str = ""
    device: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. The resolver makes one of each request; `Caller.system` is for consumers and the command line.

    Attributes:
        actor: the id of a user or a key, for the audit log.
        user_id: the person, or "" for an organization's key.
        permissions: what the caller may do in the organization.
        locate: works out the origin. Only entries of the audit log need it, and its hash needs the platform's secret.
    """

    organization_id: str
    actor: str
    user_id: str = ""
    permissions: frozenset[str] = frozenset()
    locate: Callable[[], Origin] = field(default=Origin, repr=False, compare=False)

    @property
    def origin(self) -> Origin:
        return self.locate()

    @property
    def owner_id(self) -> str:
        """Who owns what the caller makes: the person, else the key."""
        return self.user_id or self.actor

    @classmethod
    def system(cls, organization_id: str, permissions: frozenset[str] = frozenset()) -> "Caller":
        return cls(organization_id, OPERATOR, permissions=permissions)

    def may(self, permission: str) -> bool:
        return permission in self.permissions
