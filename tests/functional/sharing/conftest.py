"""A site with a lake of its own, and people of its organization."""

import pytest
from optiq.kernel.caller import OPERATOR, Caller
from optiq.kernel.manifest import Role
from optiq.kernel.permissions import ROLES
from optiq.reports.views import api as views
from optiq.reports.views.contracts import View
from optiq.sharing.shares.api import opening_limits
from optiq.tenancy.contracts import Member
from optiq.tenancy.stores import MEMBERS

from tests.functional.reports.conftest import SiteMaker, make_site
from tests.functional.reports.lake import Part, TestLake

__all__ = ["SiteMaker", "make_site"]


@pytest.fixture
def lake(make_site: SiteMaker) -> TestLake:
    """Two orders, through Email and Direct, on 10 January 2026."""
    lake = make_site()
    lake.write_credits(
        lake.credit("c1", "2026-01-10T12:00:00Z", [Part("Email", 0.5, 5_000_000), Part("Direct", 0.5, 5_000_000)]),
        lake.credit("c2", "2026-01-10T13:00:00Z", [Part("Email", 1.0, 4_000_000)]),
    )
    return lake


@pytest.fixture(autouse=True)
def _no_limit_of_an_earlier_test() -> None:
    opening_limits.cache_clear()


@pytest.fixture
def ada(organization_id: str) -> Caller:
    return Caller(organization_id, "user_ada", "user_ada", ROLES["ADMIN"])


@pytest.fixture
def bob(organization_id: str) -> Caller:
    return Caller(organization_id, "user_bob", "user_bob", ROLES["VIEWER"])


def save_view(
    caller: Caller, site_id: str, *, name: str = "Channels", shared: bool = False, **question: object
) -> View:
    """A view of revenue by channel in January 2026, unless the question says otherwise."""
    asked = {"metrics": ["revenue"], "dimensions": ["channel"], "period": "2026-01-01..2026-01-31", **question}
    return views.create_view(caller, site_id, name=name, kind="QUESTION", question=asked, shared=shared)


def employ(organization_id: str, user_id: str, role: Role) -> Member:
    """Somebody who is a member of an organization from now on."""
    return MEMBERS.add(Caller.system(organization_id), Member(organization_id, user_id, role, OPERATOR, 0))
