"""Which members are notified of a site's alerts."""

from collections.abc import Sequence

from optiq.alerts.contracts import AlertSettings
from optiq.alerts.rules.contracts import Rule
from optiq.tenancy.members import api as members

NEEDS = "reports:read"
_PERSON = "user_"


def named(
    settings: AlertSettings, rule: Rule, now_ms: int, connected_by: str = ""
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Members and other addresses.

    Where the site names nobody: who made the rule; where that is a key, or somebody who left, the owners.

    Args:
        connected_by: who connected the platform that a CONNECTION_ERROR is about; they get it instead, if they may.
    """
    organization_id = settings.organization_id
    if connected_by and (own := _permitted(organization_id, [connected_by], now_ms)):
        return own, ()
    if settings.members or settings.addresses:
        return settings.members, settings.addresses
    made = _permitted(organization_id, [rule.owner_id], now_ms)
    return made or tuple(members.owners(organization_id)), ()


def _permitted(organization_id: str, user_ids: Sequence[str], now_ms: int) -> tuple[str, ...]:
    """Those of them who may see reports."""
    return tuple(
        one
        for one in user_ids
        if one.startswith(_PERSON) and NEEDS in members.permissions_of(organization_id, one, now_ms)
    )
