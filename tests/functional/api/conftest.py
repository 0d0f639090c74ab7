"""A browser and an organization, for tests that ask every route."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from optiq.identity.people import admission

from tests.functional.identity.browser import Browser
from tests.functional.tenancy.organizations import Company


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


@pytest.fixture(scope="module")
def company(table: object) -> Company:
    return Company()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    opened = Browser(tmp_path)
    yield opened
    opened.close()
