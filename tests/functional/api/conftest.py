"""A browser and an organization, for tests that ask every route."""

import pytest
from optiq.identity.people import admission

from tests.functional.tenancy.organizations import Company


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


@pytest.fixture(scope="module")
def company(table: object) -> Company:
    return Company()
