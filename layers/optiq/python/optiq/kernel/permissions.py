"""What may be done in an organization, and which role may do it, as the contexts declare it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from optiq.kernel.manifest import Role, contexts

ROLE_NAMES: tuple[Role, ...] = get_args(Role)

_DECLARED = [permission for context in contexts() for permission in context.permissions]
PERMISSIONS: Mapping[str, str] = {permission.name: permission.what for permission in _DECLARED}
"""What each allows, by name."""
_OWNER_ONLY = frozenset(permission.name for permission in _DECLARED if permission.role == "OWNER")

ROLES: Mapping[Role, frozenset[str]] = {
    role: frozenset(one.name for one in _DECLARED if ROLE_NAMES.index(one.role) >= rank)
    for rank, role in enumerate(ROLE_NAMES)
}
"""Each may do all that those after it may."""

ORGANIZATION_KEY: Role = "ADMIN"
"""As what a key that the operator made, without an owner, acts."""

GRANTABLE = frozenset(PERMISSIONS) - _OWNER_ONLY
"""What a custom role or a direct grant may hold."""


def permissions_of(caller: Mapping[str, Any]) -> frozenset[str]:
    """What the caller may do, by what the authorizer passes on: their role, what they have beside it, and the scopes of
    their key.

    The role is looked up here, because the authorizer may be of a version that does not know this context yet.
    """
    allowed = ROLES.get(caller.get("role", ""), frozenset()) | frozenset(str(caller.get("extras", "")).split())
    return allowed if "scopes" not in caller else allowed & frozenset(str(caller["scopes"]).split())


@dataclass(frozen=True, slots=True)
class Membership:
    """As what somebody is in an organization, with all they may do there.

    Attributes:
        expires_ms: when they stop being a member, or None.
        extras: permissions by custom roles and direct grants; each with when it ends, or None.
    """

    organization_id: str
    role: Role
    expires_ms: int | None = None
    extras: Mapping[str, int | None] = field(default_factory=dict)

    def is_alive(self, now_ms: int) -> bool:
        return self.expires_ms is None or self.expires_ms > now_ms

    def extras_at(self, now_ms: int) -> dict[str, int | None]:
        """What is beside the role at that instant, and when each of it ends."""
        return {name: until for name, until in self.extras.items() if until is None or until > now_ms}

    def ends(self, now_ms: int) -> dict[str, int | None]:
        """What it allows at that instant, and when each of it ends: no later than the membership; None is never.

        An expired membership allows nothing.
        """
        if not self.is_alive(now_ms):
            return {}
        allowed = self.extras_at(now_ms) | dict.fromkeys(ROLES[self.role])
        return {name: sooner(until, self.expires_ms) for name, until in allowed.items()}


def outlasts(end_ms: int | None, other_ms: int | None) -> bool:
    """Whether what ends at one instant (None: never) is there when what ends at the other is not any more."""
    return other_ms is not None and (end_ms is None or end_ms > other_ms)


def sooner(end_ms: int | None, other_ms: int | None) -> int | None:
    """The first of two ends (None: never)."""
    return other_ms if outlasts(end_ms, other_ms) else end_ms
