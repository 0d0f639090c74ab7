"""What may be done in an organization, and which role may do it: the one table that routes, keys and docs read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Role = Literal["OWNER", "ADMIN", "MEMBER", "VIEWER"]
ROLE_NAMES: tuple[Role, ...] = get_args(Role)

PERMISSIONS: Mapping[str, str] = {
    "reports:read": "read reports, conversions and how they were credited",
    "customers:read": "read customers and their journeys",
    "sites:read": "read sites and their settings",
    "organization:read": "read the organization's settings",
    "members:read": "see members, their roles and open invitations",
    "teams:read": "see teams",
    "workspaces:read": "see workspaces",
    "events:read": "see what arrives, and failed events",
    "events:write": "send failed events again",
    "tokens:read": "see ingestion tokens, never their secrets",
    "customers:write": "cut wrong links between devices and people",
    "conversions:write": "refund and adjust conversions",
    "attribution:write": "change how conversions are credited, and recompute",
    "ads:write": "send what advertisements cost",
    "sites:write": "make sites, change their settings and channel rules",
    "tokens:write": "make and revoke ingestion tokens",
    "organization:write": "change the organization's settings",
    "members:invite": "invite people, send again and revoke invitations",
    "members:write": "change and remove members, their roles and grants",
    "roles:write": "make and change custom roles",
    "teams:write": "make teams, and change those one is a manager of",
    "workspaces:write": "make workspaces, and change those one is a manager of",
    "teams:manage": "see and change every team, secret ones too",
    "workspaces:manage": "see and change every workspace, secret ones too",
    "audit:read": "read who did what",
    "mails:read": "see what mail was sent",
    "organization:own": "make and unmake owners",
}

_VIEWER = frozenset(
    {
        *("reports:read", "customers:read", "sites:read", "organization:read", "members:read"),
        *("teams:read", "workspaces:read"),
    }
)
_MEMBER = _VIEWER | {
    *("events:read", "events:write", "tokens:read", "customers:write"),
    *("conversions:write", "attribution:write", "ads:write", "sites:write", "teams:write", "workspaces:write"),
}
_OWNER_ONLY = "organization:own"

ROLES: Mapping[Role, frozenset[str]] = {
    "OWNER": frozenset(PERMISSIONS),
    "ADMIN": frozenset(PERMISSIONS) - {_OWNER_ONLY},
    "MEMBER": _MEMBER,
    "VIEWER": _VIEWER,
}
"""Each may do all that those after it may."""

ORGANIZATION_KEY: Role = "ADMIN"
"""As what a key that the operator made, without an owner, acts."""

GRANTABLE = frozenset(PERMISSIONS) - {_OWNER_ONLY}
"""What a custom role or a direct grant may hold."""


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

    def permissions(self, now_ms: int) -> frozenset[str]:
        """What it allows at that instant: nothing once it has expired."""
        return frozenset(self.ends(now_ms))

    def ends(self, now_ms: int) -> dict[str, int | None]:
        """What it allows at that instant, and when each of it ends: no later than the membership; None is never."""
        if not self.is_alive(now_ms):
            return {}
        beside = {name: until for name, until in self.extras.items() if until is None or until > now_ms}
        allowed = beside | dict.fromkeys(ROLES[self.role])
        return {name: sooner(until, self.expires_ms) for name, until in allowed.items()}


def outlasts(end_ms: int | None, other_ms: int | None) -> bool:
    """Whether what ends at one instant (None: never) is there when what ends at the other is not any more."""
    return other_ms is not None and (end_ms is None or end_ms > other_ms)


def sooner(end_ms: int | None, other_ms: int | None) -> int | None:
    """The first of two ends (None: never)."""
    return other_ms if outlasts(end_ms, other_ms) else end_ms
