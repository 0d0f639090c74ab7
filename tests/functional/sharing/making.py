"""Views and members, as tests of sharing need them."""

from optiq.kernel.caller import OPERATOR, Caller
from optiq.kernel.manifest import Role
from optiq.reports.views import api as views
from optiq.reports.views.contracts import View
from optiq.tenancy.contracts import Member
from optiq.tenancy.stores import MEMBERS


def save_view(
    caller: Caller, site_id: str, *, name: str = "Channels", shared: bool = False, **question: object
) -> View:
    """A view of revenue by channel in January 2026, unless the question says otherwise."""
    asked = {"metrics": ["revenue"], "dimensions": ["channel"], "period": "2026-01-01..2026-01-31", **question}
    return views.create_view(caller, site_id, name=name, kind="QUESTION", question=asked, shared=shared)


def employ(organization_id: str, user_id: str, role: Role) -> Member:
    """Somebody who is a member of an organization from now on."""
    return MEMBERS.add(Caller.system(organization_id), Member(organization_id, user_id, role, OPERATOR, 0))
