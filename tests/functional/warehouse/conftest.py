"""An organization with a lake of its own, and where it is copied to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.permissions import ROLES
from optiq.kernel.settings import settings
from optiq.warehouse import destinations

from tests.functional.reports.conftest import SiteMaker, make_site
from tests.functional.reports.lake import Part, TestLake
from tests.functional.warehouse.store import Store, running_store

__all__ = ["SiteMaker", "make_site"]


@pytest.fixture
def store() -> Iterator[Store]:
    with running_store() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warehouse"


@pytest.fixture(autouse=True)
def _destinations_of_this_test(folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    own = replace(settings(), warehouse_folder=str(folder), warehouse_endpoints=f"https://minio.example {store.url}")
    monkeypatch.setattr(destinations, "settings", lambda: own)


@pytest.fixture
def ada(organization_id: str) -> Caller:
    return Caller(organization_id, "user_ada", "user_ada", ROLES["ADMIN"])


@pytest.fixture
def lake(make_site: SiteMaker) -> TestLake:
    """Orders on three days."""
    lake = make_site()
    for number in range(3):
        order(lake, number)
    return lake


def order(lake: TestLake, number: int, *, day: int = 0, revision: int = 1, micros: int = 5_000_000) -> None:
    """An order through Email; with another revision, one that was there is another."""
    at = f"2026-01-{day or 10 + number}T12:00:00Z"
    lake.write_credits(lake.credit(f"order{number}", at, [Part("Email", 1.0, micros)], revision=revision))
