"""Who is a member of an organization."""

from optiq.tenancy.contracts import Member
from optiq.tenancy.stores import MEMBERS


def find_member(organization_id: str, user_id: str) -> Member | None:
    """A member who has not left, though perhaps an expired one."""
    member = MEMBERS.find(organization_id, user_id)
    return None if member is None or member.left_ms is not None else member


def is_member(organization_id: str, user_id: str, now_ms: int) -> bool:
    """Whether somebody is a member now."""
    member = find_member(organization_id, user_id)
    return member is not None and (member.expires_ms is None or member.expires_ms > now_ms)
