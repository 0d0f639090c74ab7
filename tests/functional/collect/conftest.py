import pytest
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.pipeline import Pipeline


@pytest.fixture
def site(table: object) -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture
def pipeline(table: object) -> Pipeline:
    return Pipeline()
