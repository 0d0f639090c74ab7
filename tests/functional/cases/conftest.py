import pytest

from tests.functional.cases.shop import Shop


@pytest.fixture
def shop(table: object) -> Shop:
    return Shop()
