"""What somebody who shared a report may still see: shared reports are read with the eyes of who shared them."""

from collections.abc import Collection

from optiq.kernel.caller import Caller
from optiq.kernel.errors import NotFoundError
from optiq.kernel.permissions import ORGANIZATION_KEY, ROLES
from optiq.tenancy import api as tenancy
from optiq.tenancy.members import api as members

_PERSON = "user_"


def still_sees(organization_id: str, site_id: str, owner_id: str, needs: Collection[str], now_ms: int) -> Caller | None:
    """Somebody as a caller of now, or None when they lost a permission or left, or the site is archived or gone.

    Args:
        owner_id: a person, or a key of the organization, which may do what every such key may.
    """
    try:
        site = tenancy.get_site(organization_id, site_id)
    except NotFoundError:
        return None
    is_person = owner_id.startswith(_PERSON)
    allowed = members.permissions_of(organization_id, owner_id, now_ms) if is_person else ROLES[ORGANIZATION_KEY]
    if site.status == "ARCHIVED" or not set(needs) <= allowed:
        return None
    return Caller(organization_id, owner_id, owner_id if is_person else "", allowed)
