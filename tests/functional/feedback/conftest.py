import pytest
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite


@pytest.fixture
def site(table: object) -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])
