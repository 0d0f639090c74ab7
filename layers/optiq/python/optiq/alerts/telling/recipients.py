"""Who is told of a site's alerts."""

from collections.abc import Sequence
from dataclasses import dataclass

from optiq.alerts.contracts import AlertSettings
from optiq.alerts.rules.contracts import Rule
from optiq.identity.people import api as people
from optiq.tenancy.members import api as members

NEEDS = "reports:read"
_PERSON = "user_"


@dataclass(frozen=True, slots=True)
class Recipient:
    """`user_id` is "" for a shared mailbox, which only gets mail."""

    email: str
    user_id: str = ""


def recipients_of(settings: AlertSettings, rule: Rule, now_ms: int, connected_by: str = "") -> list[Recipient]:
    """Members who still may see reports, then other addresses.

    Where the site names nobody: who made the rule; where that is a key, or somebody who left, the owners.

    Args:
        connected_by: who connected the platform that a CONNECTION_ERROR is about; they get it instead, if they may.
    """
    organization_id = settings.organization_id
    if connected_by and (told := _people(organization_id, [connected_by], now_ms)):
        return told
    told = _people(organization_id, settings.members, now_ms)
    if settings.members or settings.addresses:
        known = {one.email.lower() for one in told}
        return [*told, *(Recipient(address) for address in settings.addresses if address.lower() not in known)]
    return _people(organization_id, [rule.owner_id], now_ms) or _people(
        organization_id, members.owners(organization_id), now_ms
    )


def _people(organization_id: str, user_ids: Sequence[str], now_ms: int) -> list[Recipient]:
    """Those of them who may see reports."""
    may = [
        one
        for one in user_ids
        if one.startswith(_PERSON) and NEEDS in members.permissions_of(organization_id, one, now_ms)
    ]
    found = people.people_of(may) if may else {}
    return [Recipient(found[one].email, one) for one in may if one in found]
