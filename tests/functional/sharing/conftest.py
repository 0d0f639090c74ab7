"""A site with a lake of its own, and people of its organization."""

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.permissions import ROLES
from optiq.ports import wiring
from optiq.sharing.shares.api import opening_limits
from types_boto3_dynamodb import DynamoDBClient

from tests.functional.identity.people import Someone
from tests.functional.reports.conftest import SiteMaker, make_site
from tests.functional.reports.lake import Part, TestLake
from tests.functional.sharing.mailing import Carrier, caller_of, member
from tests.functional.sharing.making import save_view

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


@pytest.fixture
def ann(table: DynamoDBClient, lake: TestLake, organization_id: str) -> Someone:
    """A member with an address."""
    return member(organization_id)


@pytest.fixture
def maker(ann: Someone, organization_id: str) -> Caller:
    return caller_of(organization_id, ann)


@pytest.fixture
def view_id(maker: Caller, site_id: str) -> str:
    return save_view(maker, site_id).view_id


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    watched = Carrier(wiring.mailer())
    monkeypatch.setattr(wiring, "mailer", lambda: watched)
    return watched
