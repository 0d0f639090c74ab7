"""Who runs the system, as people with accounts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A user who may use the operator's routes. Attributes: ended_ms: when they stopped, or None."""

    organization_id: str
    user_id: str
    email: str
    added_by: str
    added_ms: int
    ended_ms: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class StaffKey:
    """A key for the operator's routes that names its person."""

    key: str
    expires_ms: int
