"""Who is told of a site's alerts."""

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


def recipients_of(settings: AlertSettings, rule: Rule, now_ms: int) -> list[Recipient]:
    """Members who still may see reports, then other addresses; who made the rule where the site names nobody."""
    wanted = list(settings.members)
    if not wanted and not settings.addresses and rule.owner_id.startswith(_PERSON):
        wanted = [rule.owner_id]
    may = [one for one in wanted if NEEDS in members.permissions_of(settings.organization_id, one, now_ms)]
    found = people.people_of(may) if may else {}
    told = [Recipient(found[one].email, one) for one in may if one in found]
    known = {one.email.lower() for one in told}
    return [*told, *(Recipient(address) for address in settings.addresses if address.lower() not in known)]
