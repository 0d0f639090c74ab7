"""Who tests of organizations are about."""

import pytest

from tests.functional.identity.people import Someone
from tests.functional.tenancy.organizations import Company


@pytest.fixture
def company(table: object) -> Company:
    return Company()


@pytest.fixture
def someone(table: object) -> Someone:
    return Someone()
